//! Devices: where captures live, for ever.

use core::{borrow::Borrow, fmt};

use crate::{
    Capture, Config, Edge, Line, LineError, OpenError, RECORD_BYTES, Reader,
    channel::{Channel, Interrupts},
    source::{
        debounce::Debounce,
        edges,
        port::PortLines,
        strobe::{self, Strobe},
    },
    sys::{
        gpio::Callback,
        pipe::{Buffer, Storage},
    },
};

/// Where a capture of edges lives: a buffer of `RECORDS` records, its pipe and semaphores, the
/// interrupt callbacks of up to `PORTS` GPIO ports, and timers for up to `DEBOUNCED` debounced
/// lines. It goes into a `static`.
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
pub struct EdgeDevice<const RECORDS: usize, const PORTS: usize = 2, const DEBOUNCED: usize = 0> {
    channel: Channel,
    buffer: Buffer<RECORD_BYTES, RECORDS>,
    sources: Sources<PORTS, DEBOUNCED>,
}

/// What interrupts for an `EdgeDevice`.
struct Sources<const PORTS: usize, const DEBOUNCED: usize> {
    callbacks: [Callback<PortLines>; PORTS],
    debounced: [Debounce; DEBOUNCED],
}

impl<const RECORDS: usize, const PORTS: usize, const DEBOUNCED: usize>
    EdgeDevice<RECORDS, PORTS, DEBOUNCED>
{
    /// A device that is not open.
    pub const fn new() -> Self {
        const { assert!(PORTS > 0, "a device needs at least one port") }
        Self {
            channel: Channel::new(),
            buffer: Buffer::new(),
            sources: Sources {
                callbacks: [const { Callback::new() }; PORTS],
                debounced: [const { Debounce::new() }; DEBOUNCED],
            },
        }
    }

    /// Configures `lines` as inputs and starts to capture their edges.
    ///
    /// A line's place in the slice is its number in the records. The device can be opened again
    /// once both the capture and the reader have been dropped.
    ///
    /// ```
    /// # zephyr::sim::run(|| {
    /// use edgepipe::{Config, EdgeDevice, Line, Readiness};
    ///
    /// static DEVICE: EdgeDevice<64> = EdgeDevice::new();
    /// # let port = zephyr::sim::gpio(0);
    /// let lines = [Line::new(port, 3, 0), Line::new(port, 4, 0)];
    /// let config = Config { ready: Readiness::Records(16), ..Config::DEFAULT };
    /// let (capture, reader) = DEVICE.open(&lines, config)?;
    /// # Ok::<(), edgepipe::OpenError>(())
    /// # }).unwrap();
    /// ```
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
        config: impl Borrow<Config>,
    ) -> Result<(Capture, Reader<Edge>), OpenError> {
        let parts = Parts {
            channel: &self.channel,
            storage: self.buffer.storage(),
            callbacks: &self.sources.callbacks,
            debounced: &self.sources.debounced,
            // A constant: without debounced lines, their code is not linked.
            start_debounced: if DEBOUNCED > 0 {
                Some(Debounce::start_all)
            } else {
                None
            },
            interrupts: &self.sources,
        };
        parts.open(lines, config.borrow())
    }
}

/// What `EdgeDevice`s of any size have, so that opening one is the same code for all.
struct Parts {
    channel: &'static Channel,
    storage: Storage,
    callbacks: &'static [Callback<PortLines>],
    debounced: &'static [Debounce],
    start_debounced: Option<StartDebounced>,
    interrupts: &'static dyn Interrupts,
}

/// [`Debounce::start_all`].
type StartDebounced = fn(&[Line], &'static Channel, &'static [Debounce]) -> Result<(), LineError>;

impl Parts {
    fn open(&self, lines: &[Line], config: &Config) -> Result<(Capture, Reader<Edge>), OpenError> {
        // Borrowed, because to move it out of the result is to copy it.
        let setup = &config.resolve(RECORD_BYTES, self.storage.bytes() / RECORD_BYTES);
        let setup = setup.as_ref().map_err(|error| *error)?;
        edges::check(lines, self.callbacks.len(), self.debounced.len())?;
        self.channel.open(self.storage, setup)?;
        // From here on, dropping these two undoes what was done.
        let capture = Capture::new(self.channel, self.interrupts);
        let reader = Reader::new(self.channel);
        self.start(lines)?;
        Ok((capture, reader))
    }

    fn start(&self, lines: &[Line]) -> Result<(), LineError> {
        edges::start(lines, self.channel, self.callbacks)?;
        if let Some(start) = self.start_debounced {
            start(lines, self.channel, self.debounced)?;
        }
        edges::enable(lines)?;
        // Last, because everything above may fire callbacks for edges that never were.
        self.channel.arm(self.interrupts)
    }
}

/// Where a capture of strobed bytes lives: a buffer of `BYTES` bytes, its pipe and semaphores, and
/// an interrupt callback. It goes into a `static`.
///
/// An edge of the strobe line latches one to eight data lines into a byte. The capture has one line
/// that interrupts; all the rest is as for edges, with a byte as the record.
///
/// ```
/// use edgepipe::StrobeDevice;
///
/// static SENSOR: StrobeDevice<256> = StrobeDevice::new();
/// ```
pub struct StrobeDevice<const BYTES: usize> {
    channel: Channel,
    buffer: Buffer<1, BYTES>,
    callback: Callback<Strobe>,
}

impl<const BYTES: usize> StrobeDevice<BYTES> {
    /// A device that is not open.
    pub const fn new() -> Self {
        Self {
            channel: Channel::new(),
            buffer: Buffer::new(),
            callback: Callback::new(),
        }
    }

    /// Configures `strobe` and the 1 to 8 lines of `data` as inputs and starts to capture: each
    /// edge of the strobe that its trigger selects latches a byte, the first data line in bit 0.
    ///
    /// Where bytes are lost, the ledger tells; a stream of plain bytes has no place for a mark. A
    /// plain byte has no time either, so after a read that leaves some, `flush_after` may count
    /// from an earlier byte than the oldest unread one; never from a later one.
    ///
    /// ```
    /// # zephyr::sim::run(|| {
    /// use edgepipe::{Config, Line, StrobeDevice, Trigger};
    ///
    /// static SENSOR: StrobeDevice<256> = StrobeDevice::new();
    /// # let port = zephyr::sim::gpio(0);
    /// let data_ready = Line::new(port, 8, 0).with_trigger(Trigger::Falling);
    /// let data = [0, 1, 2, 3, 4, 5, 6, 7].map(|pin| Line::new(port, pin, 0));
    /// let (capture, reader) = SENSOR.open(data_ready, &data, Config::DEFAULT)?;
    /// # Ok::<(), edgepipe::OpenError>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Context
    ///
    /// Thread only.
    ///
    /// # Errors
    ///
    /// [`OpenError`]; a line's number there is its place in `data`, and the strobe's is
    /// `data.len()`. No line is left configured to interrupt.
    pub fn open(
        &'static self,
        strobe: Line,
        data: &[Line],
        config: impl Borrow<Config>,
    ) -> Result<(Capture, Reader<u8>), OpenError> {
        let setup = config.borrow().resolve(1, BYTES)?;
        strobe::check(strobe, data)?;
        self.channel.open(self.buffer.storage(), &setup)?;
        // From here on, dropping these two undoes what was done.
        let capture = Capture::new(&self.channel, &self.callback);
        let reader = Reader::new(&self.channel);
        strobe::start(strobe, data, &self.channel, &self.callback)?;
        // Last, because everything above may fire callbacks for edges that never were.
        self.channel.arm(&self.callback)?;
        Ok((capture, reader))
    }
}

impl<const PORTS: usize, const DEBOUNCED: usize> Interrupts for Sources<PORTS, DEBOUNCED> {
    fn begin(&'static self) -> Result<(), LineError> {
        for callback in &self.callbacks {
            if let Some(lines) = callback.handler() {
                lines.begin()?;
            }
        }
        for debounce in &self.debounced {
            debounce.begin()?;
        }
        Ok(())
    }

    fn levels(&'static self) -> u32 {
        let mut levels = 0;
        for callback in &self.callbacks {
            levels |= callback.handler().map_or(0, PortLines::levels);
        }
        for debounce in &self.debounced {
            levels |= debounce.levels();
        }
        levels
    }

    fn stop(&'static self) {
        self.callbacks.iter().for_each(Callback::remove);
        self.debounced.iter().for_each(Debounce::stop);
    }
}

impl Interrupts for Callback<Strobe> {
    fn begin(&'static self) -> Result<(), LineError> {
        Ok(())
    }

    fn levels(&'static self) -> u32 {
        let byte = self.handler().map(Strobe::read);
        byte.map_or(0, |byte| byte.unwrap_or(0).into())
    }

    fn stop(&'static self) {
        self.remove();
    }
}

impl<const RECORDS: usize, const PORTS: usize, const DEBOUNCED: usize> Default
    for EdgeDevice<RECORDS, PORTS, DEBOUNCED>
{
    fn default() -> Self {
        Self::new()
    }
}

impl<const BYTES: usize> Default for StrobeDevice<BYTES> {
    fn default() -> Self {
        Self::new()
    }
}

impl<const RECORDS: usize, const PORTS: usize, const DEBOUNCED: usize> fmt::Debug
    for EdgeDevice<RECORDS, PORTS, DEBOUNCED>
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EdgeDevice")
            .field("ledger", &self.channel.ledger())
            .finish_non_exhaustive()
    }
}

impl<const BYTES: usize> fmt::Debug for StrobeDevice<BYTES> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StrobeDevice")
            .field("ledger", &self.channel.ledger())
            .finish_non_exhaustive()
    }
}
