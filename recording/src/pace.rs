//! How fast a recording is played.

use std::str::FromStr;

use crate::ratio::Ratio;
use crate::{Recording, TimeUnit};

/// How much slower than it was recorded a recording is played.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stretch {
    /// As little as possible, so that every time is a whole number of the clock's microseconds.
    Auto,
    /// This many times.
    By(u32),
}

/// From `auto` or a number. The error says what is expected.
impl FromStr for Stretch {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "auto" {
            return Ok(Self::Auto);
        }
        match text.parse() {
            // `parse` would take a plus sign.
            Ok(times @ 1..) if text.bytes().all(|byte| byte.is_ascii_digit()) => {
                Ok(Self::By(times))
            }
            _ => Err(format!("expected auto, or 1 to {}", u32::MAX)),
        }
    }
}

/// The latest simulated time, in microseconds: 292 years. In nanoseconds it still fits the signed 64 bits that kernels
/// count in.
const TIME_MAX_US: u64 = i64::MAX as u64 / 1000;

/// From times of the recording, in its unit, to times of the simulated clock, and back.
///
/// The clock counts microseconds, on `native_sim` and on the simulated kernel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    stretch: u32,
    us_per_unit: Ratio,
}

impl Pace {
    /// Of a stimulus that is in microseconds.
    pub const MICROSECONDS: Self = Self {
        stretch: 1,
        us_per_unit: Ratio::ONE,
    };

    /// Of a recording.
    ///
    /// # Errors
    ///
    /// It is too long for the clock. The error is the cause, without the file.
    pub fn of(recording: &Recording, stretch: Stretch) -> Result<Self, String> {
        let (unit, last) = (recording.unit(), recording.duration());
        let times = match stretch {
            Stretch::Auto => exact(unit, recording.step()),
            Stretch::By(times) => times.into(),
        };
        Self::new(unit, times)
            .filter(|pace| pace.checked_us(last).is_some())
            .ok_or_else(|| {
                let long = format!(
                    "{last} times {unit} is too long: the simulated clock counts 292 years"
                );
                match times {
                    1 => long,
                    _ => format!(
                        "stretched {times} times, {long}; a smaller --stretch rounds the times"
                    ),
                }
            })
    }

    fn new(unit: TimeUnit, stretch: u64) -> Option<Self> {
        Some(Self {
            stretch: stretch.try_into().ok()?,
            us_per_unit: us(unit, stretch)?,
        })
    }

    /// How many times slower the recording is played.
    pub fn stretch(self) -> u32 {
        self.stretch
    }

    /// The simulated time of a time of the recording, rounded to the nearest.
    pub fn to_us(self, time: u64) -> u64 {
        self.checked_us(time).unwrap_or(TIME_MAX_US)
    }

    fn checked_us(self, time: u64) -> Option<u64> {
        self.us_per_unit.of(time).filter(|&us| us <= TIME_MAX_US)
    }

    /// The recording's time of a simulated time, rounded to the nearest.
    pub fn to_time(self, us: u64) -> u64 {
        self.us_per_unit.inverse().of(us).unwrap_or(u64::MAX)
    }
}

/// The smallest stretch with which every multiple of `step` is a whole number of microseconds.
fn exact(unit: TimeUnit, step: u64) -> u64 {
    us(unit, step).map_or(1, Ratio::denominator)
}

/// Microseconds in that many units.
fn us(unit: TimeUnit, units: u64) -> Option<Ratio> {
    let (numerator, denominator) = unit.fraction();
    let us = u128::from(numerator).checked_mul(1_000_000 * u128::from(units))?;
    Ratio::new(us, denominator.into())
}
