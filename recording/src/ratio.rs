//! A fraction by which times are multiplied.

/// A positive fraction in lowest terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ratio {
    numerator: u64,
    denominator: u64,
}

impl Ratio {
    /// 1.
    pub const ONE: Self = Self {
        numerator: 1,
        denominator: 1,
    };

    /// `None` if it is 0, or does not fit in lowest terms.
    pub fn new(numerator: u128, denominator: u128) -> Option<Self> {
        let common = gcd(numerator, denominator);
        if numerator == 0 || denominator == 0 {
            return None;
        }
        Some(Self {
            numerator: (numerator / common).try_into().ok()?,
            denominator: (denominator / common).try_into().ok()?,
        })
    }

    /// The smallest number by which this must be multiplied to be whole.
    pub fn denominator(self) -> u64 {
        self.denominator
    }

    /// 1 divided by this.
    pub fn inverse(self) -> Self {
        Self {
            numerator: self.denominator,
            denominator: self.numerator,
        }
    }

    /// `value` times this, to the nearest, halves up; `None` if it is too large.
    pub fn of(self, value: u64) -> Option<u64> {
        let Self {
            numerator,
            denominator,
        } = self;
        match value.checked_mul(numerator) {
            Some(product) if denominator == 1 => Some(product),
            _ => {
                let denominator = u128::from(denominator);
                let product = u128::from(value) * u128::from(numerator);
                u64::try_from((product + denominator / 2) / denominator).ok()
            }
        }
    }
}

fn gcd(mut a: u128, mut b: u128) -> u128 {
    while b > 0 {
        (a, b) = (b, a % b);
    }
    a
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounding_is_to_the_nearest_and_halves_go_up() {
        let thousandth = Ratio::new(2, 2_000).unwrap();
        assert_eq!(
            [0, 499, 500, 1_499, 1_500].map(|value| thousandth.of(value).unwrap()),
            [0, 0, 1, 1, 2]
        );
        assert_eq!(thousandth.denominator(), 1_000);
    }

    #[test]
    fn the_extremes_neither_overflow_nor_wrap() {
        let max = u128::from(u64::MAX);
        let largest = Ratio::new(max, 1).unwrap();
        assert_eq!((largest.of(1), largest.of(2)), (Some(u64::MAX), None));
        assert_eq!(largest.inverse().of(u64::MAX), Some(1));
        assert_eq!(Ratio::new(max, max - 1).unwrap().of(u64::MAX), None);
        assert_eq!(
            Ratio::new(max, max - 1).unwrap().of(u64::MAX - 1),
            Some(u64::MAX)
        );
        assert_eq!(
            (Ratio::new(0, 1), Ratio::new(1, 0), Ratio::new(max + 1, 1)),
            (None, None, None)
        );
    }
}
