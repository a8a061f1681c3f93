//! What a capture is opened with, and why that is refused.

use core::fmt;

use crate::{Error, LINES_MAX};

/// When a capture is ready, that is, when waiters wake.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Readiness {
    /// There is no room for one more record.
    #[default]
    Full,
    /// At least this many records are pending.
    Records(u32),
}

/// How a capture behaves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Config {
    /// How many records the buffer holds; `None` for all that the device has room for.
    pub capacity: Option<u32>,
    /// When waiters wake.
    pub ready: Readiness,
}

impl Config {
    /// Checks the configuration against a device with room for `room` records.
    ///
    /// Returns the capacity and the threshold, both in records.
    pub(crate) fn resolve(&self, room: u32) -> Result<(u32, u32), ConfigError> {
        let capacity = self.capacity.unwrap_or(room);
        if capacity == 0 {
            return Err(ConfigError::CapacityZero);
        }
        if capacity > room {
            return Err(ConfigError::CapacityTooLarge { capacity, room });
        }
        Ok((capacity, self.ready.threshold(capacity)?))
    }
}

impl Readiness {
    /// The number of pending records that makes a buffer of `capacity` records ready.
    pub(crate) fn threshold(self, capacity: u32) -> Result<u32, ConfigError> {
        match self {
            Self::Full => Ok(capacity),
            Self::Records(0) => Err(ConfigError::ThresholdZero),
            Self::Records(threshold) if threshold > capacity => {
                Err(ConfigError::ThresholdAboveCapacity {
                    threshold,
                    capacity,
                })
            }
            Self::Records(threshold) => Ok(threshold),
        }
    }
}

/// A configuration that cannot be right.
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
    /// No line was given.
    NoLine,
    /// More lines were given than a record can name.
    TooManyLines {
        /// Lines given.
        lines: usize,
    },
    /// The lines are spread over more GPIO ports than the device has callbacks for.
    TooManyPorts {
        /// Ports that the device can listen to.
        ports: usize,
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
            Self::NoLine => write!(f, "no line was given; a capture needs at least 1"),
            Self::TooManyLines { lines } => {
                write!(
                    f,
                    "{lines} lines were given; a capture can have {LINES_MAX}"
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
