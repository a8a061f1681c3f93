# SPDX-License-Identifier: Apache-2.0
#
# native_sim only: the command line options and the file formats of the host program, built as a
# static library for the host and linked into the runner, beside Zephyr rather than into it.

set(HOST_DIR ${CMAKE_CURRENT_LIST_DIR}/../files)
set(HOST_TARGET_DIR ${CMAKE_CURRENT_BINARY_DIR}/host)
set(HOST_LIBRARY ${HOST_TARGET_DIR}/release/libedgepipe_host.a)

# Only Cargo knows whether anything has changed, so it always runs.
add_custom_target(edgepipe_host
  COMMAND
    ${CMAKE_COMMAND} -E env --unset=CARGO_BUILD_TARGET
    cargo rustc --release --locked --lib --crate-type staticlib
      --manifest-path ${HOST_DIR}/Cargo.toml --target-dir ${HOST_TARGET_DIR}
  BYPRODUCTS ${HOST_LIBRARY}
  USES_TERMINAL
  COMMENT "Building the host's side"
)
add_dependencies(native_runner_executable edgepipe_host)

target_sources(native_simulator INTERFACE ${CMAKE_CURRENT_LIST_DIR}/src/host_options.c)
target_compile_options(native_simulator INTERFACE -I${HOST_DIR})
set_property(TARGET native_simulator APPEND PROPERTY RUNNER_LINK_LIBRARIES ${HOST_LIBRARY})

include(${CMAKE_CURRENT_LIST_DIR}/../../zephyr/native_sim/skip_ticks.cmake)
