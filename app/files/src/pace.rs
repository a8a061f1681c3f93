//! How fast a recording is played.

use edgepipe_recording::{Recording, TimeUnit};

use crate::options::Stretch;
use crate::ratio::Ratio;

/// The latest simulated time, in microseconds: 292 years. In nanoseconds it still fits the signed 64 bits that kernels
/// count in.
const TIME_MAX_US: u64 = i64::MAX as u64 / 1000;

/// From times of the recording, in its unit, to times of the simulated clock, and back.
///
/// The clock counts microseconds, in both worlds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Pace {
    stretch: u32,
    us_per_unit: Ratio,
}

impl Pace {
    /// Of the application's own stimulus, which is in microseconds.
    pub(crate) const OWN: Self = Self {
        stretch: 1,
        us_per_unit: Ratio::ONE,
    };

    /// Of a recording. The error is its cause.
    pub(crate) fn of(recording: &Recording, stretch: Stretch) -> Result<Self, String> {
        let (unit, last) = (recording.unit(), recording.duration());
        let times = match stretch {
            Stretch::Auto => exact(unit, recording.step()),
            Stretch::By(times) => times.into(),
        };
        Self::new(unit, times)
            .filter(|pace| pace.checked_us(last).is_some())
            .ok_or_else(|| {
                format!(
                    "it lasts {last} times {unit}; {times} times slower, that is longer than 292 years: a smaller \
                     --stretch plays it, with rounded times"
                )
            })
    }

    fn new(unit: TimeUnit, stretch: u64) -> Option<Self> {
        Some(Self {
            stretch: stretch.try_into().ok()?,
            us_per_unit: us(unit, stretch)?,
        })
    }

    /// How many times slower the recording is played.
    pub(crate) fn stretch(self) -> u32 {
        self.stretch
    }

    /// The simulated time of a time of the recording, rounded to the nearest.
    pub(crate) fn to_us(self, time: u64) -> u64 {
        self.checked_us(time).unwrap_or(TIME_MAX_US)
    }

    fn checked_us(self, time: u64) -> Option<u64> {
        self.us_per_unit.of(time).filter(|&us| us <= TIME_MAX_US)
    }

    /// The recording's time of a simulated time, rounded to the nearest.
    pub(crate) fn to_time(self, us: u64) -> u64 {
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
