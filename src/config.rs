//! What a capture is opened with, and why that is refused.

use core::fmt;

use zephyr::time::Duration;

use crate::{Error, sys::pipe};

/// When a capture is ready, that is, when waiters wake.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Readiness {
    /// At least one record is pending.
    Any,
    /// At least this many records are pending.
    Records(u32),
    /// The buffer is full: all is pending that fits before the [headroom](Config::headroom).
    #[default]
    Full,
}

/// What becomes of edges for which there is no room. Either way they are counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Overflow {
    /// They are lost; as soon as a read makes room, edges are stored again.
    #[default]
    DropNewest,
    /// They are lost, and so is every edge until all that is pending has been read: what can be
    /// read is one stretch without a hole.
    Freeze,
}

/// How records get from the interrupt handler to a reader.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Delivery {
    /// A read takes them from the buffer.
    #[default]
    Direct,
    /// When the capture becomes ready, all that is pending is handed over to a `k_pipe`, which the device
    /// has for that, in pieces of at most eight records. Reads take it from there, and so can other code:
    /// [`Reader::pipe`](crate::Reader::pipe). A read of the library's also takes what is pending behind it.
    ///
    /// What was handed over counts as delivered, and the capture is ready until it has been read. What
    /// finds no room in the pipe stays pending: give the pipe room for the threshold at least.
    Pipe,
}

/// How a capture behaves.
///
/// A wrong configuration is an error of `open`. Where it is a constant, [`Config::assert_fits`]
/// makes it one of the compiler.
///
/// ```
/// use edgepipe::{Config, EdgeDevice, Overflow, Readiness};
///
/// static DEVICE: EdgeDevice<64> = EdgeDevice::new();
/// const EVERY_16: Config = Config { ready: Readiness::Records(16), ..Config::DEFAULT };
/// const ONE_STRETCH: Config = Config { overflow: Overflow::Freeze, ..EVERY_16 }.assert_fits(64);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Config {
    /// How many records the buffer holds; `None` for all that the device has room for.
    pub capacity: Option<u32>,
    /// How many of these are behind the mark at which the capture is [full](Readiness::Full): records that
    /// may still arrive while the woken reader is on its way. `None`, the default, is a quarter of the capacity,
    /// rounded down, or [`HEADROOM_MAX`] if that is less. With 0, the capture is full when the next edge would be
    /// lost. It has no effect beside a threshold.
    pub headroom: Option<u32>,
    /// When waiters wake.
    pub ready: Readiness,
    /// Waiters also wake when the oldest unread record has been there for this long, so that a
    /// tail never waits for ever. `None`, the default, lets it wait.
    ///
    /// The resolution is one tick of Zephyr's system clock; it is never early, and up to two ticks late.
    pub flush_after: Option<Duration>,
    /// What becomes of edges for which there is no room.
    pub overflow: Overflow,
    /// How records get to a reader.
    pub deliver: Delivery,
}

/// The most headroom that a capture has by default, in records: of 1,024, 960 are full.
pub const HEADROOM_MAX: u32 = 64;

impl Config {
    /// The default: all of the buffer, ready when it is full, a quarter of it headroom, no deadline, newest
    /// edges dropped, read directly.
    pub const DEFAULT: Self = Self {
        capacity: None,
        headroom: None,
        ready: Readiness::Full,
        flush_after: None,
        overflow: Overflow::DropNewest,
        deliver: Delivery::Direct,
    };

    /// The same configuration, found right for a device with room for `records` records.
    ///
    /// # Panics
    ///
    /// If `open` would refuse it. In a constant, that is an error of the compiler. Whether the device has a pipe, and
    /// the lines, are not looked at.
    pub const fn assert_fits(self, records: usize) -> Self {
        // What the device's pipe has room for is not known here.
        let Err(error) = self.resolve(1, records, 1) else {
            return self;
        };
        match error {
            ConfigError::CapacityZero => panic!("the capacity is 0 records"),
            ConfigError::CapacityTooLarge { .. } => {
                panic!("the capacity is larger than the device's buffer")
            }
            ConfigError::ThresholdZero => panic!("the threshold is 0 records"),
            ConfigError::ThresholdAboveCapacity { .. } => {
                panic!("the threshold is above the capacity")
            }
            ConfigError::FlushAfterZero => panic!("the flush deadline is 0 ticks"),
            ConfigError::HeadroomTooLarge { .. } => {
                panic!("the headroom is not below the capacity")
            }
            _ => panic!("the configuration is wrong"),
        }
    }

    /// What a channel needs to know, for a device with room for `room` records of `size` bytes, and a pipe
    /// of `pipe` records.
    pub(crate) const fn resolve(
        &self,
        size: usize,
        room: usize,
        pipe: usize,
    ) -> Result<Setup, ConfigError> {
        let room = room as u32;
        let capacity = match self.capacity {
            Some(0) => return Err(ConfigError::CapacityZero),
            Some(capacity) if capacity > room => {
                return Err(ConfigError::CapacityTooLarge { capacity, room });
            }
            Some(capacity) => capacity,
            None => room,
        };
        let headroom = match self.headroom {
            Some(headroom) if headroom >= capacity => {
                return Err(ConfigError::HeadroomTooLarge { headroom, capacity });
            }
            Some(headroom) => headroom,
            None if capacity / 4 > HEADROOM_MAX => HEADROOM_MAX,
            None => capacity / 4,
        };
        if let Err(error) = self.ready.check(capacity) {
            return Err(error);
        }
        let flush_after = match self.flush_after {
            Some(duration) if duration.ticks() == 0 => return Err(ConfigError::FlushAfterZero),
            Some(duration) => duration.ticks(),
            None => 0,
        };
        let most = pipe::BYTES_MAX / size;
        match self.deliver {
            Delivery::Pipe if pipe == 0 => return Err(ConfigError::NoPipe),
            Delivery::Pipe if pipe > most => return Err(ConfigError::PipeTooLarge { most }),
            Delivery::Pipe | Delivery::Direct => {}
        }
        Ok(Setup {
            size,
            capacity,
            headroom,
            ready: self.ready,
            flush_after,
            overflow: self.overflow,
            deliver: self.deliver,
        })
    }
}

/// What a channel is opened with, checked.
#[derive(Clone, Copy)]
pub(crate) struct Setup {
    /// Bytes in a record.
    pub(crate) size: usize,
    /// Records that fit.
    pub(crate) capacity: u32,
    /// How many of them are behind the mark "full", fewer than `capacity`.
    pub(crate) headroom: u32,
    pub(crate) ready: Readiness,
    /// Ticks that a record may wait; 0 for as long as it takes.
    pub(crate) flush_after: u64,
    pub(crate) overflow: Overflow,
    pub(crate) deliver: Delivery,
}

impl Readiness {
    /// Whether a buffer of `capacity` records can become ready like this.
    pub(crate) const fn check(self, capacity: u32) -> Result<(), ConfigError> {
        match self {
            Self::Records(0) => Err(ConfigError::ThresholdZero),
            Self::Records(threshold) if threshold > capacity => {
                Err(ConfigError::ThresholdAboveCapacity {
                    threshold,
                    capacity,
                })
            }
            Self::Any | Self::Records(_) | Self::Full => Ok(()),
        }
    }
}

/// Declares [`ConfigError`], and what each error says.
macro_rules! config_errors {
    ($(
        $(#[$doc:meta])*
        $name:ident $({ $($(#[$field_doc:meta])* $field:ident: $type:ty,)* })? => $text:literal,
    )*) => {
        /// A configuration that cannot be right.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum ConfigError {
            $($(#[$doc])* $name $({ $($(#[$field_doc])* $field: $type,)* })?,)*
        }

        impl fmt::Display for ConfigError {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match *self {
                    $(Self::$name $({ $($field),* })? => write!(f, $text),)*
                }
            }
        }
    };
}

config_errors! {
    /// The capacity is zero records.
    CapacityZero => "capacity is 0 records; it must be at least 1",
    /// The capacity is larger than the device's buffer.
    CapacityTooLarge {
        /// Records asked for.
        capacity: u32,
        /// Records that the device has room for.
        room: u32,
    } => "capacity is {capacity} records; the device has room for {room}",
    /// The threshold is zero records, which would always hold.
    ThresholdZero => "threshold is 0 records; it must be at least 1",
    /// The threshold is above the capacity and could never be reached.
    ThresholdAboveCapacity {
        /// Records asked for.
        threshold: u32,
        /// Records that fit.
        capacity: u32,
    } => "threshold is {threshold} records; it must not exceed the capacity of {capacity}",
    /// The flush deadline is shorter than a tick.
    FlushAfterZero => "the flush deadline is 0; it must be at least a tick",
    /// The headroom is the whole capacity or more: the capture would always be full.
    HeadroomTooLarge {
        /// Records asked for.
        headroom: u32,
        /// Records that fit.
        capacity: u32,
    } => "headroom is {headroom} records; it must be below the capacity of {capacity}",
    /// Delivery through a pipe was asked for, and the device has none.
    NoPipe => "the device has no pipe to deliver through; raise PIPE",
    /// The device's pipe is larger than Zephyr's `ring_buf` allows without `CONFIG_RING_BUFFER_LARGE`.
    PipeTooLarge {
        /// Records that a pipe can have.
        most: usize,
    } => "the device's pipe is above {most} records; lower PIPE, or set CONFIG_RING_BUFFER_LARGE",
    /// No line was given.
    NoLine => "no line was given; a capture needs at least 1",
    /// More lines were given than a record can name.
    TooManyLines {
        /// Lines given.
        lines: usize,
        /// Lines that the capture can have.
        most: usize,
    } => "{lines} lines were given; this capture can have {most}",
    /// The lines are spread over more GPIO ports than the device has callbacks for.
    TooManyPorts {
        /// Ports that the device can listen to.
        ports: usize,
    } => "the lines are on more than {ports} GPIO ports; raise PORTS",
    /// More lines are to be debounced than the device has timers for.
    TooManyDebounced {
        /// Lines that the device can debounce.
        room: usize,
    } => "more than {room} lines are to be debounced; raise DEBOUNCED",
    /// A line's pin number is not below 32.
    PinOutOfRange {
        /// Index of the line.
        line: usize,
    } => "line {line} has a pin number above 31; a GPIO port has pins 0 to 31",
    /// The same pin was given twice.
    LineTwice {
        /// Index of the second occurrence.
        line: usize,
    } => "line {line} is a pin that an earlier line has; give each pin once",
}

impl core::error::Error for ConfigError {}

impl From<ConfigError> for Error {
    fn from(_: ConfigError) -> Self {
        Self::INVALID_INPUT
    }
}

/// Why a device could not be opened. Nothing stays configured, and another `open` may follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum OpenError {
    /// The configuration cannot be right.
    Config(ConfigError),
    /// A line cannot be captured.
    Line {
        /// Index of the line.
        line: usize,
        /// What the GPIO driver said; or [`Error::BUSY`], when the pin belongs to another capture.
        error: Error,
    },
    /// A kernel call failed, or the device is open already ([`Error::BUSY`]).
    Other(Error),
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Config(error) => error.fmt(f),
            Self::Line { line, error } => write!(f, "line {line}: {error}"),
            Self::Other(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for OpenError {}

impl From<ConfigError> for OpenError {
    fn from(error: ConfigError) -> Self {
        Self::Config(error)
    }
}

impl From<Error> for OpenError {
    fn from(error: Error) -> Self {
        Self::Other(error)
    }
}

/// [`OpenError::Line`], small enough to be returned from call to call in two registers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LineError {
    pub(crate) line: usize,
    pub(crate) error: Error,
}

impl LineError {
    pub(crate) const fn new(line: usize, error: Error) -> Self {
        Self { line, error }
    }

    /// A result that is about `line`.
    pub(crate) fn of<T>(line: usize, result: Result<T, Error>) -> Result<T, Self> {
        result.map_err(|error| Self::new(line, error))
    }

    /// A claim to the pin of `line`, which fails when another capture has it.
    pub(crate) fn of_claim(line: usize, claimed: Result<(), u32>) -> Result<(), Self> {
        claimed.map_err(|_| Self::new(line, Error::BUSY))
    }
}

impl From<LineError> for OpenError {
    fn from(LineError { line, error }: LineError) -> Self {
        Self::Line { line, error }
    }
}
