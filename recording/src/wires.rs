//! The choice of wires.

mod choice;
mod glob;

use std::str::FromStr;

use crate::WIRES_MAX;

/// Which wires of a recording are played, in which order and under which names. By default all, under their own.
///
/// As text it is a list, in the order of play: `CLK,DATA=bus.d0,D*`.
///
/// - `CLK`: the wire of that name. A wire that shares its name with another has the whole path of its scopes,
///   `tb.dut.clk`. The path always works.
/// - `D*`, `D?`: all wires with such names or paths, in the recording's order. `*` is any text, `?` any character. A
///   wire whose name has these very characters comes first.
/// - `DATA=bus.d0`: one wire, under another name.
///
/// A backslash before `,`, `=`, `*`, `?` or a backslash makes it an ordinary character. Before any other it is one itself.
/// Blanks around a name are left out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wires {
    /// `None` is all.
    items: Option<Vec<Item>>,
}

/// A wire to play, or several.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Item {
    /// Its new name.
    name: Option<String>,
    wanted: Pattern,
}

/// What a name has to be.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Pattern {
    /// As text, for names and for messages.
    text: String,
    /// As a pattern, if it is one.
    glob: Option<glob::Glob>,
}

/// The error is one line, without the option's name.
impl FromStr for Wires {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let items = split(text, ',').into_iter().map(Item::parse);
        let items = items.collect::<Result<Vec<_>, _>>()?;
        if items.len() > WIRES_MAX {
            return Err(format!(
                "a choice of {} wires: at most {WIRES_MAX} can be played",
                items.len()
            ));
        }
        Ok(Self { items: Some(items) })
    }
}

impl Item {
    fn parse(text: &str) -> Result<Self, String> {
        let mut parts = split(text, '=');
        let (name, wanted) = match parts.len() {
            1 => (None, parts.remove(0)),
            2 => (Some(parts.remove(0)), parts.remove(0)),
            _ => {
                return Err(format!(
                    "'{text}' has more than one '=': NEW=OLD renames a wire"
                ));
            }
        };
        let empty = |part: &str| part.trim().is_empty();
        if empty(wanted) || name.is_some_and(empty) {
            return Err(match name {
                Some(_) => format!("'{text}' lacks a name: NEW=OLD renames a wire"),
                None => "an empty name in the choice of wires".into(),
            });
        }
        if let Some(control) = text.chars().find(|c| c.is_control()) {
            return Err(format!(
                "a name with the character {control:?} in the choice of wires"
            ));
        }
        Ok(Self {
            name: name.map(|name| plain(name.trim())),
            wanted: Pattern::parse(wanted.trim()),
        })
    }
}

impl Pattern {
    fn parse(text: &str) -> Self {
        let glob = glob::Glob::parse(text);
        Self {
            text: plain(text),
            glob: glob.is_pattern().then_some(glob),
        }
    }
}

/// The characters that a backslash makes ordinary.
const SPECIAL: [char; 5] = [',', '=', '*', '?', '\\'];

/// Cuts at `separator`, unless a backslash is before it. The backslashes stay.
fn split(text: &str, separator: char) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut begins = 0;
    for (at, c, escaped) in characters(text) {
        if c == separator && !escaped {
            parts.push(&text[begins..at]);
            begins = at + c.len_utf8();
        }
    }
    parts.push(&text[begins..]);
    parts
}

/// Without the backslashes that make characters ordinary.
fn plain(text: &str) -> String {
    characters(text).map(|(_, c, _)| c).collect()
}

/// The characters, where each is, and whether a backslash made it ordinary.
fn characters(text: &str) -> impl Iterator<Item = (usize, char, bool)> {
    let mut rest = text.char_indices().peekable();
    std::iter::from_fn(move || {
        let (at, c) = rest.next()?;
        if c == '\\'
            && let Some((at, special)) = rest.next_if(|(_, next)| SPECIAL.contains(next))
        {
            return Some((at, special, true));
        }
        Some((at, c, false))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_is_a_list_of_names_patterns_and_new_names() {
        let wires: Wires = r"CLK, DATA = bus.d0 ,D*,a\,b\=c,\top.x,Pin 1,\*"
            .parse()
            .unwrap();
        let items = wires.items.unwrap();
        let shown: Vec<_> = items
            .iter()
            .map(|item| {
                (
                    item.name.as_deref(),
                    &*item.wanted.text,
                    item.wanted.glob.is_some(),
                )
            })
            .collect();
        assert_eq!(
            shown,
            [
                (None, "CLK", false),
                (Some("DATA"), "bus.d0", false),
                (None, "D*", true),
                (None, "a,b=c", false),
                (None, r"\top.x", false),
                (None, "Pin 1", false),
                (None, "*", false),
            ]
        );
    }

    #[test]
    fn a_wrong_choice_is_said_in_one_line() {
        for (text, cause) in [
            ("", "an empty name in the choice of wires"),
            ("A,,B", "an empty name in the choice of wires"),
            ("A,", "an empty name in the choice of wires"),
            ("A=", "'A=' lacks a name: NEW=OLD renames a wire"),
            ("=A", "'=A' lacks a name: NEW=OLD renames a wire"),
            (
                "A=B=C",
                "'A=B=C' has more than one '=': NEW=OLD renames a wire",
            ),
            (
                "A\nB",
                "a name with the character '\\n' in the choice of wires",
            ),
        ] {
            assert_eq!(text.parse::<Wires>(), Err(cause.into()));
        }
        let many = ["A"; 33].join(",");
        assert_eq!(
            many.parse::<Wires>(),
            Err("a choice of 33 wires: at most 32 can be played".into())
        );
    }
}
