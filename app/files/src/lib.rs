//! The common part of edgepipe's two programs for a PC: the host program, on the simulated kernel,
//! and the runner of Zephyr's `native_sim`.
//!
//! Both replay a recording into emulated GPIO and write the captured edges. This crate does all of
//! that except the kernel's part. So the same arguments give the same files, byte for byte, and the
//! same error messages:
//!
//! - [`Options`]: the command line;
//! - [`Stimulus`]: the VCD recording that is replayed;
//! - [`CaptureFile`]: the VCD file that is written;
//! - [`Summary`]: the report;
//! - [`Session`]: all four, in the order both programs use them;
//! - [`Progress`]: the host program's progress bar.
//!
//! The host program links this crate as it is. The runner links it as a C library, built by
//! `cargo rustc -p edgepipe-host --lib --crate-type staticlib` and declared in `edgepipe_host.h`;
//! see [`ffi`].
//!
//! # Errors
//!
//! There is one [`Error`] type: one line of text, with an exit status. Nothing here panics because
//! of the content of a file or a command line.

mod capture_file;
mod error;
#[cfg(unix)]
pub mod ffi;
mod interrupt;
mod options;
mod progress;
mod session;
mod stimulus;
mod summary;

pub use capture_file::CaptureFile;
pub use error::Error;
pub use options::{CAPACITY_MAX, Deliver, Options, Ready};
pub use progress::Progress;
pub use session::{Lines, Session};
pub use stimulus::{Event, Stimulus, TIME_MAX_US};
pub use summary::{Counts, Summary};

/// The most lines: a level mask has 32 bits, like a GPIO port of Zephyr.
pub const LINES_MAX: usize = 32;
