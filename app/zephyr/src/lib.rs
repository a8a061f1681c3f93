//! The edgepipe application on Zephyr: devicetree to library to log.
#![no_std]
#![expect(unexpected_cfgs, reason = "the switches come from Kconfig")]

#[cfg(CONFIG_EDGEPIPE_STIMULUS)]
#[path = "emulated.rs"]
mod world;
#[cfg(not(CONFIG_EDGEPIPE_STIMULUS))]
#[path = "board.rs"]
mod world;

#[cfg(CONFIG_EDGEPIPE_HOST_FILES)]
#[path = "host_files.rs"]
mod files;
#[cfg(all(CONFIG_EDGEPIPE_STIMULUS, not(CONFIG_EDGEPIPE_HOST_FILES)))]
#[path = "no_files.rs"]
mod files;

#[no_mangle]
extern "C" fn rust_main() {
    // SAFETY: no other thread runs yet that could log. The only error is that there is a logger.
    let _ = unsafe { zephyr::set_logger() };
    world::run(edgepipe_devicetree::edges!(labels::capture));
}
