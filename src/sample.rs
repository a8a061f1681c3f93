//! Samples: what a strobe latches, with or without a time.

use crate::record::{Format, Kind, TIME_FIELD_BITS};
use crate::sys::gpio::Claim;

/// A sample of data lines, as a [`StrobeDevice`](crate::StrobeDevice) latches it: `u8`, `u16` or `u32`, for at most 8, 16
/// or 32 lines, or the same with a time, [`Timed`].
///
/// The first line is bit 0. Bits without a line are 0. No other type can implement it.
#[expect(private_bounds, reason = "it is sealed")]
pub trait Sample: Stored {}

/// A sample with the time at which it was latched.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Timed<T> {
    /// When the interrupt handler saw the strobe's edge, in nanoseconds of the capture's clock, rounded down. As
    /// [`Edge::timestamp_ns`](crate::Edge::timestamp_ns), it is monotonic across wraps of the counter.
    pub timestamp_ns: u64,
    /// The levels of the data lines.
    pub value: T,
}

/// How a sample is stored.
pub(crate) trait Stored: Copy + Send + Sync + 'static {
    /// Something for each data line that there can be.
    type PerLine<X: Send + Sync>: AsRef<[X]> + AsMut<[X]> + Send + Sync;
    /// A record in the ring.
    type Record: Copy + Send;

    /// The most data lines.
    const LINES: usize;
    const FORMAT: Format;
    const CLAIMS: Self::PerLine<Claim>;

    /// The same for each line.
    fn each<X: Copy + Send + Sync>(it: X) -> Self::PerLine<X>;

    /// The record of a value that was latched at `time`, as in the record of an edge.
    fn record(value: u32, time: u64) -> Self::Record;

    /// The sample with this value and time, in nanoseconds.
    fn of(value: u32, time_ns: u64) -> Self;
}

/// A value without a time.
pub(crate) trait Value: Stored {
    /// A record with a time.
    type Timed: Copy + Send;

    fn timed(value: u32, time: u64) -> Self::Timed;
}

const fn format<T>(kind: Kind) -> Format {
    Format {
        kind,
        shift: size_of::<T>().trailing_zeros() as u8,
    }
}

/// Implements what all values have in common, with the record of one that has a time.
macro_rules! value {
    ($value:ident, $timed:ty, $record:expr) => {
        impl Sample for $value {}

        impl Stored for $value {
            type PerLine<X: Send + Sync> = [X; $value::BITS as usize];
            type Record = Self;

            const LINES: usize = $value::BITS as usize;
            const FORMAT: Format = format::<Self>(Kind::Samples);
            #[expect(
                clippy::declare_interior_mutable_const,
                reason = "each device begins with a copy"
            )]
            const CLAIMS: Self::PerLine<Claim> = [const { Claim::new() }; $value::BITS as usize];

            fn each<X: Copy + Send + Sync>(it: X) -> Self::PerLine<X> {
                [it; $value::BITS as usize]
            }

            #[inline]
            fn record(value: u32, _time: u64) -> Self {
                value as Self
            }

            fn of(value: u32, _time_ns: u64) -> Self {
                value as Self
            }
        }

        impl Value for $value {
            type Timed = $timed;

            #[inline]
            fn timed(value: u32, time: u64) -> $timed {
                $record(u64::from(value), time)
            }
        }
    };
}

value!(u8, u64, with_value);
value!(u16, u64, with_value);
value!(u32, [u64; 2], |value, time| [time, value]);

/// `time`, with a value of at most 16 bits in the bits above it.
#[inline]
const fn with_value(value: u64, time: u64) -> u64 {
    time | value << TIME_FIELD_BITS
}

impl<T: Value> Sample for Timed<T> {}

impl<T: Value> Stored for Timed<T> {
    type PerLine<X: Send + Sync> = T::PerLine<X>;
    type Record = T::Timed;

    const LINES: usize = T::LINES;
    const FORMAT: Format = format::<T::Timed>(Kind::TimedSamples);
    const CLAIMS: Self::PerLine<Claim> = T::CLAIMS;

    fn each<X: Copy + Send + Sync>(it: X) -> Self::PerLine<X> {
        T::each(it)
    }

    #[inline]
    fn record(value: u32, time: u64) -> Self::Record {
        T::timed(value, time)
    }

    fn of(value: u32, time_ns: u64) -> Self {
        Self {
            timestamp_ns: time_ns,
            value: T::of(value, time_ns),
        }
    }
}
