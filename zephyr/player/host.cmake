# SPDX-License-Identifier: Apache-2.0
#
# Builds the host's side as a static library, and links it into the runner.

set(HOST_DIR ${CMAKE_CURRENT_LIST_DIR}/host)
set(HOST_TARGET_DIR ${CMAKE_CURRENT_BINARY_DIR}/host)
if(CONFIG_64BIT)
  set(HOST_OPTIONS)
  set(HOST_LIBRARY ${HOST_TARGET_DIR}/release/libedgepipe_player.a)
else()
  # The runner has 32 bits, too.
  set(HOST_OPTIONS --target i686-unknown-linux-gnu)
  set(HOST_LIBRARY ${HOST_TARGET_DIR}/i686-unknown-linux-gnu/release/libedgepipe_player.a)
endif()

# Only Cargo knows whether anything has changed, so it always runs. Each build folder has a library of
# its own, so one that is built soon is better than one that is a little faster.
add_custom_target(edgepipe_player_host
  COMMAND
    ${CMAKE_COMMAND} -E env --unset=CARGO_BUILD_TARGET
      CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16
    cargo rustc --release --locked --lib --crate-type staticlib ${HOST_OPTIONS}
      --manifest-path ${HOST_DIR}/Cargo.toml --target-dir ${HOST_TARGET_DIR}
  BYPRODUCTS ${HOST_LIBRARY}
  USES_TERMINAL
  COMMENT "Building the player's host side"
)
# The runner itself is no target yet. It is linked after the image, of which this is a part.
add_dependencies(${ZEPHYR_CURRENT_LIBRARY} edgepipe_player_host)

target_sources(native_simulator INTERFACE ${CMAKE_CURRENT_LIST_DIR}/runner.c)
target_compile_options(native_simulator INTERFACE -I${HOST_DIR})
set_property(TARGET native_simulator APPEND PROPERTY RUNNER_LINK_LIBRARIES ${HOST_LIBRARY})
