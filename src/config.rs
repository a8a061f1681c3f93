//! What a capture is opened with, and why that is refused.

use core::fmt;

use zephyr::time::Duration;

use crate::{Error, channel::Setup};

/// When a capture is ready, that is, when waiters wake.
///
/// ```
/// use edgepipe::{Config, Readiness};
///
/// let often = Config { ready: Readiness::Any, ..Config::DEFAULT };
/// let seldom = Config { ready: Readiness::Full, ..Config::DEFAULT };
/// # assert_ne!(often, seldom);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Readiness {
    /// At least one record is pending.
    Any,
    /// At least this many records are pending.
    Records(u32),
    /// There is no room for one more record.
    #[default]
    Full,
}

/// What becomes of edges for which there is no room. Either way they are counted.
///
/// ```
/// use edgepipe::{Config, Overflow};
///
/// let one_stretch = Config { overflow: Overflow::Freeze, ..Config::DEFAULT };
/// # assert_ne!(one_stretch, Config::DEFAULT);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Overflow {
    /// They are lost; as soon as a read makes room, edges are stored again.
    #[default]
    DropNewest,
    /// They are lost, and so is every edge until all that is pending has been read: what can be
    /// read is one stretch without a hole.
    Freeze,
}

/// How a capture behaves.
///
/// A wrong configuration is an error of `open`. Where it is a constant, [`Config::assert_fits`]
/// makes it one of the compiler.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Config {
    /// How many records the buffer holds; `None` for all that the device has room for.
    pub capacity: Option<u32>,
    /// When waiters wake.
    pub ready: Readiness,
    /// Waiters also wake when the oldest unread record has been there for this long, so that a
    /// tail never waits for ever. `None`, the default, lets it wait.
    ///
    /// The resolution is one tick of Zephyr's system clock.
    pub flush_after: Option<Duration>,
    /// What becomes of edges for which there is no room.
    pub overflow: Overflow,
    /// How many records of the buffer the interrupt handler fills by itself before it writes them to
    /// the pipe in one call; `None`, the default, is all of a buffer of up to twice
    /// [`BLOCK_DEFAULT`], else that.
    ///
    /// A call costs the same for any number, so a larger block is cheaper for each edge. Interrupts
    /// are off while it is written, so a smaller one is shorter for the edge that does it. A buffer
    /// that is not larger than the block is one block, and the pipe has nothing to do; then the handler, at
    /// the end of the buffer, moves what a read has left to its beginning, all at once.
    pub block: Option<u32>,
}

/// Records in a block of a larger buffer, unless [`Config::block`] says otherwise.
///
/// ```
/// // A twentieth of a millisecond of 64 MHz goes into writing one.
/// assert_eq!(edgepipe::BLOCK_DEFAULT, 64);
/// ```
pub const BLOCK_DEFAULT: u32 = 64;

impl Config {
    /// The default: all of the buffer, ready when it is full, no deadline, newest edges dropped.
    pub const DEFAULT: Self = Self {
        capacity: None,
        ready: Readiness::Full,
        flush_after: None,
        overflow: Overflow::DropNewest,
        block: None,
    };

    /// The same configuration, found right for a device with room for `records` records.
    ///
    /// ```
    /// use edgepipe::{Config, Readiness};
    ///
    /// const CONFIG: Config =
    ///     Config { ready: Readiness::Records(16), ..Config::DEFAULT }.assert_fits(64);
    /// ```
    ///
    /// ```compile_fail
    /// # use edgepipe::{Config, Readiness};
    /// const CONFIG: Config =
    ///     Config { ready: Readiness::Records(65), ..Config::DEFAULT }.assert_fits(64);
    /// ```
    ///
    /// # Panics
    ///
    /// If `open` would refuse it. In a constant, that is an error of the compiler.
    pub const fn assert_fits(self, records: usize) -> Self {
        match self.resolve(1, records) {
            Ok(_) => self,
            Err(ConfigError::CapacityZero) => panic!("the capacity is 0 records"),
            Err(ConfigError::CapacityTooLarge { .. }) => {
                panic!("the capacity is larger than the device's buffer")
            }
            Err(ConfigError::ThresholdZero) => panic!("the threshold is 0 records"),
            Err(ConfigError::ThresholdAboveCapacity { .. }) => {
                panic!("the threshold is above the capacity")
            }
            Err(ConfigError::FlushAfterZero) => panic!("the flush deadline is 0 ticks"),
            Err(ConfigError::BlockZero) => panic!("the block is 0 records"),
            Err(_) => panic!("the configuration is wrong"),
        }
    }

    /// What a channel needs to know, for a device with room for `room` records of `size` bytes.
    pub(crate) const fn resolve(&self, size: usize, room: usize) -> Result<Setup, ConfigError> {
        let room = room as u32;
        let capacity = match self.capacity {
            Some(0) => return Err(ConfigError::CapacityZero),
            Some(capacity) if capacity > room => {
                return Err(ConfigError::CapacityTooLarge { capacity, room });
            }
            Some(capacity) => capacity,
            None => room,
        };
        let threshold = match self.ready.threshold(capacity) {
            Ok(threshold) => threshold,
            Err(error) => return Err(error),
        };
        let flush_after = match self.flush_after {
            Some(duration) if duration.ticks() == 0 => return Err(ConfigError::FlushAfterZero),
            Some(duration) => duration.ticks(),
            None => 0,
        };
        let block = match self.block {
            Some(0) => return Err(ConfigError::BlockZero),
            Some(block) => block,
            None if capacity <= 2 * BLOCK_DEFAULT => capacity,
            None => BLOCK_DEFAULT,
        };
        Ok(Setup {
            size,
            capacity,
            threshold,
            flush_after,
            overflow: self.overflow,
            block: if block < capacity { block } else { capacity },
        })
    }
}

impl Readiness {
    /// The number of pending records that makes a buffer of `capacity` records ready.
    pub(crate) const fn threshold(self, capacity: u32) -> Result<u32, ConfigError> {
        match self {
            Self::Any => Ok(1),
            Self::Records(0) => Err(ConfigError::ThresholdZero),
            Self::Records(threshold) if threshold > capacity => {
                Err(ConfigError::ThresholdAboveCapacity {
                    threshold,
                    capacity,
                })
            }
            Self::Records(threshold) => Ok(threshold),
            Self::Full => Ok(capacity),
        }
    }
}

/// A configuration that cannot be right.
///
/// ```
/// use edgepipe::ConfigError;
///
/// let error = ConfigError::ThresholdAboveCapacity { threshold: 65, capacity: 64 };
/// let message = "threshold is 65 records; it must not exceed the capacity of 64";
/// assert_eq!(error.to_string(), message);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ConfigError {
    /// The capacity is zero records.
    CapacityZero,
    /// The capacity is larger than the device's buffer.
    CapacityTooLarge {
        /// Records asked for.
        capacity: u32,
        /// Records that the device has room for.
        room: u32,
    },
    /// The threshold is zero records, which would always hold.
    ThresholdZero,
    /// The threshold is above the capacity and could never be reached.
    ThresholdAboveCapacity {
        /// Records asked for.
        threshold: u32,
        /// Records that fit.
        capacity: u32,
    },
    /// The flush deadline is shorter than a tick.
    FlushAfterZero,
    /// The block is zero records.
    BlockZero,
    /// No line was given.
    NoLine,
    /// More lines were given than a record can name.
    TooManyLines {
        /// Lines given.
        lines: usize,
        /// Lines that the capture can have.
        most: usize,
    },
    /// The lines are spread over more GPIO ports than the device has callbacks for.
    TooManyPorts {
        /// Ports that the device can listen to.
        ports: usize,
    },
    /// More lines are to be debounced than the device has timers for.
    TooManyDebounced {
        /// Lines that the device can debounce.
        room: usize,
    },
    /// A line's pin number is not below 32.
    PinOutOfRange {
        /// Index of the line.
        line: usize,
    },
    /// The same pin was given twice.
    LineTwice {
        /// Index of the second occurrence.
        line: usize,
    },
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::CapacityZero => write!(f, "capacity is 0 records; it must be at least 1"),
            Self::CapacityTooLarge { capacity, room } => {
                write!(
                    f,
                    "capacity is {capacity} records; the device has room for {room}"
                )
            }
            Self::ThresholdZero => write!(f, "threshold is 0 records; it must be at least 1"),
            Self::ThresholdAboveCapacity {
                threshold,
                capacity,
            } => write!(
                f,
                "threshold is {threshold} records; it must not exceed the capacity of {capacity}"
            ),
            Self::BlockZero => f.write_str("block is 0 records; it must be at least 1"),
            Self::FlushAfterZero => {
                write!(f, "the flush deadline is 0; it must be at least a tick")
            }
            Self::NoLine => write!(f, "no line was given; a capture needs at least 1"),
            Self::TooManyLines { lines, most } => {
                write!(f, "{lines} lines were given; this capture can have {most}")
            }
            Self::TooManyDebounced { room } => {
                write!(
                    f,
                    "more than {room} lines are to be debounced; raise DEBOUNCED"
                )
            }
            Self::TooManyPorts { ports } => {
                write!(
                    f,
                    "the lines are on more than {ports} GPIO ports; raise PORTS"
                )
            }
            Self::PinOutOfRange { line } => {
                write!(
                    f,
                    "line {line} has a pin number above 31; a GPIO port has pins 0 to 31"
                )
            }
            Self::LineTwice { line } => {
                write!(
                    f,
                    "line {line} is a pin that an earlier line has; give each pin once"
                )
            }
        }
    }
}

impl core::error::Error for ConfigError {}

impl From<ConfigError> for Error {
    fn from(_: ConfigError) -> Self {
        Self::INVALID_INPUT
    }
}

/// Why a device could not be opened. Nothing stays configured, and another `open` may follow.
///
/// ```
/// # zephyr::sim::run(|| {
/// use edgepipe::{Config, ConfigError, EdgeDevice, OpenError};
///
/// static DEVICE: EdgeDevice<8> = EdgeDevice::new();
/// let refused = DEVICE.open(&[], Config::DEFAULT).unwrap_err();
/// assert_eq!(refused, OpenError::Config(ConfigError::NoLine));
/// # });
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum OpenError {
    /// The configuration cannot be right.
    Config(ConfigError),
    /// The GPIO driver refused a line.
    Line {
        /// Index of the line.
        line: usize,
        /// What the driver said.
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

impl From<LineError> for OpenError {
    fn from(LineError { line, error }: LineError) -> Self {
        Self::Line { line, error }
    }
}
