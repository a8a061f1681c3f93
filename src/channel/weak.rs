//! The reading side of one use of a channel, from an `open` to the end of its reader.

use core::ptr::{self, NonNull};

use zephyr::raw;
use zephyr::time::{Duration, Timeout};

use super::{Channel, Reading, State};
use crate::clock::Source;
use crate::record::{Format, extend_cycles};
use crate::sys::clock::{Ratio, Remaining};
use crate::sys::lock::{Guard, Known};
use crate::sys::out::{self, Out};
use crate::sys::pipe::Pipe;
use crate::{ConfigError, Error, Gap, Ledger, Readiness, Wake, config};

/// Reads a capture's records as bytes, without keeping the device open. [`Reader::weak`](crate::Reader::weak) makes it,
/// and it is valid as long as that reader exists.
///
/// Afterwards every call fails with [`Error::BAD_HANDLE`], and so do waits that have begun. The device may be open
/// again by then; that is another use, which this handle does not affect.
///
/// # Context and errors
///
/// Each method has the context and the errors of the reader's method of that name, and fails once the reader is gone.
#[derive(Clone, Copy)]
pub struct WeakReader {
    pub(super) channel: Known<Channel>,
    /// The number of the use.
    pub(super) number: u32,
}

impl WeakReader {
    /// The handle of the present use of `channel`. To be called by the code that opened it.
    pub(crate) fn of(channel: &'static Channel) -> Self {
        let channel = Known::new(channel);
        let number = channel.lock().use_number;
        Self { channel, number }
    }

    /// Takes the lock; fails when the use is over.
    #[inline]
    pub(super) fn lock(self) -> Result<Guard<'static, State>, Error> {
        let state = self.channel.lock();
        if state.has_reader_of(self.number) {
            Ok(state)
        } else {
            Err(Error::BAD_HANDLE)
        }
    }

    /// Whether both are of the same use.
    pub(crate) fn is_same(self, other: Self) -> bool {
        ptr::eq(self.channel(), other.channel()) && self.number == other.number
    }

    /// Whether the reader is gone.
    pub(crate) fn is_over(self) -> bool {
        self.lock().is_err()
    }

    pub(crate) fn channel(self) -> &'static Channel {
        self.channel.get()
    }

    /// Whether a read would return at once.
    pub(crate) fn is_readable(self) -> Result<bool, Error> {
        let mut state = self.lock()?;
        state.check_pipe();
        Ok(state.has(1))
    }

    /// Whether a read would get something.
    pub(crate) fn has_unread(self) -> bool {
        self.unread().is_ok_and(|bytes| bytes > 0)
    }

    /// How many bytes can be read.
    pub(crate) fn unread(self) -> Result<usize, Error> {
        let mut state = self.lock()?;
        state.check_pipe();
        Ok(state.unread())
    }

    /// Gives up the reader's handle, and wakes all waiters.
    pub(crate) fn end(self) {
        let mut state = self.channel().lock();
        state.reader_of = 0;
        let wakeups = state.wake_all();
        self.channel().drop_handle(state);
        self.channel().wake(wakeups);
    }

    /// As [`Reader::wait_ready`](crate::Reader::wait_ready).
    pub fn wait_ready(self, timeout: impl Into<Timeout>) -> Result<Wake, Error> {
        self.sleep_until_ready(timeout.into())
    }

    /// As [`Reader::ready`](crate::Reader::ready).
    pub fn ready(self) -> Result<Option<Wake>, Error> {
        let mut state = self.lock()?;
        state.check_pipe();
        Ok(state.ready())
    }

    /// As [`Reader::try_read`](crate::Reader::try_read).
    #[inline]
    pub fn try_read(self, bytes: &mut [u8]) -> Result<usize, Error> {
        self.channel().take(Some(self.number), out::of(bytes))
    }

    /// As [`try_read`](Self::try_read), for a read that takes in several calls.
    pub(crate) fn take_on(self, bytes: &mut [u8], reading: &mut Reading) -> Result<usize, Error> {
        self.channel()
            .take_on(Some(self.number), out::of(bytes), reading)
    }

    /// As [`Reader::read_timeout`](crate::Reader::read_timeout).
    pub fn read_timeout(self, out: &mut [u8], timeout: impl Into<Timeout>) -> Result<usize, Error> {
        self.read_cells(out::of(out), timeout.into())
    }

    /// As [`read_timeout`](Self::read_timeout), for C, into memory in which others may write meanwhile.
    #[doc(hidden)]
    #[inline]
    pub fn read_cells(self, out: Out, timeout: Timeout) -> Result<usize, Error> {
        let read = || self.channel().take(Some(self.number), out);
        self.until_read(timeout, read)
    }

    /// Waits until something is pending, or the capture is closed, for C.
    #[doc(hidden)]
    pub fn wait_data(self, timeout: Timeout) -> Result<(), Error> {
        self.wait_pending(Remaining::start(timeout))
    }

    /// Tries until something was read, or for as long as `timeout` lasts.
    #[inline]
    pub(crate) fn until_read(
        self,
        timeout: Timeout,
        mut attempt: impl FnMut() -> Result<usize, Error>,
    ) -> Result<usize, Error> {
        let remaining = Remaining::start(timeout);
        loop {
            match attempt() {
                Err(Error::WOULD_BLOCK) => {}
                result => return result,
            }
            // Without a wait, no wake-up is registered.
            remaining.next().ok_or(Error::TIMED_OUT)?;
            self.wait_pending(remaining)?;
        }
    }

    /// As [`Reader::set_readiness`](crate::Reader::set_readiness), with [`Error::INVALID_INPUT`] for a wrong threshold.
    pub fn set_readiness(self, readiness: Readiness) -> Result<(), Error> {
        let mut state = self.lock()?;
        state.change_readiness(readiness)?;
        self.channel().publish(state);
        Ok(())
    }

    /// As [`Reader::set_idle_after`](crate::Reader::set_idle_after), with [`Error::INVALID_INPUT`] for less than a tick.
    pub fn set_idle_after(self, time: Option<Duration>) -> Result<(), Error> {
        let ticks = config::idle_ticks(time)?;
        self.channel().change_idle(Some(self.number), ticks)
    }

    /// As [`Capture::flush`](crate::Capture::flush).
    pub fn flush(self) -> Result<(), Error> {
        let mut state = self.lock()?;
        state.flush();
        self.channel().publish(state);
        Ok(())
    }

    /// A time, in cycles, after those of all records that were read before, by less than `record::TIME_BITS` bits can
    /// count; and how to convert cycles to nanoseconds.
    ///
    /// Inlined, because without `CONFIG_EDGEPIPE_CLOCK` the second is a constant, with which no edge costs a division.
    #[inline]
    pub(crate) fn clock_end(self) -> Result<(u64, Ratio), Error> {
        let (end, clock) = self.end_and_clock()?;
        Ok((end, clock.to_ns()))
    }

    fn end_and_clock(self) -> Result<(u64, Source), Error> {
        let state = self.lock()?;
        Ok((state.timeline.end(), state.clock))
    }

    /// The time in nanoseconds of a [record](crate::record::Record) of this capture, whose time is `cycles`. It need
    /// not be monotonic, because some counters step back a little. ISR or thread.
    pub fn record_ns(self, cycles: u64) -> Result<u64, Error> {
        let (end, to_ns) = self.clock_end()?;
        Ok(to_ns.scale(extend_cycles(cycles, end)))
    }

    /// As [`Capture::now_ns`](crate::Capture::now_ns).
    pub fn now_ns(self) -> Result<u64, Error> {
        let mut state = self.lock()?;
        let now = state.now();
        Ok(state.clock.to_ns().scale(now))
    }

    /// The level of every line after its last edge, or when the capture began, line 0 in bit 0. ISR or thread.
    pub fn levels(self) -> Result<u32, Error> {
        let state = self.channel().read_levels(self.lock()?);
        // The lock was released meanwhile.
        match state.has_reader_of(self.number) {
            true => Ok(state.levels.found),
            false => Err(Error::BAD_HANDLE),
        }
    }

    /// As [`Reader::ledger`](crate::Reader::ledger).
    pub fn ledger(self) -> Result<Ledger, Error> {
        Ok(self.lock()?.ledger())
    }

    /// As [`Reader::gap`](crate::Reader::gap).
    pub fn gap(self) -> Result<Option<Gap>, Error> {
        Ok(self.lock()?.hole.passed)
    }

    /// The form of the records.
    pub(crate) fn format(self) -> Result<Format, Error> {
        Ok(self.lock()?.records.format())
    }

    /// As [`Reader::hertz`](crate::Reader::hertz).
    pub fn hertz(self) -> Result<u32, Error> {
        Ok(self.lock()?.clock.hertz())
    }

    /// As [`Reader::pipe`](crate::Reader::pipe); `None` also when the reader is gone.
    pub fn pipe(self) -> Option<NonNull<raw::k_pipe>> {
        let mut state = self.lock().ok()?;
        let pipe = state.through.map(|_| &self.channel().pipe);
        state.shared = pipe;
        pipe.map(Pipe::as_ptr)
    }
}

impl Channel {
    /// Makes what is pending ready.
    pub(crate) fn flush(&'static self) {
        let mut state = self.lock();
        state.flush();
        self.publish(state);
    }

    /// Changes when the channel is ready. If it is ready now, waiters wake. Fails for a threshold of 0 or above the
    /// capacity, and then changes nothing.
    pub(crate) fn set_readiness(&'static self, ready: Readiness) -> Result<(), ConfigError> {
        let mut state = self.lock();
        state.change_readiness(ready)?;
        self.publish(state);
        Ok(())
    }

    /// Changes the idle time. If it has passed, waiters wake. Fails for less than a tick, and then changes nothing.
    pub(crate) fn set_idle_after(&'static self, time: Option<Duration>) -> Result<(), ConfigError> {
        let ticks = config::idle_ticks(time)?;
        // The caller's capture or reader keeps the present use.
        let _ = self.change_idle(None, ticks);
        Ok(())
    }
}

opaque_debug!([] WeakReader, |reader| reader.ledger());
