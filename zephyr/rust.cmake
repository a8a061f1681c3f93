# SPDX-License-Identifier: Apache-2.0
#
# The Rust half. An application in Rust brings it, as a dependency of its own crate. For one in C it
# is built here, from rustapp/. Which it is shows when its CMakeLists.txt has been read to the end.

set(EDGEPIPE_MODULE_DIR ${CMAKE_CURRENT_LIST_DIR} CACHE INTERNAL "")
set(EDGEPIPE_LIBRARY ${ZEPHYR_CURRENT_LIBRARY} CACHE INTERNAL "")

function(edgepipe_build_rust)
  # As in a subdirectory, which cannot be added any more.
  set(CMAKE_CURRENT_SOURCE_DIR ${EDGEPIPE_MODULE_DIR}/rustapp)
  set(CMAKE_CURRENT_BINARY_DIR ${CMAKE_BINARY_DIR}/modules/edgepipe)
  rust_cargo_application()
  # It is the library that would be linted, in every build, with a Clippy that may not be there.
  set_target_properties(clippy PROPERTIES EXCLUDE_FROM_ALL TRUE)
  # zephyr-lang-rust brings a main() that calls rust_main(). The application has its own.
  set_source_files_properties($CACHE{RUST_MODULE_DIR}/main.c
    TARGET_DIRECTORY app PROPERTIES COMPILE_DEFINITIONS main=edgepipe_unused_main)
endfunction()

function(edgepipe_link_rust)
  if(NOT TARGET librustapp)
    edgepipe_build_rust()
  endif()
  # What is wrong in the devicetree is said by nodes.c, in plain words, before Rust stumbles over it.
  add_dependencies(librustapp ${EDGEPIPE_LIBRARY})
endfunction()

cmake_language(DEFER DIRECTORY ${APPLICATION_SOURCE_DIR} CALL edgepipe_link_rust)
