//! A GPIO line to capture.

use zephyr::raw;

use crate::{Trigger, sys::gpio::Pin};

/// The most lines one capture can have: a record has five bits for the line.
pub const LINES_MAX: usize = 32;

/// A GPIO line to capture, with its trigger and debouncing time.
///
/// ```
/// # let port = zephyr::sim::gpio(0);
/// use edgepipe::{Line, Trigger};
///
/// const GPIO_ACTIVE_LOW: u16 = 1;
/// let button = Line::new(port, 11, GPIO_ACTIVE_LOW).with_debounce_us(10_000);
/// let pulses = Line::new(port, 3, 0).with_trigger(Trigger::Rising);
/// # let _ = (button, pulses);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Line {
    pub(crate) pin: Pin,
    pub(crate) trigger: Trigger,
    /// Microseconds; 0 for none.
    pub(crate) debounce_us: u32,
}

impl Line {
    /// The line at `pin` of `port`, with devicetree flags such as `GPIO_ACTIVE_LOW`.
    pub const fn new(port: &'static raw::device, pin: u8, dt_flags: u16) -> Self {
        Self {
            pin: Pin::new(port, pin, dt_flags),
            trigger: Trigger::Both,
            debounce_us: 0,
        }
    }

    /// The same line, capturing the edges of `trigger` only.
    pub const fn with_trigger(mut self, trigger: Trigger) -> Self {
        self.trigger = trigger;
        self
    }

    /// The GPIO controller.
    pub fn port(&self) -> &'static raw::device {
        self.pin.port.device()
    }

    /// The pin's number at its controller.
    pub const fn pin(&self) -> u8 {
        self.pin.number
    }

    /// Whether an edge is recorded only once the level is stable.
    pub(crate) const fn is_debounced(&self) -> bool {
        self.debounce_us > 0
    }

    /// The same line, debounced: an edge is recorded once the level has been stable for `us`
    /// microseconds, with the time of the first interrupt. Edges of a level that does not last are
    /// not recorded; the ledger counts their interrupts as `bounces`.
    ///
    /// A debounced line interrupts at both edges; a trigger selects which of them are recorded. The
    /// resolution is one tick of Zephyr's system clock. 0 is no debouncing.
    pub const fn with_debounce_us(mut self, us: u32) -> Self {
        self.debounce_us = us;
        self
    }
}
