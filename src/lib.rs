//! GPIO data captured in interrupt context, delivered to a thread when the buffer is full.
//!
//! A device raises an interrupt when data arrives at a GPIO. The interrupt handler writes a [`record`] into a ring.
//! When the ring is *ready* (full, or at a threshold), the handler gives a semaphore, and a thread that waits for it
//! wakes and reads. Blocking and non-blocking reads work on the same capture at the same time.
//!
//! ```text
//! gpio_callback -> ring -> k_sem_give when full -> thread -> read                   direct
//! gpio_callback -> ring -> k_pipe -> k_sem_give when full -> thread in k_poll -> k_pipe_read
//! ```
//!
//! The second way, [`Delivery::Pipe`], is for captures that other code reads too.
//!
//! ```
//! # zephyr::sim::run(|| {
//! use edgepipe::{Config, Edge, EdgeDevice, Line};
//! use embedded_io::Read;
//! use zephyr::time::Duration;
//!
//! // The memory of the buffer, its semaphores and the interrupt callbacks.
//! static BUTTONS: EdgeDevice<64> = EdgeDevice::new();
//!
//! # let port = zephyr::sim::gpio(0);
//! let lines = [Line::new(port, 3, 0)];
//! let (capture, mut reader) = BUTTONS.open(&lines, Config::default())?;
//!
//! // Sleep until the capture is full (48 edges, with room for 16 more), or two seconds have passed.
//! match reader.wait_ready(Duration::millis_at_least(2_000)) {
//!     Ok(wake) => println!("woken: {wake:?}"),
//!     Err(error) => println!("nothing yet: {error}"),
//! }
//!
//! // End the capture. Pending edges can still be read; after them, reads return end of file.
//! capture.close();
//! let mut edges = [Edge::default(); 8];
//! assert_eq!(reader.read_edges(&mut edges)?, 0);
//! # Ok::<(), edgepipe::OpenError>(())
//! # }).unwrap();
//! ```
//!
//! # Layers
//!
//! [`Reader`], [`Poller`] and `source`, the interrupt handlers, are above `channel`; `channel` is above `sys`. All
//! `unsafe` code of the library is in `sys`.
//!
//! # Clock
//!
//! Time stamps come from Zephyr's cycle counter (`k_cycle_get_32`) or, with `CONFIG_EDGEPIPE_CLOCK`, from the [`Clock`]
//! that a capture names, such as a timer of the chip. They are extended to 64 bits and converted to nanoseconds. The
//! resolution of the cycle counter is 1 s / `CONFIG_SYS_CLOCK_HW_CYCLES_PER_SEC`.
#![no_std]

// The host, with the simulated kernel.
#[cfg(not(target_os = "none"))]
extern crate std;

/// Implements `Debug` without the fields; for a capture, with its ledger.
macro_rules! opaque_debug {
    ([$($generics:tt)*] $name:ident $(<$($arg:ident),*>)? $(, |$this:ident| $ledger:expr)?) => {
        impl<$($generics)*> core::fmt::Debug for $name $(<$($arg),*>)? {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                $(let $this = self;)?
                f.debug_struct(stringify!($name))
                    $(.field("ledger", &$ledger))?
                    .finish_non_exhaustive()
            }
        }
    };
}

/// Implements `Default` by `new`, and `Debug` by [`opaque_debug`], for the types of `static`s.
macro_rules! static_traits {
    ($name:ident $(<$($size:ident),*>)? $(, |$this:ident| $ledger:expr)?) => {
        impl $(<$(const $size: usize),*>)? Default for $name $(<$($size),*>)? {
            fn default() -> Self {
                Self::new()
            }
        }

        opaque_debug!([$($(const $size: usize),*)?] $name $(<$($size),*>)? $(, |$this| $ledger)?);
    };
}

mod capture;
mod channel;
mod clock;
mod config;
mod device;
mod error;
mod ledger;
mod line;
mod poller;
mod reader;
pub mod record;
mod sample;
mod source;
// Public for the tests, which use its clock and its timers; no part of the API.
#[doc(hidden)]
pub mod sys;
mod trigger;

pub use capture::Capture;
#[doc(hidden)]
pub use channel::Signal;
pub use channel::WeakReader;
#[cfg(all(edgepipe_clock, target_os = "none"))]
pub use clock::CoreCounter;
pub use clock::{Clock, ClockError};
#[cfg(edgepipe_clock)]
pub use clock::{Counter, Rate};
use config::LineError;
pub use config::{Config, ConfigError, Delivery, HEADROOM_MAX, OpenError, Overflow, Readiness};
pub use device::{EdgeDevice, StrobeDevice};
pub use error::Error;
pub use ledger::{Ledger, Lost, Missed, Wake};
pub use line::{LINES_MAX, Line};
pub use poller::{Event, PollSet, Poller, Token, Waker};
#[cfg(feature = "fd")]
pub use reader::RawFd;
pub use reader::{Bytes, Decoder, Pulse, Pulses, Reader};
pub use record::{Edge, Gap, Level, RECORD_BYTES};
pub use sample::{Sample, Timed};
#[cfg(all(edgepipe_clock, target_os = "none"))]
pub use sys::counter::CounterDevice;
pub use trigger::Trigger;

#[cfg(test)]
#[path = "../tests/unit/mod.rs"]
mod unit;

/// Tests that the examples in the documents work, and that misuse does not compile.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
#[doc = include_str!("../docs/alternatives.md")]
#[doc = include_str!("../docs/c.md")]
#[doc = include_str!("../docs/howto.md")]
#[doc = include_str!("../docs/linux.md")]
#[doc = include_str!("../docs/replay.md")]
#[doc = include_str!("../docs/zephyr.md")]
#[doc = include_str!("../tests/unit/does_not_compile.md")]
struct Documents;
