//! The capturing end.

use core::fmt;

use crate::{
    ConfigError, Level, Readiness,
    channel::{Channel, Interrupts},
    sys::clock,
};

/// A capture that is running. It ends when this is closed or dropped.
///
/// Closing consumes it, so a closed capture cannot be used:
///
/// ```compile_fail
/// fn twice(capture: edgepipe::Capture) {
///     capture.close();
///     capture.close();
/// }
/// ```
pub struct Capture {
    channel: &'static Channel,
    interrupts: &'static dyn Interrupts,
}

impl Capture {
    pub(crate) const fn new(
        channel: &'static Channel,
        interrupts: &'static dyn Interrupts,
    ) -> Self {
        Self {
            channel,
            interrupts,
        }
    }

    /// Ends the capture: the lines interrupt no more, and every waiter wakes. Readers can still
    /// read what is pending; then they see end of file.
    ///
    /// ```
    /// # zephyr::sim::run(|| {
    /// # use edgepipe::{Config, Edge, EdgeDevice, Error, Level, Line, Readiness, Wake};
    /// # static DEVICE: EdgeDevice<8> = EdgeDevice::new();
    /// # let lines = [Line::new(zephyr::sim::gpio(0), 0, 0)];
    /// # let (capture, mut reader) = DEVICE.open(&lines, Config::DEFAULT).unwrap();
    /// capture.close();
    /// assert_eq!(reader.ready(), Some(Wake::Closed));
    /// assert_eq!(reader.read_edges(&mut [Edge::default(); 4]), Ok(0));
    /// # });
    /// ```
    ///
    /// # Context
    ///
    /// Thread only.
    pub fn close(self) {}

    /// Changes when the capture is ready. If it is by the new measure, waiters wake at once.
    ///
    /// ```
    /// # zephyr::sim::run(|| {
    /// # use edgepipe::{Config, Edge, EdgeDevice, Error, Level, Line, Readiness, Wake};
    /// # static DEVICE: EdgeDevice<8> = EdgeDevice::new();
    /// # let lines = [Line::new(zephyr::sim::gpio(0), 0, 0)];
    /// # let (capture, mut reader) = DEVICE.open(&lines, Config::DEFAULT).unwrap();
    /// capture.set_readiness(Readiness::Any)?;
    /// assert!(capture.set_readiness(Readiness::Records(9)).is_err(), "8 records fit");
    /// # Ok::<(), edgepipe::ConfigError>(())
    /// # }).unwrap();
    /// # zephyr::sim::run(|| {
    /// # });
    /// ```
    ///
    /// # Context
    ///
    /// Thread only, never blocks.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] for a threshold that is 0 or above the capacity; nothing changes.
    pub fn set_readiness(&self, readiness: Readiness) -> Result<(), ConfigError> {
        self.channel.set_readiness(readiness)
    }

    /// The time now, in nanoseconds, on the clock of [`Edge::timestamp_ns`](crate::Edge::timestamp_ns).
    ///
    /// ```
    /// # zephyr::sim::run(|| {
    /// # use edgepipe::{Config, Edge, EdgeDevice, Error, Level, Line, Readiness, Wake};
    /// # static DEVICE: EdgeDevice<8> = EdgeDevice::new();
    /// # let lines = [Line::new(zephyr::sim::gpio(0), 0, 0)];
    /// # let (capture, mut reader) = DEVICE.open(&lines, Config::DEFAULT).unwrap();
    /// use zephyr::time::{Duration, sleep};
    ///
    /// let before = capture.now_ns();
    /// sleep(Duration::millis_at_least(1));
    /// assert!(capture.now_ns() - before >= 1_000_000);
    /// # });
    /// ```
    ///
    /// # Context
    ///
    /// ISR or thread, never blocks.
    pub fn now_ns(&self) -> u64 {
        clock::ns_of_cycles(self.channel.now())
    }

    /// The level of `line` after its last edge, or when the capture began.
    ///
    /// [`Level::Low`] for a line that the capture does not have.
    ///
    /// ```
    /// # zephyr::sim::run(|| {
    /// # use edgepipe::{Config, Edge, EdgeDevice, Error, Level, Line, Readiness, Wake};
    /// # static DEVICE: EdgeDevice<8> = EdgeDevice::new();
    /// # let lines = [Line::new(zephyr::sim::gpio(0), 0, 0)];
    /// # let (capture, mut reader) = DEVICE.open(&lines, Config::DEFAULT).unwrap();
    /// assert_eq!(capture.level(0), Level::Low);
    /// # });
    /// ```
    ///
    /// # Context
    ///
    /// ISR or thread, never blocks.
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

impl fmt::Debug for Capture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Capture")
            .field("ledger", &self.channel.ledger())
            .finish_non_exhaustive()
    }
}
