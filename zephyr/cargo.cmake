# SPDX-License-Identifier: Apache-2.0
#
# edgepipe_cargo_application() is rust_cargo_application(), but the build writes nothing into the source tree.
#
# Cargo writes its lock file beside the manifest, and each revision of zephyr-lang-rust has dependencies of its
# own to write there. So Cargo is run in the build folder, on copies of the manifest and of the lock file.

# Copies a manifest, with the crate's default features from EDGEPIPE_FEATURES. What else Cargo looks for in the folder is
# linked.
function(edgepipe_copy_manifest from to member)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${from}/Cargo.toml)
  file(READ ${from}/Cargo.toml manifest)
  string(REPLACE "path = \".." "path = \"${from}/.." manifest "${manifest}")
  string(REGEX REPLACE "members = \\[[^]]*\\]" "members = [${member}]" manifest "${manifest}")
  string(REPLACE "default = []" "default = [${EDGEPIPE_FEATURES}]" manifest "${manifest}")
  # The file is written only when it changes; otherwise Cargo has nothing to do.
  file(CONFIGURE OUTPUT ${to}/Cargo.toml CONTENT "${manifest}" @ONLY)
  foreach(entry IN ITEMS src build.rs .cargo rust-toolchain.toml)
    if(EXISTS ${from}/${entry})
      file(CREATE_LINK ${from}/${entry} ${to}/${entry} SYMBOLIC)
    endif()
  endforeach()
endfunction()

# zephyr-lang-rust refuses CONFIG_USERSPACE, because a thread in user mode cannot mask interrupts, and its crate `zephyr` would
# not notice. Our Rust code runs in supervisor mode only, and src/sys/lock.rs checks that. So Rust gets a copy of
# .config without that line, and CONFIG_EDGEPIPE_USER tells the library. What the headers of C say is not changed.
function(edgepipe_hide_user_mode copy)
  file(READ ${DOTCONFIG} options)
  string(REPLACE "\nCONFIG_USERSPACE=y\n" "\n" options "${options}")
  file(CONFIGURE OUTPUT ${copy} CONTENT "${options}" @ONLY)
endfunction()

function(edgepipe_cargo_application)
  set(application ${CMAKE_CURRENT_SOURCE_DIR})
  set(copy ${CMAKE_CURRENT_BINARY_DIR}/cargo)
  cmake_path(GET application PARENT_PATH workspace)
  if(NOT EXISTS ${application}/Cargo.lock AND EXISTS ${workspace}/Cargo.lock)
    # A member of a workspace, alone.
    cmake_path(GET application FILENAME member)
    edgepipe_copy_manifest(${workspace} ${copy} "\"${member}\"")
    edgepipe_copy_manifest(${application} ${copy}/${member} "")
  else()
    set(workspace ${application})
    set(member .)
    edgepipe_copy_manifest(${application} ${copy} "")
  endif()

  # Where Cargo has changed the copy since, it stays.
  set(lock ${workspace}/Cargo.lock)
  if(EXISTS ${lock})
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${lock})
    if(${lock} IS_NEWER_THAN ${copy}/Cargo.lock)
      file(COPY ${lock} DESTINATION ${copy})
    endif()
  endif()

  if(CONFIG_USERSPACE)
    edgepipe_hide_user_mode(${copy}/.config)
    set(DOTCONFIG ${copy}/.config)
  endif()
  set(CMAKE_CURRENT_SOURCE_DIR ${copy}/${member})
  rust_cargo_application()
endfunction()
