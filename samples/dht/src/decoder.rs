//! The answer of a DHT22: 40 bits after a start. Each is low for 50 us, and then high: for 26 us if it is 0, for 70 us
//! if it is 1. The start is low for 80 us and high for 80 us.

use core::fmt;

use edgepipe::{Edge, Level};

const BITS: usize = 40;

/// How long a high pulse may last, in nanoseconds. The interrupts that tell of it come with a delay.
const SHORTEST_NS: u64 = 10_000;
const ONE_NS: u64 = 48_000;
const START_NS: u64 = 60_000;
const LONGEST_NS: u64 = 100_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Measurement {
    /// In tenths of a degree Celsius.
    pub temperature: i16,
    /// Relative, in tenths of a percent.
    pub humidity: u16,
}

/// Why an answer is no measurement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wrong {
    /// Edges were lost.
    Hole,
    /// It does not have 40 bits, but this many.
    Length(usize),
    /// It does not begin as an answer does.
    Start,
    /// This bit, of 0 to 39, is neither 0 nor 1.
    Bit(usize),
    Checksum,
}

/// Makes a measurement of the edges of an answer.
pub(crate) fn decode(answer: &[Edge]) -> Result<Measurement, Wrong> {
    if has_hole(answer) {
        return Err(Wrong::Hole);
    }
    let count = high_pulses(answer).count();
    // The line is also high before the start. Whether that is a pulse depends on how soon it rises.
    if count != BITS + 1 && count != BITS + 2 {
        return Err(Wrong::Length(count.saturating_sub(1)));
    }
    let mut pulses = high_pulses(answer).skip(count - BITS - 1);
    let start_ns = pulses.next().unwrap_or(0);
    if !(START_NS..LONGEST_NS).contains(&start_ns) {
        return Err(Wrong::Start);
    }
    let mut bits = 0_u64;
    for (index, ns) in pulses.enumerate() {
        if !(SHORTEST_NS..LONGEST_NS).contains(&ns) {
            return Err(Wrong::Bit(index));
        }
        bits = bits << 1 | u64::from(ns >= ONE_NS);
    }
    measurement(bits)
}

/// The first edge has the hole of the time in which the line was driven: in that, none was lost.
fn has_hole(answer: &[Edge]) -> bool {
    let mut later = answer.iter().skip(1);
    answer.first().is_some_and(|edge| edge.lost_before() > 0)
        || later.any(|edge| edge.gap.is_some())
}

/// How long each high pulse lasts, in nanoseconds.
fn high_pulses(answer: &[Edge]) -> impl Iterator<Item = u64> + '_ {
    let pairs = answer.iter().zip(answer.iter().skip(1));
    let pulses = pairs.filter(|(begin, end)| (begin.level, end.level) == (Level::High, Level::Low));
    pulses.map(|(begin, end)| end.timestamp_ns.saturating_sub(begin.timestamp_ns))
}

fn measurement(bits: u64) -> Result<Measurement, Wrong> {
    let [_, _, _, data @ .., checksum] = bits.to_be_bytes();
    if data.into_iter().fold(0, u8::wrapping_add) != checksum {
        return Err(Wrong::Checksum);
    }
    let [humidity, temperature] = [[data[0], data[1]], [data[2], data[3]]].map(u16::from_be_bytes);
    // A sign and a magnitude.
    let magnitude = (temperature & 0x7fff) as i16;
    let is_negative = temperature & 0x8000 != 0;
    Ok(Measurement {
        temperature: if is_negative { -magnitude } else { magnitude },
        humidity,
    })
}

impl fmt::Display for Measurement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.temperature < 0 { "-" } else { "" };
        let temperature = self.temperature.unsigned_abs();
        write!(f, "{sign}{}.{} C, ", temperature / 10, temperature % 10)?;
        write!(f, "{}.{} %", self.humidity / 10, self.humidity % 10)
    }
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Hole => f.write_str("edges were lost"),
            Self::Length(count) => write!(f, "{count} bits instead of {BITS}"),
            Self::Start => f.write_str("it does not begin as an answer"),
            Self::Bit(index) => write!(f, "bit {index} is neither 0 nor 1"),
            Self::Checksum => f.write_str("the checksum is wrong"),
        }
    }
}
