//! GPIO data captured in interrupt context, delivered to a thread when the buffer is full.
//!
//! A device raises an interrupt when data arrives at a GPIO. The interrupt handler writes a
//! [`record`] into a buffer backed by a Zephyr `k_pipe`; when that buffer is *ready* (full,
//! or past a threshold) it gives a semaphore; a thread that waits for it in `k_poll` wakes and
//! reads. Plain blocking reads and non-blocking reads work on the same buffer at the same time.
//!
//! ```
//! # zephyr::sim::run(|| {
//! use edgepipe::{Config, Edge, EdgeDevice, Line};
//! use embedded_io::Read;
//! use zephyr::time::Duration;
//!
//! // The buffer, its semaphores and the interrupt callbacks live here, for ever.
//! static BUTTONS: EdgeDevice<64> = EdgeDevice::new();
//!
//! # let port = zephyr::sim::gpio(0);
//! let lines = [Line::new(port, 3, 0)];
//! let (capture, mut reader) = BUTTONS.open(&lines, Config::default())?;
//!
//! // Sleep until 64 edges are pending, or two seconds have passed.
//! match reader.wait_ready(Duration::millis_at_least(2_000)) {
//!     Ok(wake) => println!("woken: {wake:?}"),
//!     Err(error) => println!("nothing yet: {error}"),
//! }
//!
//! // End the capture; what is pending can still be read, then comes end of file.
//! capture.close();
//! let mut edges = [Edge::default(); 8];
//! assert_eq!(reader.read_edges(&mut edges)?, 0);
//! # Ok::<(), edgepipe::OpenError>(())
//! # }).unwrap();
//! ```
//!
//! # Layers
//!
//! A layer calls only the one below it: [`Reader`] → `channel` → `sys`, and from the other side
//! `source` (the interrupt handler) → `channel` → `sys`. All `unsafe` code of the library is in
//! `sys`.
//!
//! # Clock
//!
//! Time stamps come from Zephyr's cycle counter (`k_cycle_get_32`), extended to 64 bits and
//! converted to nanoseconds. The resolution is one cycle, 1 s / `CONFIG_SYS_CLOCK_HW_CYCLES_PER_SEC`.
#![no_std]

mod capture;
mod channel;
mod config;
mod device;
mod error;
#[cfg(feature = "fd")]
mod fd;
mod ledger;
mod line;
mod poller;
mod reader;
#[cfg(feature = "async")]
mod reader_async;
mod reader_edges;
pub mod record;
mod source;
pub mod sys;

pub use capture::Capture;
use config::LineError;
pub use config::{BLOCK_DEFAULT, Config, ConfigError, OpenError, Overflow, Readiness};
pub use device::{EdgeDevice, StrobeDevice};
pub use error::Error;
#[cfg(feature = "fd")]
pub use fd::RawFd;
pub use ledger::{Ledger, Lost, Missed, Wake};
pub use line::{LINES_MAX, Line, Trigger};
pub use poller::{Event, PollSet, Poller, Token, Waker};
pub use reader::Reader;
pub use record::{Edge, Level, RECORD_BYTES};

/// Tests the example in the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
