//! Times as text.

use edgepipe_recording::TimeUnit;

const PREFIXES: [(f64, &str); 6] = [
    (1.0, "s"),
    (1e3, "ms"),
    (1e6, "us"),
    (1e9, "ns"),
    (1e12, "ps"),
    (1e15, "fs"),
];

pub(crate) fn seconds(unit: TimeUnit) -> f64 {
    let (numerator, denominator) = unit.fraction();
    numerator as f64 / denominator as f64
}

/// A time in the largest unit in which it is 1 or more, with as many digits as say where it is to a hundredth of `step`.
pub(crate) fn text(seconds: f64, step: f64) -> String {
    let (per_second, prefix) = PREFIXES
        .into_iter()
        .find(|(per_second, _)| seconds * per_second >= 1.0 - 1e-9)
        .unwrap_or((1.0, "s"));
    let digits = -(step * per_second / 100.0).log10();
    let text = format!(
        "{:.*}",
        digits.clamp(0.0, 15.0) as usize,
        seconds * per_second
    );
    let text = match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.'),
        false => &text,
    };
    format!("{text} {prefix}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_has_the_largest_unit_that_leaves_no_zero_before_the_point() {
        for (seconds, step, shown) in [
            (0.0, 1.0, "0 s"),
            (1.0, 1.0, "1 s"),
            (0.02, 0.01, "20 ms"),
            (0.0345, 0.0005, "34.5 ms"),
            (0.000_001, 0.000_001, "1 us"),
            (1e-15, 1e-15, "1 fs"),
            (864_000.0, 100_000.0, "864000 s"),
        ] {
            assert_eq!(text(seconds, step), shown);
        }
    }
}
