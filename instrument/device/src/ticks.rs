//! Times of the stream.

const NS_PER_S: u64 = 1_000_000_000;

/// The ticks of a clock that has `rate_hz` of them in a second, at most 10⁹: the inverse of a conversion to nanoseconds
/// that rounds down.
pub(crate) const fn ticks(ns: u64, rate_hz: u32) -> u64 {
    let (seconds, rest) = (ns / NS_PER_S, ns % NS_PER_S);
    seconds * rate_hz as u64 + (rest * rate_hz as u64).div_ceil(NS_PER_S)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_that_was_rounded_down_comes_back() {
        for rate_hz in [32_768, 1_000_000, 12_000_000, 64_000_000, 1_000_000_000] {
            for cycles in (0..5_000).chain(10_000_000_000_000..10_000_000_005_000) {
                let ns = (u128::from(cycles) * u128::from(NS_PER_S) / u128::from(rate_hz)) as u64;
                assert_eq!(ticks(ns, rate_hz), cycles, "{rate_hz} Hz");
            }
        }
    }
}
