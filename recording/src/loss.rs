//! Losses that the comments of a VCD tell of.

use crate::TimeUnit;

/// Edges that were lost while the recording was made, as a comment tells:
/// `$comment lost 12 edges on the line, from 0.25 s to 0.5 s $end`. The times may be left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Loss {
    /// How many.
    pub lost: u64,
    /// When, in the recording's unit: in the middle of the two times, or where the comment is.
    pub at: u64,
}

impl Loss {
    /// The most of them that are kept, to bound memory.
    pub(crate) const MAX: usize = 100_000;
    /// The most words that are looked at.
    pub(crate) const WORDS_MAX: usize = 32;

    /// From the words of a comment at `now`, if it tells of a loss.
    pub(crate) fn read(words: &[String], now: u64, unit: TimeUnit) -> Option<Self> {
        let [first, number, rest @ ..] = words else {
            return None;
        };
        let after = |word: &str| -> Option<f64> {
            let place = rest.iter().position(|other| other == word)?;
            rest.get(place + 1)?.parse().ok()
        };
        let (numerator, denominator) = unit.fraction();
        let units = |seconds: f64| (seconds * denominator as f64 / numerator as f64).round();
        let at = match (after("from"), after("to")) {
            // What is no time at all is 0.
            (Some(from), Some(to)) => units((from + to) / 2.0) as u64,
            _ => now,
        };
        let lost = number.parse().ok().filter(|_| first == "lost")?;
        Some(Self { lost, at })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(comment: &str) -> Option<(u64, u64)> {
        let words: Vec<String> = comment.split(' ').map(String::from).collect();
        Loss::read(&words, 7, TimeUnit::MICROSECOND).map(|loss| (loss.lost, loss.at))
    }

    #[test]
    fn a_comment_tells_how_many_and_when() {
        let comment = "lost 12 edges on the line, from 0.000250000 s to 0.000300000 s";
        assert_eq!(read(comment), Some((12, 275)));
        assert_eq!(read("lost 12 edges"), Some((12, 7)));
        assert_eq!(read("lost 12 from here to there"), Some((12, 7)));
        assert_eq!(read("lost 1 from -1 s to NaN s"), Some((1, 0)));
        assert_eq!(read("lost and found"), None);
        assert_eq!(read("restart of the device, from 1 s to 2 s"), None);
        assert_eq!(read("lost"), None);
    }
}
