//! The names of wires.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use crate::TimeUnit;

/// The most bytes of names that are made for one recording, to bound memory.
const NAMES_MAX_BYTES: usize = 128 << 20;

/// What a recording declares.
pub(crate) struct Declared {
    pub(crate) unit: TimeUnit,
    /// In order of declaration.
    pub(crate) wires: Vec<Wire>,
    /// The paths of the scopes that wires are in. The empty path is that of a wire in none.
    pub(crate) scopes: Vec<String>,
    /// The number of signals. Several wires may follow one.
    pub(crate) signals: usize,
}

/// A wire, as it is declared.
pub(crate) struct Wire {
    /// Without its scopes.
    pub(crate) name: String,
    /// Its scope, as an index.
    pub(crate) scope: usize,
    /// The signal that it follows, as an index.
    pub(crate) signal: u32,
}

impl Declared {
    /// The name with all scopes.
    pub(crate) fn path(&self, wire: &Wire) -> String {
        match self.scopes[wire.scope].as_str() {
            "" => wire.name.clone(),
            scope => format!("{scope}.{}", wire.name),
        }
    }

    /// A unique name for each wire: its own, or if another wire has that too its path. What is then still equal gets a
    /// number.
    ///
    /// The error is the cause.
    pub(crate) fn unique_names(&self) -> Result<Vec<String>, String> {
        let mut wires_of_name: HashMap<&str, u32> = HashMap::new();
        for wire in &self.wires {
            *wires_of_name.entry(&wire.name).or_default() += 1;
        }
        if wires_of_name.len() == self.wires.len() {
            return Ok(self.wires.iter().map(|wire| wire.name.clone()).collect());
        }
        let mut names = Vec::with_capacity(self.wires.len());
        let mut bytes = 0;
        for wire in &self.wires {
            let name = match wires_of_name[wire.name.as_str()] {
                1 => wire.name.clone(),
                _ => self.path(wire),
            };
            bytes += name.len();
            if bytes > NAMES_MAX_BYTES {
                return Err(format!("its names take more than {NAMES_MAX_BYTES} bytes"));
            }
            names.push(name);
        }
        drop(wires_of_name);
        number_equal(&mut names);
        Ok(names)
    }
}

/// Adds `#2`, `#3` and so on to all but the first of equal names.
fn number_equal(names: &mut [String]) {
    let mut taken: HashSet<String> = names.iter().cloned().collect();
    if taken.len() == names.len() {
        return;
    }
    let mut seen: HashMap<String, u64> = HashMap::new();
    for name in names {
        let number = seen.entry(name.clone()).or_default();
        *number += 1;
        if *number == 1 {
            continue;
        }
        // A wire may have the name `clk#2` of its own.
        let unique = loop {
            let unique = format!("{name}#{number}");
            if taken.insert(unique.clone()) {
                break unique;
            }
            *number += 1;
        };
        *name = unique;
    }
}

/// Words that a name in a VCD cannot have.
const COMMANDS: [&str; 6] = [
    "$end",
    "$enddefinitions",
    "$scope",
    "$timescale",
    "$upscope",
    "$var",
];

/// Whether `word` is a command that declares something, or ends one. Where a name should be, it shows that an `$end` is
/// missing.
pub(crate) fn is_command(word: &str) -> bool {
    COMMANDS.contains(&word)
}

/// Whether a wire of a VCD file can have this name, so that it is read as it is written.
pub fn is_name(name: &str) -> bool {
    let mut read = String::new();
    name.split(' ').all(|word| {
        add_word(&mut read, word);
        !word.is_empty() && !is_command(word)
    }) && read == name
}

/// Adds a word to a name, after one blank; a bit select after none. A control character becomes `\u{fffd}`, so that names
/// can be printed.
pub(crate) fn add_word(name: &mut String, word: &str) {
    if !name.is_empty() && !is_bit_select(word) {
        name.push(' ');
    }
    let printable = |c: char| if c.is_control() { '\u{fffd}' } else { c };
    name.extend(word.chars().map(printable));
}

/// `[3]`, `[7:0]` and `[-1]` are.
fn is_bit_select(word: &str) -> bool {
    let inside = word
        .strip_prefix('[')
        .and_then(|word| word.strip_suffix(']'));
    inside.is_some_and(|inside| {
        let index = |byte: u8| byte.is_ascii_digit() || matches!(byte, b':' | b'-');
        !inside.is_empty() && inside.bytes().all(index)
    })
}

/// Bytes as text: UTF-8, or else Latin-1.
pub(crate) fn text(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.into(),
        Err(_) => bytes.iter().copied().map(char::from).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbered(names: &[&str]) -> Vec<String> {
        let mut names: Vec<_> = names.iter().map(ToString::to_string).collect();
        number_equal(&mut names);
        names
    }

    #[test]
    fn equal_names_are_numbered_and_no_number_is_taken_twice() {
        assert_eq!(numbered(&["a", "b"]), ["a", "b"]);
        assert_eq!(numbered(&["a", "a", "a"]), ["a", "a#2", "a#3"]);
        assert_eq!(
            numbered(&["a", "a", "a#2", "a"]),
            ["a", "a#3", "a#2", "a#4"]
        );
        assert_eq!(
            numbered(&["a#2", "a#2", "a", "a"]),
            ["a#2", "a#2#2", "a", "a#3"]
        );
    }

    #[test]
    fn a_bit_select_belongs_to_the_word_before_it() {
        let name = |words: &[&str]| {
            let mut name = String::new();
            words.iter().for_each(|word| add_word(&mut name, word));
            name
        };
        assert_eq!(name(&["d", "[3]"]), "d[3]");
        assert_eq!(name(&["mem", "[3]", "[7:0]"]), "mem[3][7:0]");
        assert_eq!(name(&["CLK", "[in]"]), "CLK [in]");
        assert_eq!(name(&["CLK", "[]"]), "CLK []");
        assert_eq!(name(&["a\u{1b}"]), "a\u{fffd}");
    }

    #[test]
    fn what_is_not_utf_8_is_latin_1() {
        assert_eq!(text("µ".as_bytes()), "µ");
        assert_eq!(text(b"\xb5"), "µ");
    }
}
