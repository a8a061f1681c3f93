//! The capturing end.

use zephyr::time::Duration;

use crate::channel::{Channel, Interrupts};
use crate::{ConfigError, Level, Readiness};

/// A running capture. It ends when it is closed or dropped. Closing consumes it, so a closed capture cannot be used.
///
/// # Context
///
/// [`close`](Self::close): thread only. [`set_readiness`](Self::set_readiness) and
/// [`set_idle_after`](Self::set_idle_after): thread only, never block. [`now_ns`](Self::now_ns) and [`level`](Self::level): ISR or thread, never block.
pub struct Capture {
    pub(crate) channel: &'static Channel,
    pub(crate) interrupts: &'static dyn Interrupts,
}

impl Capture {
    /// Ends the capture: its lines stop interrupting, and every waiter wakes. Pending records can still be read; after
    /// them, reads return end of file.
    pub fn close(self) {}

    /// Changes when the capture is ready. If it is ready now, waiters wake at once.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] for a threshold that is 0 or above the capacity; nothing changes.
    pub fn set_readiness(&self, readiness: Readiness) -> Result<(), ConfigError> {
        self.channel.set_readiness(readiness)
    }

    /// Changes the idle time: [`Config::idle_after`](crate::Config::idle_after). It counts from the newest pending
    /// record, and waiters wake at once if it has passed.
    ///
    /// # Errors
    ///
    /// [`ConfigError::IdleAfterZero`] for less than a tick; nothing changes.
    pub fn set_idle_after(&self, time: Option<Duration>) -> Result<(), ConfigError> {
        self.channel.set_idle_after(time)
    }

    /// The time now, in nanoseconds, on the clock of [`Edge::timestamp_ns`](crate::Edge::timestamp_ns).
    pub fn now_ns(&self) -> u64 {
        let (now, clock) = self.channel.now();
        clock.to_ns().scale(now)
    }

    /// The level of `line` after its last edge, or when the capture began; [`Level::Low`] for a line
    /// that the capture does not have.
    pub fn level(&self, line: u8) -> Level {
        Level::from(self.channel.levels().checked_shr(line.into()).unwrap_or(0) & 1 == 1)
    }
}

impl Drop for Capture {
    fn drop(&mut self) {
        self.interrupts.stop();
        self.channel.close();
        self.channel.release();
    }
}

opaque_debug!([] Capture, |capture| capture.channel.ledger());
