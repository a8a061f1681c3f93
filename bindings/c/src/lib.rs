//! The C interface of edgepipe: the functions of `bindings/c/include/edgepipe/edgepipe.h`.
//!
//! For an application in C, the Zephyr module builds this crate and links it. An application in Rust
//! has it as a dependency when C code of its own, or the shell, is to use edgepipe:
//!
//! ```ignore
//! use edgepipe_c_api as _;
//! ```
//!
//! The interface is documented in the header, once.
#![no_std]

mod calls;
mod instance;
mod slot;
mod stats;
