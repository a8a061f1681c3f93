//! The instrument's thread on Zephyr. `CONFIG_EDGEPIPE_INSTRUMENT` starts it.
//!
//! With that option, the Zephyr module links this crate into an application in C. An application in Rust needs it as a
//! dependency:
//!
//! ```ignore
//! use edgepipe_instrument_zephyr as _;
//! ```
#![no_std]

mod port;
mod probe;
mod thread;
