# SPDX-License-Identifier: Apache-2.0
#
# Makes edgepipe_nodes.rs, the list of our devicetree nodes that the crate edgepipe-devicetree reads.
# It is in the folder where zephyr-lang-rust's build scripts look for generated files.

set(EDGEPIPE_NODES ${BINARY_DIR_INCLUDE_GENERATED}/edgepipe_nodes.rs)

execute_process(
  COMMAND
    ${CMAKE_C_COMPILER} -E -P -x assembler-with-cpp -D_ASMLANGUAGE -imacros ${AUTOCONF_H}
      -I${ZEPHYR_BASE}/include -I${BINARY_DIR_INCLUDE_GENERATED}/.. ${CMAKE_CURRENT_LIST_DIR}/nodes.rs.in
  OUTPUT_VARIABLE nodes
  COMMAND_ERROR_IS_FATAL ANY
)
# Cut off the declarations of the headers.
string(FIND "${nodes}" "nodes!" begin REVERSE)
string(SUBSTRING "${nodes}" ${begin} -1 nodes)
# The file is written only when it changes; otherwise Cargo has nothing to do.
file(CONFIGURE OUTPUT ${EDGEPIPE_NODES} CONTENT "${nodes}" @ONLY)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS nodes.rs.in)
