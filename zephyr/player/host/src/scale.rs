//! From a recording's time to the simulated clock's.

use crate::stretch::greatest_common_divisor;

/// Microseconds of simulated time for a unit of the recording's, as a fraction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scale {
    numerator: u128,
    denominator: u128,
    /// The last time that is converted without an overflow.
    duration: u64,
}

impl Scale {
    /// For a unit of `numerator / denominator` seconds, played `stretch` times slower. `None` if `duration` units are
    /// more than the simulated clock can count.
    pub fn new((numerator, denominator): (u64, u64), stretch: u64, duration: u64) -> Option<Self> {
        let per_unit = u128::from(numerator).checked_mul(u128::from(stretch))?;
        let per_unit = per_unit.checked_mul(1_000_000)?;
        let divisor = greatest_common_divisor(per_unit, u128::from(denominator)).max(1);
        let scale = Self {
            numerator: per_unit / divisor,
            denominator: u128::from(denominator) / divisor,
            duration,
        };
        // The largest number means "never" to the simulator.
        scale.checked_us(duration).filter(|&us| us < u64::MAX)?;
        Some(scale)
    }

    /// The time in microseconds, rounded to the nearest. Later times than the duration count as the duration.
    pub fn us(&self, time: u64) -> u64 {
        // A `Scale` is only made if its duration can be converted.
        self.checked_us(time.min(self.duration))
            .unwrap_or(u64::MAX - 1)
    }

    fn checked_us(&self, time: u64) -> Option<u64> {
        let product = u128::from(time).checked_mul(self.numerator)?;
        let rounded = product.checked_add(self.denominator / 2)? / self.denominator;
        u64::try_from(rounded).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_rounded_to_the_nearest_microsecond() {
        let scale = Scale::new((1, 1_000_000_000), 1, 10_000).unwrap();
        let us = [0, 499, 500, 1_499, 1_500, 10_000].map(|ns| scale.us(ns));
        assert_eq!(us, [0, 0, 1, 1, 2, 10]);
    }

    #[test]
    fn a_stretched_time_is_exact() {
        let scale = Scale::new((1, 24_000_000), 24, 1_000).unwrap();
        assert_eq!([0, 1, 1_000].map(|sample| scale.us(sample)), [0, 1, 1_000]);
    }

    #[test]
    fn a_time_that_the_clock_cannot_count_is_refused() {
        assert!(Scale::new((1, 1_000_000), 1, u64::MAX - 1).is_some());
        assert_eq!(Scale::new((1, 1_000_000), 1, u64::MAX), None);
        assert_eq!(Scale::new((1, 1), 1, u64::MAX), None);
        assert_eq!(Scale::new((u64::MAX, 1), u64::MAX, 1), None);
    }
}
