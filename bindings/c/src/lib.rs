//! The C interface of edgepipe: the functions of `bindings/c/include/edgepipe/edgepipe.h`.
//!
//! For an application in C, the Zephyr module builds this crate and links it. An application in Rust
//! needs it as a dependency if its C code, or the shell, uses edgepipe:
//!
//! ```ignore
//! use edgepipe_c_api as _;
//! ```
//!
//! The interface is documented in the header only.
#![no_std]

mod calls;
mod edge;
mod instance;
mod places;
mod sample;
mod slot;
mod stats;
mod together;
mod user;
