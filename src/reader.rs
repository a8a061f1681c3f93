//! The thread's side: wait, and read.

use core::{fmt, marker::PhantomData};

use embedded_io::{ErrorType, Read, ReadReady};
use zephyr::time::{Forever, Timeout};

use crate::{
    ConfigError, Edge, Error, Ledger, Readiness, Wake, channel::Channel, sys::clock::Remaining,
};

/// The reading end of a capture; there is one. `T` is what its records are: [`Edge`] or `u8`.
///
/// It waits and reads in every way at once: blocking ([`Read::read`], `read_edges`), without
/// blocking (`try_read`, `try_read_edges`), until the capture is ready (`wait_ready`), with others
/// in a [`Poller`](crate::Poller), or in a task (`embedded_io_async::Read`, `wait_ready_async`).
///
/// ```compile_fail
/// fn two(reader: edgepipe::Reader) -> (edgepipe::Reader, edgepipe::Reader) {
///     (reader.clone(), reader)
/// }
/// ```
pub struct Reader<T = Edge> {
    pub(crate) channel: &'static Channel,
    /// Edges lost since the last one that `read_edges` gave out.
    pub(crate) lost_before: u32,
    /// Time of the latest edge that `read_edges` gave out, in cycles: some counters step back a little,
    /// but time does not.
    pub(crate) latest: u64,
    records: PhantomData<fn() -> T>,
}

impl<T> Reader<T> {
    pub(crate) const fn new(channel: &'static Channel) -> Self {
        Self {
            channel,
            lost_before: 0,
            latest: 0,
            records: PhantomData,
        }
    }

    /// Waits until the capture is ready, and says why it is.
    ///
    /// Readiness is level-triggered: as long as it holds, the next wait returns at once.
    ///
    /// ```
    /// # zephyr::sim::run(|| {
    /// # use edgepipe::{Config, EdgeDevice, Error, Line, Wake};
    /// # use zephyr::time::{Duration, NoWait};
    /// # static DEVICE: EdgeDevice<8> = EdgeDevice::new();
    /// # let lines = [Line::new(zephyr::sim::gpio(0), 0, 0)];
    /// # let (capture, reader) = DEVICE.open(&lines, Config::DEFAULT).unwrap();
    /// assert_eq!(reader.wait_ready(Duration::millis_at_least(20)), Err(Error::TIMED_OUT));
    /// capture.close();
    /// assert_eq!(reader.wait_ready(NoWait), Ok(Wake::Closed));
    /// # });
    /// ```
    ///
    /// # Context
    ///
    /// Thread only, blocks up to `timeout`; with [`NoWait`](zephyr::time::NoWait) it never blocks.
    ///
    /// # Errors
    ///
    /// [`Error::TIMED_OUT`] when the time passed first; what is pending can still be read.
    pub fn wait_ready(&self, timeout: impl Into<Timeout>) -> Result<Wake, Error> {
        let why = self.channel.wait_ready(timeout.into());
        why.ok_or(Error::TIMED_OUT)
    }

    /// Why the capture is ready, if it is.
    ///
    /// ```
    /// # zephyr::sim::run(|| {
    /// # use edgepipe::{Config, Edge, EdgeDevice, Error, Level, Line, Readiness, Wake};
    /// # static DEVICE: EdgeDevice<8> = EdgeDevice::new();
    /// # let lines = [Line::new(zephyr::sim::gpio(0), 0, 0)];
    /// # let (capture, mut reader) = DEVICE.open(&lines, Config::DEFAULT).unwrap();
    /// assert_eq!(reader.ready(), None);
    /// capture.close();
    /// assert_eq!(reader.ready(), Some(Wake::Closed));
    /// # });
    /// ```
    ///
    /// # Context
    ///
    /// ISR or thread, never blocks.
    pub fn ready(&self) -> Option<Wake> {
        self.channel.ready()
    }

    /// Changes when the capture is ready. If it is by the new measure, waiters wake at once.
    ///
    /// ```
    /// # zephyr::sim::run(|| {
    /// # use edgepipe::{Config, Edge, EdgeDevice, Error, Level, Line, Readiness, Wake};
    /// # static DEVICE: EdgeDevice<8> = EdgeDevice::new();
    /// # let lines = [Line::new(zephyr::sim::gpio(0), 0, 0)];
    /// # let (capture, mut reader) = DEVICE.open(&lines, Config::DEFAULT).unwrap();
    /// reader.set_readiness(Readiness::Records(8)).unwrap();
    /// assert!(reader.set_readiness(Readiness::Records(9)).is_err(), "8 records fit");
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

    /// Reads what is pending, whole records only, as many as fit into `bytes`.
    ///
    /// ```
    /// # zephyr::sim::run(|| {
    /// # use edgepipe::{Config, Edge, EdgeDevice, Error, Level, Line, Readiness, Wake};
    /// # static DEVICE: EdgeDevice<8> = EdgeDevice::new();
    /// # let lines = [Line::new(zephyr::sim::gpio(0), 0, 0)];
    /// # let (capture, mut reader) = DEVICE.open(&lines, Config::DEFAULT).unwrap();
    /// let mut bytes = [0; 64];
    /// match reader.try_read(&mut bytes) {
    ///     Ok(0) => println!("end of file"),
    ///     Ok(length) => println!("{} records", length / edgepipe::RECORD_BYTES),
    ///     Err(Error::WOULD_BLOCK) => println!("nothing yet"),
    ///     Err(error) => println!("{error}"),
    /// }
    /// # });
    /// ```
    ///
    /// `Ok(0)` means end of file: the capture is closed and everything has been read. An empty
    /// slice also reads 0 bytes.
    ///
    /// # Context
    ///
    /// Thread only, never blocks.
    ///
    /// # Errors
    ///
    /// - [`Error::WOULD_BLOCK`] when nothing is pending.
    /// - [`Error::INVALID_INPUT`] when `bytes` is shorter than one record.
    pub fn try_read(&self, bytes: &mut [u8]) -> Result<usize, Error> {
        self.channel.take(bytes)
    }

    /// Reads as [`Read::read`] does, for as long as `timeout` lasts.
    ///
    /// Several threads may read at once: each record goes to one of them.
    ///
    /// ```
    /// # zephyr::sim::run(|| {
    /// # use edgepipe::{Config, EdgeDevice, Error, Line};
    /// # use zephyr::time::Duration;
    /// # static DEVICE: EdgeDevice<8> = EdgeDevice::new();
    /// # let lines = [Line::new(zephyr::sim::gpio(0), 0, 0)];
    /// # let (capture, reader) = DEVICE.open(&lines, Config::DEFAULT).unwrap();
    /// let patience = Duration::millis_at_least(20);
    /// assert_eq!(reader.read_timeout(&mut [0; 64], patience), Err(Error::TIMED_OUT));
    /// capture.close();
    /// assert_eq!(reader.read_timeout(&mut [0; 64], patience), Ok(0));
    /// # });
    /// ```
    ///
    /// # Context
    ///
    /// Thread only, blocks up to `timeout` while the capture is open and nothing is pending.
    ///
    /// # Errors
    ///
    /// - [`Error::TIMED_OUT`] when the time passed first.
    /// - [`Error::INVALID_INPUT`] when `bytes` is shorter than one record.
    pub fn read_timeout(
        &self,
        bytes: &mut [u8],
        timeout: impl Into<Timeout>,
    ) -> Result<usize, Error> {
        let remaining = Remaining::start(timeout.into());
        loop {
            match self.try_read(bytes) {
                Err(Error::WOULD_BLOCK) => {}
                result => return result,
            }
            // Who does not wait asks for no wake.
            remaining.next().ok_or(Error::TIMED_OUT)?;
            let found = self.channel.wait_pending(remaining);
            found.ok_or(Error::TIMED_OUT)?;
        }
    }

    /// Waits as [`wait_ready`](Self::wait_ready) does, then reads as [`try_read`](Self::try_read) does: in fewer
    /// instructions than the two, where the threshold is small.
    ///
    /// ```
    /// # zephyr::sim::run(|| {
    /// # use edgepipe::{Config, EdgeDevice, Error, Line, RECORD_BYTES};
    /// # use zephyr::time::Forever;
    /// # static DEVICE: EdgeDevice<8> = EdgeDevice::new();
    /// # let lines = [Line::new(zephyr::sim::gpio(0), 0, 0)];
    /// # let (capture, reader) = DEVICE.open(&lines, Config::DEFAULT)?;
    /// # capture.close();
    /// let mut bytes = [0; 16 * RECORD_BYTES];
    /// loop {
    ///     let length = reader.read_when_ready(&mut bytes, Forever)?;
    ///     if length == 0 {
    ///         break;
    ///     }
    ///     println!("{} records", length / RECORD_BYTES);
    /// }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # }).unwrap();
    /// ```
    ///
    /// `Ok(0)` means end of file, or an empty slice.
    ///
    /// # Context
    ///
    /// Thread only, blocks up to `timeout`; with [`NoWait`](zephyr::time::NoWait) it never blocks.
    ///
    /// # Errors
    ///
    /// - [`Error::TIMED_OUT`] when the time passed first; what is pending can still be read.
    /// - [`Error::INVALID_INPUT`] when `bytes` is shorter than one record, without a wait.
    pub fn read_when_ready(
        &self,
        bytes: &mut [u8],
        timeout: impl Into<Timeout>,
    ) -> Result<usize, Error> {
        self.channel.wait_and_take(bytes, timeout.into())
    }

    /// The books of the capture, at one instant.
    ///
    /// ```
    /// # zephyr::sim::run(|| {
    /// # use edgepipe::{Config, Edge, EdgeDevice, Error, Level, Line, Readiness, Wake};
    /// # static DEVICE: EdgeDevice<8> = EdgeDevice::new();
    /// # let lines = [Line::new(zephyr::sim::gpio(0), 0, 0)];
    /// # let (capture, mut reader) = DEVICE.open(&lines, Config::DEFAULT).unwrap();
    /// let ledger = reader.ledger();
    /// assert_eq!(ledger.captured, ledger.delivered + ledger.pending + ledger.lost.total());
    /// # });
    /// ```
    ///
    /// # Context
    ///
    /// ISR or thread, never blocks.
    pub fn ledger(&self) -> Ledger {
        self.channel.ledger()
    }
}

impl<T> ErrorType for Reader<T> {
    type Error = Error;
}

impl<T> Read for Reader<T> {
    /// Blocks only while nothing is pending, then returns what is there, whole records only.
    fn read(&mut self, bytes: &mut [u8]) -> Result<usize, Error> {
        self.read_timeout(bytes, Forever)
    }
}

impl<T> ReadReady for Reader<T> {
    /// Whether [`read`](Read::read) would return at once, be it with end of file.
    fn read_ready(&mut self) -> Result<bool, Error> {
        Ok(self.channel.is_readable())
    }
}

impl<T> Drop for Reader<T> {
    fn drop(&mut self) {
        self.channel.release_reader();
    }
}

impl<T> fmt::Debug for Reader<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reader")
            .field("ledger", &self.channel.ledger())
            .finish_non_exhaustive()
    }
}
