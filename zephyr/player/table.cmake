# SPDX-License-Identifier: Apache-2.0
#
# Makes a table in C of the recording.

# The enabled node; nodes.c refuses a second one.
dt_comp_path(players COMPATIBLE "edgepipe,player")
foreach(player IN LISTS players)
  dt_node_has_status(enabled PATH ${player} STATUS okay)
  if(enabled)
    dt_prop(wire_names PATH ${player} PROPERTY wire-names)
  endif()
endforeach()

set(HOST_TARGET_DIR ${CMAKE_CURRENT_BINARY_DIR}/host)
set(TABLE_PROGRAM ${HOST_TARGET_DIR}/debug/edgepipe-player-table)
set(TABLE ${CMAKE_CURRENT_BINARY_DIR}/edgepipe_player_table.h)

# Both always run, and leave alone what is up to date. The Rust flags and target of the firmware are not the host's.
add_custom_target(edgepipe_player_table
  COMMAND
    ${CMAKE_COMMAND} -E env --unset=CARGO_BUILD_TARGET --unset=RUSTFLAGS
    cargo build --quiet --locked --bin edgepipe-player-table
      --manifest-path ${CMAKE_CURRENT_LIST_DIR}/host/Cargo.toml --target-dir ${HOST_TARGET_DIR}
  COMMAND ${TABLE_PROGRAM} ${stimulus} ${TABLE} ${wire_names}
  BYPRODUCTS ${TABLE_PROGRAM} ${TABLE}
  VERBATIM
  COMMENT "Making a table of ${stimulus}"
)
add_dependencies(${ZEPHYR_CURRENT_LIBRARY} edgepipe_player_table)
zephyr_library_include_directories(${CMAKE_CURRENT_BINARY_DIR})
