//! A GPIO line to capture.

use zephyr::raw;

use crate::sys::gpio::Pin;

/// The most lines one capture can have: a record has five bits for the line.
pub const LINES_MAX: usize = 32;

/// Which edges of a line are captured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Trigger {
    /// Rising and falling edges.
    #[default]
    Both,
    /// Edges to the active level only.
    Rising,
    /// Edges to the inactive level only.
    Falling,
}

/// A GPIO line to capture, with what to capture of it.
#[derive(Clone, Copy, Debug)]
pub struct Line {
    pub(crate) pin: Pin,
    pub(crate) trigger: Trigger,
}

impl Line {
    /// The line at `pin` of `port`, with devicetree flags such as `GPIO_ACTIVE_LOW`.
    pub const fn new(port: &'static raw::device, pin: u8, dt_flags: u16) -> Self {
        Self {
            pin: Pin::new(port, pin, dt_flags),
            trigger: Trigger::Both,
        }
    }

    /// The same line, capturing the edges of `trigger` only.
    pub const fn with_trigger(mut self, trigger: Trigger) -> Self {
        self.trigger = trigger;
        self
    }
}
