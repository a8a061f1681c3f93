# SPDX-License-Identifier: Apache-2.0
#
# Makes edgepipe_nodes.rs, the list of our devicetree nodes that the crate edgepipe-devicetree reads.
# It is where zephyr-lang-rust has Cargo look for what the build generates.

set(EDGEPIPE_NODES ${BINARY_DIR_INCLUDE_GENERATED}/edgepipe_nodes.rs)

execute_process(
  COMMAND
    ${CMAKE_C_COMPILER} -E -P -x assembler-with-cpp -D_ASMLANGUAGE -imacros ${AUTOCONF_H}
      -I${ZEPHYR_BASE}/include -I${BINARY_DIR_INCLUDE_GENERATED}/.. ${CMAKE_CURRENT_LIST_DIR}/nodes.rs.in
  OUTPUT_VARIABLE nodes
  COMMAND_ERROR_IS_FATAL ANY
)
# Without what the headers declare.
string(FIND "${nodes}" "nodes!" begin REVERSE)
string(SUBSTRING "${nodes}" ${begin} -1 nodes)
# Written only when it changes, so that Cargo has nothing to do when it does not.
file(CONFIGURE OUTPUT ${EDGEPIPE_NODES} CONTENT "${nodes}" @ONLY)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS nodes.rs.in)
