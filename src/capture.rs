//! The capturing end.

use zephyr::time::Duration;

use crate::channel::{Channel, Pause};
use crate::source::control::Lines;
use crate::{ConfigError, Error, Level, Line, Readiness, Trigger};

/// A running capture. It ends when it is closed or dropped. Closing consumes it, so a closed capture cannot be used. What
/// changes its lines takes it exclusively: threads that share a capture need a mutex for that.
///
/// # Context
///
/// [`close`](Self::close), [`pause`](Self::pause), [`resume`](Self::resume), [`drive`](Self::drive),
/// [`release`](Self::release), [`set_trigger`](Self::set_trigger): thread only; they block if a GPIO driver does.
/// [`set_readiness`](Self::set_readiness) and [`set_idle_after`](Self::set_idle_after): thread only, never block.
/// [`flush`](Self::flush), [`now_ns`](Self::now_ns) and [`level`](Self::level): ISR or thread, never block.
pub struct Capture {
    pub(crate) channel: &'static Channel,
    pub(crate) lines: &'static dyn Lines,
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

    /// Makes what is pending ready at once, as if its [flush time](crate::Config::flush_after) had passed, and until
    /// nothing is pending any more: waiters wake with [`Wake::Deadline`](crate::Wake::Deadline). No effect if nothing is
    /// pending. For an application that knows, from somewhere else, that a frame is over.
    ///
    /// ```
    /// # zephyr::sim::run(|| {
    /// # use edgepipe::{Config, EdgeDevice, Line, Wake};
    /// # static DEVICE: EdgeDevice<128> = EdgeDevice::new();
    /// # let line = Line::new(zephyr::sim::gpio(0), 0, 0);
    /// # let (capture, reader) = DEVICE.open(&[line], Config::DEFAULT).unwrap();
    /// capture.flush();
    /// assert_eq!(reader.ready(), None, "nothing is pending");
    /// # });
    /// ```
    pub fn flush(&self) {
        self.channel.flush();
    }

    /// Changes which edges of a captured line count. What is pending stays pending. The line's interrupt is off for a
    /// moment, so a hole is marked, as after a [pause](Self::resume). A debounced line stays on, and has no hole.
    ///
    /// # Errors
    ///
    /// - [`Error::INVALID_INPUT`] if the capture does not capture the edges of the line.
    /// - [`Error::BUSY`] while the line is driven: [`release`](Self::release) takes the trigger of the line that it gets.
    /// - [`Error::SUSPENDED`] while the capture's device is.
    /// - A controller's error; then the line is not captured until [`release`](Self::release).
    pub fn set_trigger(&mut self, line: &Line, trigger: Trigger) -> Result<(), Error> {
        let _change = self.channel.change_awake()?;
        self.lines
            .sources()
            .set_trigger(self.channel, line, trigger)
    }

    /// Pauses the capture: edges are neither stored nor counted until [`resume`](Self::resume). What is pending can be
    /// read. No effect while it is paused. A capture that is paused stays so if its device is suspended and resumed.
    pub fn pause(&mut self) {
        let _change = self.channel.change();
        self.lines.sources().pause(self.channel, Pause::Application);
    }

    /// Ends a pause. The hole is marked: the next edge has it as its [`gap`](crate::Edge::gap), with the levels after
    /// it and 0 lost edges; a read of samples ends there ([`Reader::gap`](crate::Reader::gap)). No effect unless it is
    /// paused.
    ///
    /// # Errors
    ///
    /// A controller's error, or [`Error::SUSPENDED`] while its device or a controller is; then the capture is still
    /// paused.
    pub fn resume(&mut self) -> Result<(), Error> {
        let _change = self.channel.change_awake()?;
        if !self.channel.is_paused() {
            return Ok(());
        }
        let sources = self.lines.sources();
        let resumed = sources.resume(self.channel, Pause::Application, self.lines);
        resumed.map_err(|refused| refused.error)
    }

    /// Makes a captured line an output at `level`, such as for the start signal of a one-wire sensor. It is not
    /// captured until [`release`](Self::release); the other lines are. It may be called again, for another level.
    ///
    /// ```
    /// # zephyr::sim::run(|| {
    /// # use edgepipe::{Config, EdgeDevice, Error, Level, Line};
    /// # use zephyr::time::{Duration, sleep};
    /// # static SENSOR: EdgeDevice<128> = EdgeDevice::new();
    /// # let line = Line::new(zephyr::sim::gpio(0), 0, 0);
    /// # let (mut capture, mut reader) = SENSOR.open(&[line], Config::DEFAULT).unwrap();
    /// // A DHT22 answers when its line was low for a millisecond and is released.
    /// capture.drive(&line, Level::Low)?;
    /// sleep(Duration::millis_at_least(1));
    /// capture.release(&line)?;
    /// # Ok::<(), Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// - [`Error::INVALID_INPUT`] if the capture does not capture the edges of the line; one of samples has none.
    /// - [`Error::SUSPENDED`] while the capture's device is.
    /// - A controller's error; the line may then not be captured until [`release`](Self::release).
    pub fn drive(&mut self, line: &Line, level: Level) -> Result<(), Error> {
        let _change = self.channel.change_awake()?;
        self.lines.sources().drive(self.channel, line, level)
    }

    /// Makes a driven line an input again, as its devicetree flags say, and captures it by its trigger. The hole is
    /// marked, as after a [pause](Self::resume). The mark is pending like an edge, so an idle time begins here: make it
    /// longer than whoever answers takes to begin. An edge is missed only in the few instructions of the driver's call that
    /// enables the interrupt.
    ///
    /// # Errors
    ///
    /// As [`drive`](Self::drive); after a controller's error the line is not captured.
    pub fn release(&mut self, line: &Line) -> Result<(), Error> {
        let _change = self.channel.change_awake()?;
        self.lines.sources().release(self.channel, line)
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
        {
            let _change = self.channel.change();
            self.lines.stop();
            self.channel.close();
        }
        self.channel.release();
    }
}

opaque_debug!([] Capture, |capture| capture.channel.ledger());
