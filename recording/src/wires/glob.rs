//! Patterns of names.

use super::characters;

/// A name with `*`, for any text, and `?`, for any character.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Glob(Vec<Part>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Any,
    One,
    Character(char),
}

impl Glob {
    pub(super) fn parse(text: &str) -> Self {
        let part = |(_, c, escaped)| match (c, escaped) {
            ('*', false) => Part::Any,
            ('?', false) => Part::One,
            _ => Part::Character(c),
        };
        Self(characters(text).map(part).collect())
    }

    /// Whether it may match several names.
    pub(super) fn is_pattern(&self) -> bool {
        self.0
            .iter()
            .any(|part| !matches!(part, Part::Character(_)))
    }

    pub(super) fn matches(&self, name: &str) -> bool {
        let mut parts = self.0.as_slice();
        let mut rest = name.chars();
        // After the latest `*`: the parts, and the text that it has not taken.
        let mut retry = None;
        loop {
            if let Some((Part::Any, after)) = parts.split_first() {
                retry = Some((after, rest.clone()));
                parts = after;
                continue;
            }
            let c = rest.next();
            match (parts.split_first(), c) {
                (None, None) => return true,
                (Some((Part::One, after)), Some(_)) => parts = after,
                (Some((Part::Character(wanted), after)), Some(c)) if *wanted == c => parts = after,
                // The latest `*` takes one character more.
                _ => {
                    let Some((after, untaken)) = &mut retry else {
                        return false;
                    };
                    if untaken.next().is_none() {
                        return false;
                    }
                    parts = after;
                    rest = untaken.clone();
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_is_any_text_and_a_question_mark_any_character() {
        for (pattern, name, matches) in [
            ("D*", "D", true),
            ("D*", "D12", true),
            ("D*", "CD", false),
            ("D?", "D1", true),
            ("D?", "D", false),
            ("D?", "D12", false),
            ("*", "", true),
            ("*.clk", "tb.dut.clk", true),
            ("*.clk", "tb.dut.clk2", false),
            ("*a*b*", "xaxxbx", true),
            ("*a*b*", "xbxxax", false),
            ("*ab", "aab", true),
            ("a*?", "a", false),
            ("µ?", "µé", true),
            (r"\**", "*x", true),
            (r"\**", "x", false),
        ] {
            assert_eq!(
                Glob::parse(pattern).matches(name),
                matches,
                "{pattern} {name}"
            );
        }
    }

    #[test]
    fn many_stars_take_no_long_time() {
        let pattern = "a*".repeat(40) + "b";
        assert!(!Glob::parse(&pattern).matches(&"a".repeat(10_000)));
    }
}
