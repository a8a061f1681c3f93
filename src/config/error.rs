//! Why `open` refuses a configuration, or a line.

use core::fmt;

use crate::{ClockError, Error};

/// Declares [`ConfigError`] with the text of each error.
macro_rules! config_errors {
    ($(
        $(#[$doc:meta])*
        $name:ident $({ $($(#[$field_doc:meta])* $field:ident: $type:ty,)* })? => $text:literal,
    )*) => {
        /// Why a configuration is wrong.
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
    /// The threshold is zero records, which would always be reached.
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
    /// The idle time is shorter than a tick.
    IdleAfterZero => "the idle time is 0; it must be at least a tick",
    /// The headroom is the whole capacity or more: the capture would always be full.
    HeadroomTooLarge {
        /// Records asked for.
        headroom: u32,
        /// Records that fit.
        capacity: u32,
    } => "headroom is {headroom} records; it must be below the capacity of {capacity}",
    /// [`Overflow::DropOldest`](crate::Overflow::DropOldest) with room for one record: the gap record takes that.
    DropOldestCapacity => "DropOldest needs a capacity of at least 2 records: one is for the gap record",
    /// [`Overflow::DropOldest`](crate::Overflow::DropOldest) for samples, among which no gap record can stand.
    DropOldestSamples => "DropOldest is for edges only; take DropNewest or Freeze for samples",
    /// [`Overflow::DropOldest`](crate::Overflow::DropOldest) with delivery through a pipe, which keeps the oldest records.
    DropOldestPipe => "DropOldest does not go with delivery through a pipe; deliver directly",
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
    /// The configuration is wrong.
    Config(ConfigError),
    /// A line cannot be captured.
    Line {
        /// Index of the line.
        line: usize,
        /// What the GPIO driver said; or [`Error::BUSY`], when the pin belongs to another capture.
        error: Error,
    },
    /// The clock cannot be used.
    Clock(ClockError),
    /// A kernel call failed, or the device is open already ([`Error::BUSY`]).
    Other(Error),
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Config(error) => error.fmt(f),
            Self::Line { line, error } if *error == Error::BUSY => {
                write!(
                    f,
                    "line {line}: the pin belongs to another capture ({error})"
                )
            }
            Self::Other(error) if *error == Error::BUSY => {
                write!(
                    f,
                    "open already, or a read of its pipe has not returned ({error})"
                )
            }
            Self::Line { line, error } => write!(f, "line {line}: {error}"),
            Self::Clock(error) => error.fmt(f),
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

impl From<ClockError> for OpenError {
    fn from(error: ClockError) -> Self {
        Self::Clock(error)
    }
}

impl From<Error> for OpenError {
    fn from(error: Error) -> Self {
        Self::Other(error)
    }
}

/// [`OpenError::Line`], small enough to be returned in two registers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LineError {
    pub(crate) line: usize,
    pub(crate) error: Error,
}

impl LineError {
    pub(crate) const fn new(line: usize, error: Error) -> Self {
        Self { line, error }
    }

    /// `result`, with `line` in its error.
    pub(crate) fn of<T>(line: usize, result: Result<T, Error>) -> Result<T, Self> {
        result.map_err(|error| Self::new(line, error))
    }

    /// The result of a claim to the pin of `line`, which fails when another capture owns the pin.
    pub(crate) fn of_claim(line: usize, claimed: Result<(), u32>) -> Result<(), Self> {
        claimed.map_err(|_| Self::new(line, Error::BUSY))
    }
}

impl From<LineError> for OpenError {
    fn from(LineError { line, error }: LineError) -> Self {
        Self::Line { line, error }
    }
}
