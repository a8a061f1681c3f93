//! The edgepipe application, the same in every world: capture lines, wait until the buffer is
//! ready, read, log each batch, count. Records are delivered through a pipe:
//!
//! ```text
//! gpio_callback -> ring -> k_pipe -> k_sem_give when full -> thread in k_poll -> k_pipe_read
//! ```
//!
//! A world's own program opens the device and supplies what differs: the source of the stimulus
//! ([`Stimulus`]), and what to do with each edge ([`Sink`]).
//!
//! | world | program | stimulus | edges go to |
//! |---|---|---|---|
//! | host, simulated kernel | `app/host/` | a VCD file, or built in | a VCD file |
//! | Zephyr on `native_sim` | `app/zephyr/` | a VCD file, or built in | a VCD file |
//! | Zephyr on QEMU | `app/zephyr/` | built in | the log |
//! | Zephyr on a board | `app/zephyr/` | the pins | the log |
#![no_std]

pub mod builtin;
mod emulator;
mod player;
mod reader;

pub use builtin::Builtin;
pub use emulator::EmulatedPin;
pub use player::{Origin, Pins, Player};
pub use reader::{Sink, Summary, read_all};

/// A change of one line's level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event {
    /// When, in microseconds from the beginning of the stimulus.
    pub at_us: u64,
    /// Which line.
    pub line: u8,
    /// Whether the line goes high.
    pub high: bool,
}

/// The source of a [`Player`]'s events, in the order of their times.
pub trait Stimulus: Send + 'static {
    /// The next event, or `None` at the end.
    ///
    /// # Context
    ///
    /// Called in an ISR.
    fn next(&mut self) -> Option<Event>;

    /// After the last event: when the stimulus ends, in microseconds from its beginning, if that is later.
    ///
    /// # Context
    ///
    /// Called in an ISR.
    fn end_us(&self) -> u64 {
        0
    }
}
