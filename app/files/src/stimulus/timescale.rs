//! From a VCD file's time unit to microseconds.

use vcd::TimescaleUnit;

/// The latest time, in microseconds: 292 years. In nanoseconds it still fits the signed 64 bits
/// that kernels count in.
pub const TIME_MAX_US: u64 = i64::MAX as u64 / 1000;

/// The length of one VCD time unit: `quantity`/`divisor` seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Timescale {
    quantity: u32,
    divisor: u64,
}

impl Timescale {
    pub(super) fn new(quantity: u32, unit: TimescaleUnit) -> Option<Self> {
        (quantity > 0).then_some(Self {
            quantity,
            divisor: unit.divisor(),
        })
    }

    /// `time` in microseconds, to the nearest, halves up; `None` beyond [`TIME_MAX_US`].
    pub(super) fn to_us(self, time: u64) -> Option<u64> {
        // 64 + 32 + 20 bits: the product fits.
        let us_times_divisor = u128::from(time) * u128::from(self.quantity) * 1_000_000;
        let divisor = u128::from(self.divisor);
        let us = u64::try_from((us_times_divisor + divisor / 2) / divisor).ok()?;
        (us <= TIME_MAX_US).then_some(us)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use TimescaleUnit::{FS, MS, NS, PS, S, US};

    #[test]
    fn every_unit_gives_microseconds() {
        for (quantity, unit, time, us) in [
            (100, S, 3, 300_000_000),
            (1, MS, 3, 3_000),
            (10, US, 3, 30),
            (1, NS, 3_000, 3),
            (1, PS, 3_000_000, 3),
            (1, FS, 3_000_000_000, 3),
        ] {
            assert_eq!(
                Timescale::new(quantity, unit).unwrap().to_us(time),
                Some(us),
                "{unit}"
            );
        }
    }

    #[test]
    fn rounding_is_to_the_nearest_and_halves_go_up() {
        let ns = Timescale::new(1, NS).unwrap();
        assert_eq!(
            [0, 499, 500, 1_499, 1_500].map(|t| ns.to_us(t).unwrap()),
            [0, 0, 1, 1, 2]
        );
    }

    #[test]
    fn the_extremes_neither_overflow_nor_wrap() {
        assert_eq!(Timescale::new(u32::MAX, S).unwrap().to_us(u64::MAX), None);
        assert_eq!(
            Timescale::new(1, FS).unwrap().to_us(u64::MAX),
            Some(18_446_744_074)
        );
        assert_eq!(
            Timescale::new(1, US).unwrap().to_us(TIME_MAX_US),
            Some(TIME_MAX_US)
        );
        assert_eq!(Timescale::new(1, US).unwrap().to_us(TIME_MAX_US + 1), None);
        assert_eq!(Timescale::new(0, US), None);
    }
}
