//! The common part of edgepipe's two programs for a PC: the host program, on the simulated kernel,
//! and the runner of Zephyr's `native_sim`.
//!
//! Both replay a recording into emulated GPIO and write the captured edges. This crate does all of
//! that except the kernel's part. So the same arguments give the same files, byte for byte, and the
//! same error messages:
//!
//! - [`Options`]: the command line;
//! - [`Recording`]: the recording that is replayed, of the crate `edgepipe-recording`;
//! - [`CaptureFile`]: the VCD file that is written;
//! - [`Report`]: the page to look at;
//! - [`Summary`]: the report;
//! - [`Session`]: all five, in the order both programs use them;
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
mod captured;
mod error;
#[cfg(unix)]
pub mod ffi;
pub mod interrupt;
mod loss_wire;
mod options;
mod progress;
mod report;
mod session;
mod summary;
mod timescale;
mod woken;

pub use capture_file::{CaptureFile, Header};
pub use captured::Captured;
pub use edgepipe_recording::{Recording, Stretch, TimeUnit, Wires};
pub use error::Error;
pub use options::{
    CAPACITY_MAX, Deliver, Options, Overflow, Plot, Ready, Trigger, check_ending, is_same_file,
};
pub use progress::Progress;
pub use report::{Report, waveforms};
pub use session::{Event, Lines, Session};
pub use summary::{Counts, LostBy, Missed, Summary};
pub use woken::Woken;

/// The most lines: a level mask has 32 bits, like a GPIO port of Zephyr.
pub const LINES_MAX: usize = 32;
