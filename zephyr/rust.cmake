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
  if(CONFIG_EDGEPIPE_INSTRUMENT)
    set(EDGEPIPE_FEATURES "\"instrument\"")
  endif()
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

# zephyr-lang-rust, up to ab3e546, has build scripts that Cargo runs only once: its crate `zephyr` has one, and so may the
# application's crates. With another clock rate in Kconfig, times would be wrong, with another devicetree, nodes would be,
# and a `cfg` of either would stay as it was. So Cargo is made to run the build scripts again when either has changed.
function(edgepipe_forget_build_scripts target_dir)
  set(inputs)
  foreach(file IN ITEMS ${DOTCONFIG} ${ZEPHYR_DTS})
    file(SHA256 ${file} hash)
    string(APPEND inputs "${hash} ${file}\n")
  endforeach()
  set(stamp ${target_dir}/edgepipe-inputs)
  if(EXISTS ${stamp})
    file(READ ${stamp} built)
    if(NOT built STREQUAL inputs)
      file(GLOB fingerprints ${target_dir}/*/*/.fingerprint/*/run-build-script-*)
      if(fingerprints)
        file(REMOVE ${fingerprints})
      endif()
    endif()
  endif()
  file(WRITE ${stamp} "${inputs}")
endfunction()

function(edgepipe_link_rust)
  if(TARGET librustapp)
    get_target_property(rust_dir librustapp BINARY_DIR)
  else()
    edgepipe_build_rust()
    set(rust_dir ${CMAKE_BINARY_DIR}/modules/edgepipe)
  endif()
  edgepipe_forget_build_scripts(${rust_dir}/rust/target)
  # nodes.c reports errors in the devicetree in plain words. So it is compiled before Rust, whose
  # errors are worse.
  add_dependencies(librustapp ${EDGEPIPE_LIBRARY})
endfunction()

cmake_language(DEFER DIRECTORY ${APPLICATION_SOURCE_DIR} CALL edgepipe_link_rust)
