//! The unit of a capture's times.

use edgepipe_recording::{Ratio, TimeUnit};
use vcd::TimescaleUnit;

const FEMTOSECONDS: u128 = 1_000_000_000_000_000;
/// The largest unit of VCD, 100 s, is 10 to this, in femtoseconds.
const EXPONENT_MAX: u32 = 17;
/// 1 ns.
const EXPONENT_NS: u32 = 6;

/// A unit that VCD has: 1, 10 or 100 times a power of 1,000 of a second.
///
/// It is the largest that divides the recording's own. An `.sr` file counts samples, whose period may be no multiple of
/// any unit, as at 24 MHz. Then the unit is one nanosecond or, for faster samples, small enough to tell them apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Timescale {
    /// The unit is 10 to this, in femtoseconds.
    exponent: u32,
    /// Such units in one of the recording's.
    per_unit: Ratio,
}

impl Timescale {
    pub(crate) fn of(unit: TimeUnit) -> Self {
        let (numerator, denominator) = unit.fraction();
        let femtoseconds = u128::from(numerator) * FEMTOSECONDS;
        let size = |exponent| u128::from(denominator) * 10_u128.pow(exponent);
        let divides = |exponent: &u32| femtoseconds.is_multiple_of(size(*exponent));
        let apart = |exponent: &u32| femtoseconds >= 2 * size(*exponent);
        let exponent = (0..=EXPONENT_MAX)
            .rev()
            .find(divides)
            .or_else(|| (0..=EXPONENT_NS).rev().find(apart))
            .unwrap_or(0);
        Self {
            exponent,
            per_unit: Ratio::new(femtoseconds, size(exponent)).unwrap_or(Ratio::ONE),
        }
    }

    pub(crate) fn quantity(self) -> u32 {
        10_u32.pow(self.exponent % 3)
    }

    pub(crate) fn unit(self) -> TimescaleUnit {
        use TimescaleUnit::{FS, MS, NS, PS, S, US};
        [FS, PS, NS, US, MS, S][self.exponent as usize / 3]
    }

    /// A time of the recording in this unit, to the nearest; `None` if it has more than 64 bits.
    pub(crate) fn to_file(self, time: u64) -> Option<u64> {
        self.per_unit.of(time)
    }
}
