//! The unit of a recording's times.

use std::fmt;

/// The prefixes of a second, and how many of it are one.
const PREFIXES: [(u128, &str); 6] = [
    (1, "s"),
    (1_000, "ms"),
    (1_000_000, "us"),
    (1_000_000_000, "ns"),
    (1_000_000_000_000, "ps"),
    (1_000_000_000_000_000, "fs"),
];

/// The unit of a recording's times, as an exact fraction of a second.
///
/// In a VCD it is the time scale. In an `.sr` it is the time from sample to sample, which need not be a power of ten: at
/// 24 MHz it is 1/24 us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeUnit {
    numerator: u64,
    denominator: u64,
}

impl TimeUnit {
    /// One microsecond.
    pub const MICROSECOND: Self = Self {
        numerator: 1,
        denominator: 1_000_000,
    };

    /// `numerator`/`denominator` seconds; `None` if either is 0.
    pub fn new(numerator: u64, denominator: u64) -> Option<Self> {
        let divisor = greatest_common_divisor(numerator, denominator);
        (numerator > 0 && denominator > 0).then(|| Self {
            numerator: numerator / divisor,
            denominator: denominator / divisor,
        })
    }

    /// The numerator and the denominator of the unit in seconds, in lowest terms. Neither is 0.
    pub fn fraction(self) -> (u64, u64) {
        (self.numerator, self.denominator)
    }
}

/// As `10 ns`, or as a fraction if no prefix makes it a whole number: `1/24 us`.
impl fmt::Display for TimeUnit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (numerator, denominator) = (u128::from(self.numerator), u128::from(self.denominator));
        for (power, prefix) in PREFIXES {
            if numerator * power % denominator == 0 {
                return write!(f, "{} {prefix}", numerator * power / denominator);
            }
        }
        let divides = |(power, _): &(u128, _)| denominator % power == 0;
        let (power, prefix) = PREFIXES.into_iter().rfind(divides).unwrap_or((1, "s"));
        write!(f, "{numerator}/{} {prefix}", denominator / power)
    }
}

/// 0 only if both are 0.
pub(crate) fn greatest_common_divisor(mut a: u64, mut b: u64) -> u64 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unit_is_shown_with_the_largest_prefix_that_makes_it_whole() {
        for (numerator, denominator, shown) in [
            (1, 1, "1 s"),
            (100, 1, "100 s"),
            (1, 1_000, "1 ms"),
            (1, 100_000_000, "10 ns"),
            (100, 1_000_000, "100 us"),
            (1, 125_000_000, "8 ns"),
            (1, 400_000_000, "2500 ps"),
            (1, 1_000_000_000_000_000, "1 fs"),
            (1, 24_000_000, "1/24 us"),
            (1, 48_000, "1/48 ms"),
            (1, 44_100, "1/44100 s"),
            (2, 3, "2/3 s"),
            (
                u64::MAX,
                u64::MAX - 1,
                "18446744073709551615/18446744073709551614 s",
            ),
        ] {
            let unit = TimeUnit::new(numerator, denominator).unwrap();
            assert_eq!(unit.to_string(), shown);
        }
    }

    #[test]
    fn a_unit_is_kept_in_lowest_terms_and_is_not_zero() {
        let unit = TimeUnit::new(10, 1_000_000_000).unwrap();
        assert_eq!(unit.fraction(), (1, 100_000_000));
        assert_eq!(TimeUnit::new(0, 1), None);
        assert_eq!(TimeUnit::new(1, 0), None);
    }
}
