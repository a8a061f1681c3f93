//! The text of a `$timescale`.

use crate::TimeUnit;
use crate::error::quoted;

/// `1 us`, `10ns` and so on, with or without a blank. The error is the cause.
pub(super) fn parse(text: &str) -> Result<TimeUnit, String> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (quantity, unit) = text.split_at(digits);
    let unit = unit.trim_start();
    if unit.starts_with('.') {
        return Err(format!("time scale {} is not a whole number", quoted(text)));
    }
    if unit.starts_with('-') && digits == 0 {
        return Err(format!("time scale {} is negative", quoted(text)));
    }
    if digits == 0 {
        return Err(format!("time scale {} has no number", quoted(text)));
    }
    let denominator = match unit.to_ascii_lowercase().as_str() {
        "s" => 1,
        "ms" => 1_000,
        "us" => 1_000_000,
        "ns" => 1_000_000_000,
        "ps" => 1_000_000_000_000,
        "fs" => 1_000_000_000_000_000,
        "" => return Err(format!("time scale {} has no unit", quoted(text))),
        _ => {
            return Err(format!(
                "{} is no unit of time: s, ms, us, ns, ps or fs are",
                quoted(unit)
            ));
        }
    };
    match quantity.parse::<u32>() {
        Ok(quantity) => TimeUnit::new(quantity.into(), denominator)
            .ok_or_else(|| format!("time scale {} is zero", quoted(text))),
        Err(_) => Err(format!("time scale {} is too large", quoted(text))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_scale_is_a_number_and_a_unit() {
        for (text, fraction) in [
            ("100 s", (100, 1)),
            ("10ms", (1, 100)),
            ("1 us", (1, 1_000_000)),
            ("100 NS", (1, 10_000_000)),
            ("1ps", (1, 1_000_000_000_000)),
            ("1 fs", (1, 1_000_000_000_000_000)),
            ("25 ns", (1, 40_000_000)),
        ] {
            assert_eq!(parse(text).map(TimeUnit::fraction), Ok(fraction), "{text}");
        }
    }

    #[test]
    fn what_is_wrong_with_it_is_said_in_words() {
        for (text, cause) in [
            ("0 us", "time scale '0 us' is zero"),
            ("1.5 ns", "time scale '1.5 ns' is not a whole number"),
            ("-1 ns", "time scale '-1 ns' is negative"),
            ("ns", "time scale 'ns' has no number"),
            ("", "time scale '' has no number"),
            ("1", "time scale '1' has no unit"),
            (
                "1 parsec",
                "'parsec' is no unit of time: s, ms, us, ns, ps or fs are",
            ),
            ("9999999999 s", "time scale '9999999999 s' is too large"),
        ] {
            assert_eq!(parse(text), Err(cause.into()));
        }
    }
}
