//! The part of zephyr-lang-rust's `zephyr` crate that edgepipe uses, over a simulated kernel.
//!
//! On Zephyr these paths reach the C kernel. Here they reach a deterministic single-CPU kernel with
//! virtual time, threads, interrupts and emulated GPIO, so that the same source runs under `cargo
//! test`. [`sim`] starts a kernel and controls it; everything else has the real crate's path and
//! signature. `README.md` says what is modelled, what is simplified and what is absent.
//!
//! ```
//! use zephyr::time::{Duration, now, sleep};
//!
//! let slept = zephyr::sim::run(|| {
//!     let start = now();
//!     sleep(Duration::from_ticks(10));
//!     now() - start
//! });
//! // Zephyr rounds a relative time-out up by one tick.
//! assert_eq!(slept.ticks(), 11);
//! ```

mod coroutine;
pub mod error;
mod explore;
mod kernel;
pub mod logging;
pub mod printk;
pub mod raw;
mod schedule;
pub mod sim;
pub mod sync;
pub mod sys;
pub mod time;

pub use error::{Error, Result};
pub use logging::set_logger;

pub mod kconfig {
    //! The configuration of the simulated build: that of the project's `native_sim` build.

    /// Cycles a second of the cycle counter: one cycle is one microsecond.
    pub const CONFIG_SYS_CLOCK_HW_CYCLES_PER_SEC: isize = 1_000_000;

    /// Ticks a second of the system clock: one tick is one cycle.
    pub const CONFIG_SYS_CLOCK_TICKS_PER_SEC: isize = 1_000_000;
}

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
