//! The thread's side: wait, and read.

mod decoder;
mod discard;
mod edges;
mod pulses;
mod samples;
#[cfg(feature = "async")]
mod tasks;

use core::{marker::PhantomData, ptr::NonNull};

pub use decoder::Decoder;
pub use pulses::{Pulse, Pulses};

use embedded_io::{ErrorType, Read, ReadReady};
use zephyr::raw;
use zephyr::time::{Duration, Forever, Timeout};

use crate::{ConfigError, Edge, Error, Gap, Ledger, Readiness, Wake, WeakReader};

/// A file descriptor of Zephyr's `zvfs`.
#[cfg(feature = "fd")]
pub type RawFd = core::ffi::c_int;

/// The records of a capture of either kind, as bytes: see [`Reader::into_bytes`].
#[derive(Debug)]
pub enum Bytes {}

/// The one reading end of a capture. `T` is what it reads: [`Edge`], a [`Sample`](crate::Sample), or [`Bytes`].
///
/// All ways to wait and read can be used at once: blocking ([`Read::read`], `read_edges`, `read_samples`), without
/// blocking (`try_read`, `try_read_edges`, `try_read_samples`), until the capture is ready (`wait_ready`), with others in a
/// [`Poller`](crate::Poller), or in a task (`embedded_io_async::Read`, `wait_ready_async`).
///
/// # Context
///
/// - [`ready`](Self::ready), [`gap`](Self::gap), [`pipe`](Self::pipe), [`ledger`](Self::ledger), [`hertz`](Self::hertz):
///   ISR or thread, never block.
/// - [`try_read`](Self::try_read), `try_read_edges`, `try_read_samples`, [`discard`](Self::discard): thread only, never
///   block.
/// - [`wait_ready`](Self::wait_ready): thread only, blocks up to its `timeout`; with
///   [`NoWait`](zephyr::time::NoWait) it never blocks.
/// - [`Read::read`], `read_edges`, `read_samples`, [`read_timeout`](Self::read_timeout), `read_edges_timeout`,
///   `read_samples_timeout`: thread only, block while the capture is open and nothing is pending, the last three up to
///   their `timeout`.
/// - `async` methods: in a task, never block its thread.
/// - `open_fd`: thread only.
pub struct Reader<T = Edge> {
    pub(crate) capture: WeakReader,
    /// For `read_edges` and `read_samples`.
    decoder: Decoder,
    records: PhantomData<fn() -> T>,
}

impl<T> Reader<T> {
    /// The reader of the present use of a channel, which was opened just now.
    pub(crate) const fn new(capture: WeakReader, debounced: u32) -> Self {
        Self {
            capture,
            decoder: Decoder::new(capture, debounced),
            records: PhantomData,
        }
    }

    /// A handle that does not keep the device open, for other threads and for C.
    pub const fn weak(&self) -> WeakReader {
        self.capture
    }

    /// The same reader for the records as bytes, whatever they are, as C and file descriptors see them.
    pub fn into_bytes(self) -> Reader<Bytes> {
        self.into_other()
    }

    fn into_other<R>(self) -> Reader<R> {
        let other = Reader {
            capture: self.capture,
            decoder: self.decoder.clone(),
            records: PhantomData,
        };
        // `other` has the channel's handle now.
        core::mem::forget(self);
        other
    }

    /// Waits until the capture is ready, and returns why it is.
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
    /// # Time-outs
    ///
    /// These are the same for all waits and reads:
    ///
    /// - A [`Duration`] is never early, and up to a tick late, because the tick in which it begins does not count.
    /// - An [`Instant`](zephyr::time::Instant) is a deadline. It ends the wait at its tick. One that has passed is no wait.
    /// - Neither can be zero ticks: a wait of none is written [`NoWait`](zephyr::time::NoWait). In a debug build
    ///   (`cargo test`, and a firmware with `CONFIG_DEBUG=y`) the conversion of zero panics.
    ///
    /// # Errors
    ///
    /// - [`Error::TIMED_OUT`] when the time passed first; what is pending can still be read.
    /// - [`Error::CLOSED`] after a read has returned end of file.
    pub fn wait_ready(&self, timeout: impl Into<Timeout>) -> Result<Wake, Error> {
        self.capture.wait_ready(timeout)
    }

    /// Why the capture is ready, if it is.
    pub fn ready(&self) -> Option<Wake> {
        // It cannot fail, because the reader exists.
        self.capture.ready().unwrap_or_default()
    }

    /// As [`Capture::set_readiness`](crate::Capture::set_readiness).
    pub fn set_readiness(&self, readiness: Readiness) -> Result<(), ConfigError> {
        self.capture.channel().set_readiness(readiness)
    }

    /// As [`Capture::set_idle_after`](crate::Capture::set_idle_after).
    pub fn set_idle_after(&self, time: Option<Duration>) -> Result<(), ConfigError> {
        self.capture.channel().set_idle_after(time)
    }

    /// Reads what is pending, whole records only, as many as fit into `bytes`. A read of samples ends before a hole:
    /// [`gap`](Self::gap).
    ///
    /// `Ok(0)` means end of file: the capture is closed and everything has been read. An empty
    /// slice also reads 0 bytes.
    ///
    /// # Errors
    ///
    /// - [`Error::WOULD_BLOCK`] when nothing is pending.
    /// - [`Error::INVALID_INPUT`] when `bytes` is shorter than one record.
    pub fn try_read(&self, bytes: &mut [u8]) -> Result<usize, Error> {
        self.capture.try_read(bytes)
    }

    /// Reads as [`Read::read`] does, for as long as `timeout` lasts; 0 bytes mean end of file. A `Duration` of zero is
    /// written `NoWait`: see [`wait_ready`](Self::wait_ready).
    ///
    /// Several threads may read at once: each record goes to one of them.
    ///
    /// # Errors
    ///
    /// - [`Error::TIMED_OUT`] when the time passed first.
    /// - [`Error::INVALID_INPUT`] when `out` is shorter than one record.
    pub fn read_timeout(
        &self,
        out: &mut [u8],
        timeout: impl Into<Timeout>,
    ) -> Result<usize, Error> {
        self.capture.read_timeout(out, timeout)
    }

    /// The pipe through which the capture delivers, if it does ([`Delivery::Pipe`](crate::Delivery::Pipe)). Other code
    /// can read it with `k_pipe_read`, whole records at a time. Its size is the device's `PIPE`.
    ///
    /// Each record goes to one reader, of the pipe or of the library. The capture stays ready until the pipe is empty.
    /// Only a thread can check that, so in an ISR [`ready`](Self::ready) may be late. Records that found no room in the
    /// pipe follow within 10 ms after there is room, if they make the capture ready; a gap record follows with the next
    /// records. A `k_pipe_read` sleeps until it has all the bytes that it asks for, whatever the deadline: ask for one
    /// record, or give a time-out.
    ///
    /// After [`Capture::close`](crate::Capture::close), `k_pipe_read` returns what is left, and then `-EPIPE`. Records
    /// that are pending when the reader is dropped are not handed over any more. The device is [busy](Error::BUSY)
    /// until every `k_pipe_read` has returned; a thread must not be aborted in one.
    ///
    /// The pointer is not `Send`: give another thread [`weak`](Self::weak), and call `pipe` there.
    pub fn pipe(&self) -> Option<NonNull<raw::k_pipe>> {
        self.capture.pipe()
    }

    /// The hole directly before the samples that the last read returned; `None` if there is none, as before almost all.
    ///
    /// Samples have no gap records. Instead every kind of read ends before a hole, where samples were lost or the capture
    /// was [paused](crate::Capture::pause). The next read begins after it, and then this tells how many samples were
    /// lost, and the levels of the data lines after the hole, as far as they are known, else 0. The read that returns
    /// end of file tells of a hole at the end. A read that returns an error changes nothing.
    ///
    /// ```
    /// # zephyr::sim::run(|| {
    /// # use edgepipe::{Capture, Config, Error, Line, StrobeDevice};
    /// # static SENSOR: StrobeDevice<u8, 256> = StrobeDevice::new();
    /// # let port = zephyr::sim::gpio(0);
    /// # let opened = SENSOR.open(Line::new(port, 8, 0), &[Line::new(port, 0, 0)], Config::DEFAULT);
    /// # let (capture, mut reader) = opened.unwrap();
    /// # capture.close();
    /// let mut samples = [0; 32];
    /// while let count @ 1.. = reader.read_samples(&mut samples)? {
    ///     if let Some(gap) = reader.gap() {
    ///         println!("{} samples were lost before these:", gap.lost);
    ///     }
    ///     println!("{:?}", &samples[..count]);
    /// }
    /// # Ok::<(), Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// The capture knows the place of one hole. If there is a second one before the reader has passed the first, samples
    /// are lost until it has. They are counted in the second hole.
    ///
    /// The last read can be one through a [weak reader](Self::weak) or a descriptor. A capture of edges has gap records, so
    /// this is `None` there. So it is for one that [delivers through a pipe](crate::Delivery::Pipe): then reads do not end
    /// at holes, and the ledger alone tells of losses.
    pub fn gap(&self) -> Option<Gap> {
        // It cannot fail, because the reader exists.
        self.capture.gap().unwrap_or_default()
    }

    /// The ledger of the capture, at one instant.
    pub fn ledger(&self) -> Ledger {
        self.capture.channel().ledger()
    }

    /// Cycles of the capture's clock in a second: the unit of the times in its [records](crate::record::Record).
    pub fn hertz(&self) -> u32 {
        self.capture.channel().hertz()
    }

    /// Opens a file descriptor on the capture, for C code or for polls that span other descriptors.
    /// Needs `CONFIG_EDGEPIPE_FD`, which turns the feature `fd` on. Its contract is Linux's:
    ///
    /// - `poll` and `select` report input (`POLLIN`) exactly while [`ready`](Self::ready) holds, and a
    ///   hang-up (`POLLHUP`) too once the capture is closed.
    /// - A `read` returns whole records, all that are pending up to its size. A blocking `read` first waits until as
    ///   many are pending as it asks for, or as the threshold if that is less, or until the capture is ready for
    ///   another reason. With `O_NONBLOCK` it fails with `EAGAIN` if no record is pending.
    /// - A `read` of samples ends before a hole, like every read: [`gap`](Self::gap).
    /// - A `read` shorter than one record fails with `EINVAL`. Reads after the capture is closed return what
    ///   is left, and then 0.
    /// - `FIONREAD` gives the bytes of all pending records, gap records included.
    /// - `close` gives up this descriptor only. Reads and polls of other threads on it end (`EBADF`,
    ///   `POLLNVAL`), and it waits until the reads have returned. No thread may *begin* to use a
    ///   descriptor that another is closing, and one that is blocked in a `read` must not be aborted.
    ///
    /// Each record goes to the first that reads it: this reader, or one of any number of descriptors. The device can be
    /// opened again once all of them and the capture are gone. Waits through a descriptor do not count as
    /// [`wakes`](crate::Ledger::wakes).
    ///
    /// # Errors
    ///
    /// `ENFILE` when all of `CONFIG_EDGEPIPE_FD_MAX`, or all that zvfs has, are in use.
    #[cfg(feature = "fd")]
    pub fn open_fd(&self) -> Result<RawFd, Error> {
        self.capture.open_fd()
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
    /// Whether [`read`](Read::read) would return at once, also with end of file.
    fn read_ready(&mut self) -> Result<bool, Error> {
        self.capture.is_readable()
    }
}

impl<T> Drop for Reader<T> {
    fn drop(&mut self) {
        self.capture.end();
    }
}

opaque_debug!([T] Reader<T>, |reader| reader.ledger());
