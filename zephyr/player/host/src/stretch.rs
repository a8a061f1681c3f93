//! `--stretch`: how many times slower than recorded a recording is played.

use std::str::FromStr;

use edgepipe_recording::Recording;

/// The largest factor that can be asked for.
const MAX: u64 = 1_000_000_000;

/// The factor that the command line asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stretch {
    /// The smallest with which every time of the recording is a whole number of microseconds.
    Auto,
    /// This one, from 1.
    Times(u64),
}

impl FromStr for Stretch {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "auto" {
            return Ok(Self::Auto);
        }
        // `parse` would take a plus sign.
        let digits = text.bytes().all(|byte| byte.is_ascii_digit());
        let times = text.parse().ok().filter(|times| (1..=MAX).contains(times));
        times
            .filter(|_| digits)
            .map(Self::Times)
            .ok_or_else(|| format!("expected auto, or a whole number from 1 to {MAX}"))
    }
}

impl Stretch {
    /// The factor for this recording. `None` if that is out of all bounds.
    pub fn factor(self, recording: &Recording) -> Option<u64> {
        match self {
            Self::Times(times) => Some(times),
            Self::Auto => smallest(recording.step(), recording.unit().fraction()),
        }
    }
}

/// The smallest factor with which multiples of `step` units are whole microseconds. A unit is `numerator / denominator`
/// seconds.
fn smallest(step: u64, (numerator, denominator): (u64, u64)) -> Option<u64> {
    // Microseconds in a step, still to be divided by the denominator. Only the remainder matters.
    let denominator = u128::from(denominator);
    let remainder = |number: u64| u128::from(number) % denominator;
    let product = remainder(step) * remainder(numerator) % denominator * remainder(1_000_000);
    let divisor = greatest_common_divisor(denominator, product % denominator);
    u64::try_from(denominator / divisor).ok()
}

/// `b` if `a` is 0, and the reverse.
pub(crate) fn greatest_common_divisor(mut a: u128, mut b: u128) -> u128 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn auto_is_the_smallest_factor_that_makes_all_times_whole_microseconds() {
        for (step, unit, factor) in [
            (1, (1, 1_000_000), 1),
            (1, (1, 1_000), 1),
            (1, (1, 1), 1),
            (1, (1, 1_000_000_000), 1_000),
            (250, (1, 1_000_000_000), 4),
            (1_000, (1, 1_000_000_000), 1),
            (1_500, (1, 1_000_000_000), 2),
            (1, (1, 24_000_000), 24),
            (12, (1, 24_000_000), 2),
            (7, (1, 44_100), 63),
            // All times are 0.
            (0, (1, 1_000_000_000), 1),
            (1, (1, 1_000_000_000_000_000), 1_000_000_000),
            (u64::MAX, (u64::MAX, 1), 1),
            (1, (1, u64::MAX), u64::MAX / 5),
        ] {
            assert_eq!(smallest(step, unit), Some(factor), "{step} {unit:?}");
        }
    }

    #[test]
    fn a_factor_is_auto_or_a_positive_whole_number() {
        assert_eq!("auto".parse(), Ok(Stretch::Auto));
        assert_eq!("24".parse(), Ok(Stretch::Times(24)));
        for wrong in [
            "",
            "0",
            "-1",
            "+1",
            "1.5",
            "Auto",
            "1000000001",
            "99999999999999999999",
        ] {
            assert!(wrong.parse::<Stretch>().is_err(), "{wrong}");
        }
    }
}
