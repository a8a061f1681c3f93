//! Devices: the memory of captures, in statics.

use core::borrow::Borrow;

use crate::channel::{Channel, Interrupts, THROUGH_PIPE, ThroughPipe};
use crate::source::control::{self, Lines};
use crate::source::{self, edges, strobe};
use crate::sys::storage::{Buffer, Storage};
use crate::{
    Capture, Config, Edge, Line, LineError, OpenError, RECORD_BYTES, Reader, Sample, WeakReader,
    record::Format, source::debounce::Debounce, source::port::PortLines, sys::gpio::Callback,
};

/// The memory of a capture of edges, for a `static`: a buffer of `RECORDS` records, semaphores, interrupt callbacks for
/// up to `PORTS` GPIO ports, timers for up to `DEBOUNCED` debounced lines, and a pipe with a buffer of `PIPE` more
/// records, if the capture is to [deliver through one](crate::Delivery::Pipe). A buffer for no record does not compile.
pub struct EdgeDevice<
    const RECORDS: usize,
    const PORTS: usize = 2,
    const DEBOUNCED: usize = 0,
    const PIPE: usize = 0,
> {
    channel: Channel,
    buffer: Buffer<u64, RECORDS>,
    pipe: Buffer<u64, PIPE>,
    sources: Sources<PORTS, DEBOUNCED>,
}

/// The interrupt sources of an `EdgeDevice`.
struct Sources<const PORTS: usize, const DEBOUNCED: usize> {
    callbacks: [Callback<PortLines>; PORTS],
    debounced: [Debounce; DEBOUNCED],
}

impl<const RECORDS: usize, const PORTS: usize, const DEBOUNCED: usize, const PIPE: usize>
    EdgeDevice<RECORDS, PORTS, DEBOUNCED, PIPE>
{
    /// A device that is not open.
    pub const fn new() -> Self {
        const {
            assert!(RECORDS > 0, "a device needs room for at least one record");
            assert!(PORTS > 0, "a device needs at least one port");
        }
        Self {
            channel: Channel::new(),
            buffer: Buffer::new(),
            pipe: Buffer::new(),
            sources: Sources {
                callbacks: [const { Callback::new() }; PORTS],
                debounced: [const { Debounce::new() }; DEBOUNCED],
            },
        }
    }

    /// Configures `lines` as inputs and starts to capture their edges. Thread only.
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
    /// # Errors
    ///
    /// [`OpenError`]; no line stays configured to interrupt. [`Error::BUSY`](crate::Error::BUSY) of a line means that
    /// its pin belongs to another capture, which is not disturbed.
    pub fn open(
        &'static self,
        lines: &[Line],
        config: impl Borrow<Config>,
    ) -> Result<(Capture, Reader<Edge>), OpenError> {
        let parts = Parts {
            channel: &self.channel,
            storage: self.buffer.storage(),
            pipe: self.pipe.storage(),
            // A constant, as below, so that without a pipe the code for it is not linked.
            through: if PIPE > 0 { Some(&THROUGH_PIPE) } else { None },
            callbacks: &self.sources.callbacks,
            debounced: &self.sources.debounced,
            debounce: if DEBOUNCED > 0 { Some(DEBOUNCE) } else { None },
            lines: &self.sources,
        };
        parts.open(lines, config.borrow())
    }

    /// Suspends the device, after which no line interrupts. A capture that runs is paused, as by
    /// [`Capture::pause`], until [`resume`](Self::resume); its application cannot resume it, nor change its lines. A device
    /// that is not open cannot be opened until then. Zephyr's power management (`CONFIG_PM_DEVICE`) calls this for the
    /// device of a devicetree node. No effect while it is suspended. Thread only.
    ///
    /// # Errors
    ///
    /// [`Error::BUSY`](crate::Error::BUSY) while another thread opens or closes the capture, or changes its lines.
    #[cfg(edgepipe_pm)]
    pub fn suspend(&'static self) -> Result<(), OpenError> {
        self.sources.sources().suspend(&self.channel)
    }

    /// Resumes the device. The hole of a capture that runs is marked, as by [`Capture::resume`]. If its application has
    /// paused it, it stays so. No effect unless it is suspended. Thread only.
    ///
    /// # Errors
    ///
    /// As [`suspend`](Self::suspend); [`OpenError::Line`] with a controller's error, or with
    /// [`Error::SUSPENDED`](crate::Error::SUSPENDED) if the controller still is. Then the device is still suspended.
    #[cfg(edgepipe_pm)]
    pub fn resume(&'static self) -> Result<(), OpenError> {
        self.sources
            .sources()
            .unsuspend(&self.channel, &self.sources)
    }
}

/// An `EdgeDevice` without its sizes, so that the same code opens devices of all sizes.
struct Parts {
    channel: &'static Channel,
    storage: Storage,
    pipe: Storage,
    through: Option<&'static ThroughPipe>,
    callbacks: &'static [Callback<PortLines>],
    debounced: &'static [Debounce],
    debounce: Option<Debouncing>,
    lines: &'static dyn Lines,
}

type Started = Result<(), LineError>;

/// [`Debounce::claim_all`] and [`Debounce::start_all`].
struct Debouncing {
    claim: fn(&[Line], &'static [Debounce]) -> Started,
    start: fn(&[Line], &'static Channel, &'static [Debounce]) -> Started,
}

const DEBOUNCE: Debouncing = Debouncing {
    claim: Debounce::claim_all,
    start: Debounce::start_all,
};

impl Parts {
    fn open(&self, lines: &[Line], config: &Config) -> Result<(Capture, Reader<Edge>), OpenError> {
        let records = |storage: Storage| storage.bytes() / RECORD_BYTES;
        // Borrowed, because moving it out of the result would copy it.
        let setup = &config.resolve(Format::EDGES, records(self.storage), records(self.pipe));
        let setup = setup.as_ref().map_err(|error| *error)?;
        edges::check(lines, self.callbacks.len(), self.debounced.len())?;
        setup.clock.start()?;
        self.channel
            .open(self.storage, self.pipe, self.through, setup)?;
        // From here on, dropping these two undoes what was done.
        let capture = Capture {
            channel: self.channel,
            lines: self.lines,
        };
        let debounced = (0..).zip(lines).filter(|(_, line)| line.is_debounced());
        let debounced = debounced.fold(0, |bits, (index, _)| bits | 1 << index);
        let mut reader = Reader::new(WeakReader::of(self.channel), debounced);
        reader.begin(self.start(lines)?);
        Ok((capture, reader))
    }

    /// Returns the levels before the first edge.
    fn start(&self, lines: &[Line]) -> Result<u32, LineError> {
        // Claims come first, so that no pin of another capture is configured.
        edges::claim(lines, self.callbacks)?;
        if let Some(debounce) = &self.debounce {
            (debounce.claim)(lines, self.debounced)?;
        }
        edges::start(lines, self.channel, self.callbacks)?;
        if let Some(debounce) = &self.debounce {
            (debounce.start)(lines, self.channel, self.debounced)?;
        }
        edges::enable(lines)?;
        // Last, because everything above may fire callbacks for edges that never were.
        self.channel.arm(self.lines)
    }
}

/// The memory of a capture of strobed samples, for a `static`: a buffer of `RECORDS` samples, semaphores, an interrupt
/// callback, and a pipe with a buffer of `PIPE` more samples, if the capture is to [deliver through
/// one](crate::Delivery::Pipe).
///
/// An edge of the strobe line latches the data lines into a sample. Only the strobe line interrupts. Everything else is
/// as for edges, with a sample as the record. `T` is the type of the samples, and decides how many data lines there can
/// be, and how many bytes a record has:
///
/// | `T` | data lines | bytes |
/// |---|---|---|
/// | `u8` | 1 to 8 | 1 |
/// | `u16` | 1 to 16 | 2 |
/// | `u32` | 1 to 32 | 4 |
/// | `Timed<u8>` | 1 to 8 | 8 |
/// | `Timed<u16>` | 1 to 16 | 8 |
/// | `Timed<u32>` | 1 to 32 | 16 |
pub struct StrobeDevice<T: Sample, const RECORDS: usize, const PIPE: usize = 0> {
    channel: Channel,
    buffer: Buffer<T::Record, RECORDS>,
    pipe: Buffer<T::Record, PIPE>,
    source: strobe::Source<T>,
}

impl<T: Sample, const RECORDS: usize, const PIPE: usize> StrobeDevice<T, RECORDS, PIPE> {
    /// A device that is not open.
    pub const fn new() -> Self {
        const { assert!(RECORDS > 0, "a device needs room for at least one record") }
        Self {
            channel: Channel::new(),
            buffer: Buffer::new(),
            pipe: Buffer::new(),
            source: strobe::Source::new(),
        }
    }

    /// Configures `strobe` and the lines of `data` as inputs and starts to capture: each edge of the strobe that its
    /// trigger selects latches a sample, the first data line in bit 0. Thread only.
    ///
    /// Each port is read once for a sample, so lines of one port are latched at one instant. Lines whose pins are in the
    /// order of their bits, such as a bus at pins 4 to 19, cost no more than one line.
    ///
    /// A stream of samples has no gap records: a read ends where samples were lost, and [`Reader::gap`] tells how many. A
    /// sample without a time has another limit, too: after a read that leaves some samples, `flush_after` may count from
    /// an earlier sample than the oldest unread one, but never from a later one.
    ///
    /// ```
    /// # zephyr::sim::run(|| {
    /// use edgepipe::{Config, Line, StrobeDevice, Timed, Trigger};
    ///
    /// static SENSOR: StrobeDevice<u8, 256> = StrobeDevice::new();
    /// # let port = zephyr::sim::gpio(0);
    /// let data_ready = Line::new(port, 8, 0).with_trigger(Trigger::Falling);
    /// let data = [0, 1, 2, 3, 4, 5, 6, 7].map(|pin| Line::new(port, pin, 0));
    /// let (capture, reader) = SENSOR.open(data_ready, &data, Config::DEFAULT)?;
    ///
    /// // Sixteen lines, and a time for each sample.
    /// static CONVERTER: StrobeDevice<Timed<u16>, 64> = StrobeDevice::new();
    /// # let port = zephyr::sim::gpio(1);
    /// let bus: [Line; 16] = core::array::from_fn(|pin| Line::new(port, pin as u8, 0));
    /// let (converter, samples) = CONVERTER.open(Line::new(port, 20, 0), &bus, Config::DEFAULT)?;
    /// # Ok::<(), edgepipe::OpenError>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// [`OpenError`]; a line's number there is its place in `data`, and the strobe's is `data.len()`. No line stays
    /// configured to interrupt.
    pub fn open(
        &'static self,
        strobe: Line,
        data: &[Line],
        config: impl Borrow<Config>,
    ) -> Result<(Capture, Reader<T>), OpenError> {
        let setup = config.borrow().resolve(T::FORMAT, RECORDS, PIPE)?;
        source::check(data, T::LINES, Some(&strobe))?;
        setup.clock.start()?;
        let through = if PIPE > 0 { Some(&THROUGH_PIPE) } else { None };
        self.channel
            .open(self.buffer.storage(), self.pipe.storage(), through, &setup)?;
        // From here on, dropping these two undoes what was done.
        let capture = Capture {
            channel: &self.channel,
            lines: &self.source,
        };
        let reader = Reader::new(WeakReader::of(&self.channel), 0);
        strobe::start(strobe, data, &self.channel, &self.source)?;
        // Last, because everything above may fire callbacks for edges that never were.
        self.channel.arm(&self.source)?;
        Ok((capture, reader))
    }

    /// As [`EdgeDevice::suspend`].
    ///
    /// # Errors
    ///
    /// As there.
    #[cfg(edgepipe_pm)]
    pub fn suspend(&'static self) -> Result<(), OpenError> {
        self.source.sources().suspend(&self.channel)
    }

    /// As [`EdgeDevice::resume`].
    ///
    /// # Errors
    ///
    /// As there.
    #[cfg(edgepipe_pm)]
    pub fn resume(&'static self) -> Result<(), OpenError> {
        self.source.sources().unsuspend(&self.channel, &self.source)
    }
}

impl<T: Sample, const RECORDS: usize, const PIPE: usize> Default
    for StrobeDevice<T, RECORDS, PIPE>
{
    fn default() -> Self {
        Self::new()
    }
}

impl<const PORTS: usize, const DEBOUNCED: usize> Interrupts for Sources<PORTS, DEBOUNCED> {
    fn begin(&'static self, again: bool) -> Result<u32, LineError> {
        let mut ports = self.callbacks.iter().filter_map(Callback::handler);
        let levels = ports.try_fold(0, |levels, port| Ok(levels | port.begin(again)?))?;
        let mut debounced = self.debounced.iter();
        debounced.try_fold(levels, |levels, line| Ok(levels | line.begin(again)?))
    }

    fn levels(&'static self) -> u32 {
        let ports = self.callbacks.iter().filter_map(Callback::handler);
        let levels = ports.fold(0, |levels, port| levels | port.levels());
        let debounced = self.debounced.iter();
        debounced.fold(levels, |levels, line| levels | line.levels())
    }

    fn stop(&'static self) {
        self.callbacks.iter().for_each(Callback::remove);
        self.debounced.iter().for_each(Debounce::stop);
    }
}

impl<const PORTS: usize, const DEBOUNCED: usize> Lines for Sources<PORTS, DEBOUNCED> {
    fn sources(&'static self) -> control::Sources {
        control::Sources::Edges {
            callbacks: &self.callbacks,
            debounced: &self.debounced,
        }
    }
}

static_traits!(EdgeDevice<RECORDS, PORTS, DEBOUNCED, PIPE>, |device| device.channel.ledger());
opaque_debug!([T: Sample, const RECORDS: usize, const PIPE: usize] StrobeDevice<T, RECORDS, PIPE>, |device| device.channel.ledger());
