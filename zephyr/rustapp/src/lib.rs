//! The static library that the Zephyr module links into applications in C.
#![no_std]

use edgepipe_c_api as _;
#[cfg(feature = "instrument")]
use edgepipe_instrument_zephyr as _;

/// Never called (see `rust.cmake`), but zephyr-lang-rust's `main.c` refers to it.
#[no_mangle]
extern "C" fn rust_main() {}
