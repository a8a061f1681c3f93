# SPDX-License-Identifier: Apache-2.0
#
# The Rust half. An application in Rust has it as a dependency of its own crate. For an application
# in C it is built here, from rustapp/. The two can be told apart only when the application's
# CMakeLists.txt has been read to the end.

set(EDGEPIPE_MODULE_DIR ${CMAKE_CURRENT_LIST_DIR} CACHE INTERNAL "")
set(EDGEPIPE_LIBRARY ${ZEPHYR_CURRENT_LIBRARY} CACHE INTERNAL "")

function(edgepipe_build_rust)
  # As in a subdirectory; none can be added any more.
  set(CMAKE_CURRENT_SOURCE_DIR ${EDGEPIPE_MODULE_DIR}/rustapp)
  set(CMAKE_CURRENT_BINARY_DIR ${CMAKE_BINARY_DIR}/modules/edgepipe)
  edgepipe_cargo_application()
  # Otherwise every build would lint the library, with a Clippy that may not be installed. Zephyr's own
  # manifest has a zephyr-lang-rust that lints nothing.
  if(TARGET clippy)
    set_target_properties(clippy PROPERTIES EXCLUDE_FROM_ALL TRUE)
  endif()
  # zephyr-lang-rust brings a main() that calls rust_main(). The application has its own.
  set_source_files_properties($CACHE{RUST_MODULE_DIR}/main.c
    TARGET_DIRECTORY app PROPERTIES COMPILE_DEFINITIONS main=edgepipe_unused_main)
endfunction()

function(edgepipe_link_rust)
  if(NOT TARGET librustapp)
    edgepipe_build_rust()
  endif()
  # nodes.c reports errors in the devicetree in plain words. So it is compiled before Rust, whose
  # errors are worse.
  add_dependencies(librustapp ${EDGEPIPE_LIBRARY})
endfunction()

cmake_language(DEFER DIRECTORY ${APPLICATION_SOURCE_DIR} CALL edgepipe_link_rust)
