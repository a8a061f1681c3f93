//! Devices, and the captures that run on them.

use core::fmt;

use crate::{
    Config, Level, Line, OpenError, Reader,
    channel::Channel,
    source::edges::{self, PortLines},
    sys::{clock, gpio::Callback, pipe::Buffer},
};

/// Where a capture of edges lives: a buffer of `RECORDS` records, its pipe and semaphores, and the
/// interrupt callbacks of up to `PORTS` GPIO ports. It goes into a `static`.
///
/// ```
/// use edgepipe::EdgeDevice;
///
/// static BUTTONS: EdgeDevice<64> = EdgeDevice::new();
/// ```
///
/// A buffer for no record does not compile:
///
/// ```compile_fail
/// static NOTHING: edgepipe::EdgeDevice<0> = edgepipe::EdgeDevice::new();
/// ```
pub struct EdgeDevice<const RECORDS: usize, const PORTS: usize = 2> {
    channel: Channel,
    buffer: Buffer<RECORDS>,
    callbacks: [Callback<PortLines>; PORTS],
}

impl<const RECORDS: usize, const PORTS: usize> EdgeDevice<RECORDS, PORTS> {
    /// A device that is not open.
    pub const fn new() -> Self {
        const {
            assert!(RECORDS > 0, "a device needs room for at least one record");
            assert!(
                RECORDS <= i32::MAX as usize / crate::RECORD_BYTES,
                "k_pipe counts bytes in int"
            );
            assert!(PORTS > 0, "a device needs at least one port");
        }
        Self {
            channel: Channel::new(),
            buffer: Buffer::new(),
            callbacks: [const { Callback::new() }; PORTS],
        }
    }

    /// Configures `lines` as inputs and starts to capture their edges.
    ///
    /// A line's place in the slice is its number in the records. The device can be opened again
    /// once both the capture and the reader have been dropped.
    ///
    /// # Context
    ///
    /// Thread only.
    ///
    /// # Errors
    ///
    /// [`OpenError`]; no line is left configured to interrupt.
    pub fn open(
        &'static self,
        lines: &[Line],
        config: Config,
    ) -> Result<(Capture, Reader), OpenError> {
        let storage = self.buffer.storage();
        let (capacity, threshold) = config.resolve(storage.records() as u32)?;
        edges::check(lines, PORTS)?;
        self.channel.open(storage, capacity, threshold)?;
        // From here on, dropping these two gives up the handles and undoes what was done.
        let capture = Capture {
            channel: &self.channel,
            callbacks: &self.callbacks,
        };
        let reader = Reader::new(&self.channel);
        edges::start(lines, &self.channel, &self.callbacks)?;
        Ok((capture, reader))
    }
}

impl<const RECORDS: usize, const PORTS: usize> Default for EdgeDevice<RECORDS, PORTS> {
    fn default() -> Self {
        Self::new()
    }
}

impl<const RECORDS: usize, const PORTS: usize> fmt::Debug for EdgeDevice<RECORDS, PORTS> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EdgeDevice")
            .field("ledger", &self.channel.ledger())
            .finish_non_exhaustive()
    }
}

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
    callbacks: &'static [Callback<PortLines>],
}

impl Capture {
    /// Ends the capture: the lines interrupt no more, and every waiter wakes. Readers can still
    /// read what is pending; then they see end of file.
    ///
    /// # Context
    ///
    /// Thread only.
    pub fn close(self) {}

    /// The time now on the clock of [`Edge::timestamp_ns`](crate::Edge::timestamp_ns).
    ///
    /// # Context
    ///
    /// ISR or thread, never blocks.
    pub fn now_ns(&self) -> u64 {
        clock::cycles_to_ns(self.channel.now(), clock::CYCLES_PER_SECOND)
    }

    /// The level of `line` after its last edge, or when the capture began.
    ///
    /// [`Level::Low`] for a line that the capture does not have.
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
        edges::stop(self.callbacks);
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
