//! The signals by their id codes.

use std::collections::HashMap;

/// The most id codes that are kept, to bound memory: far above any recording or simulation.
pub(super) const IDS_MAX: usize = 1 << 20;

/// How an id code is kept: 0 if it was not declared, 1 if it is no signal, *n* + 2 for signal *n*.
const UNDECLARED: u32 = 0;
const NO_SIGNAL: u32 = 1;
const FIRST_SIGNAL: u32 = 2;

/// What an id code stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Id {
    Undeclared,
    /// Of a variable that is not one bit.
    NoSignal,
    Signal(u32),
}

/// All declared id codes. Those of up to three printable characters, which nearly all are, are found without hashing.
#[derive(Default)]
pub(super) struct Ids {
    short: Vec<u32>,
    long: HashMap<Box<[u8]>, u32>,
    declared: usize,
    signals: u32,
}

impl Ids {
    #[inline]
    pub(super) fn get(&self, id: &[u8]) -> Id {
        let kept = match place(id) {
            Some(place) => self.short.get(place).copied(),
            None => self.long.get(id).copied(),
        };
        match kept {
            None | Some(UNDECLARED) => Id::Undeclared,
            Some(NO_SIGNAL) => Id::NoSignal,
            Some(signal) => Id::Signal(signal - FIRST_SIGNAL),
        }
    }

    /// Declares an id code that is not a signal, unless it is one already. `false` if there are too many.
    pub(super) fn declare(&mut self, id: &[u8]) -> bool {
        self.get(id) != Id::Undeclared || self.add(id, NO_SIGNAL)
    }

    /// Declares an id code that is a signal, and tells which; `None` if there are too many.
    pub(super) fn declare_signal(&mut self, id: &[u8]) -> Option<u32> {
        let signal = self.signals;
        match self.get(id) {
            Id::Signal(signal) => return Some(signal),
            Id::NoSignal => self.set(id, signal + FIRST_SIGNAL),
            Id::Undeclared => {
                if !self.add(id, signal + FIRST_SIGNAL) {
                    return None;
                }
            }
        }
        self.signals += 1;
        Some(signal)
    }

    fn add(&mut self, id: &[u8], kept: u32) -> bool {
        if self.declared == IDS_MAX {
            return false;
        }
        self.declared += 1;
        self.set(id, kept);
        true
    }

    /// The number of signals.
    pub(super) fn signals(&self) -> usize {
        self.signals as usize
    }

    fn set(&mut self, id: &[u8], kept: u32) {
        match place(id) {
            Some(place) => {
                if place >= self.short.len() {
                    self.short.resize(place + 1, UNDECLARED);
                }
                self.short[place] = kept;
            }
            None => drop(self.long.insert(id.into(), kept)),
        }
    }
}

/// The place of a short id code in the table: a number whose digits, from 1 to 94, are its characters. The places of up to
/// three characters are fewer than 840,000.
#[inline]
fn place(id: &[u8]) -> Option<usize> {
    if id.len() > 3 {
        return None;
    }
    let mut place = 0;
    for &byte in id {
        if !byte.is_ascii_graphic() {
            return None;
        }
        place = place * 94 + usize::from(byte - b' ');
    }
    Some(place)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_id_codes_share_a_place() {
        let mut ids = Ids::default();
        let codes: Vec<Vec<u8>> = [
            "!", "~", "!!", "!~", "~!", "~~", "!!!", "~~~", "!!!!", "top.a", "\u{e9}",
        ]
        .iter()
        .map(|code| code.as_bytes().to_vec())
        .collect();
        for (n, code) in codes.iter().enumerate() {
            assert_eq!(ids.get(code), Id::Undeclared);
            assert_eq!(ids.declare_signal(code), Some(n as u32));
        }
        for (n, code) in codes.iter().enumerate() {
            assert_eq!(ids.get(code), Id::Signal(n as u32));
            assert_eq!(ids.declare_signal(code), Some(n as u32), "an alias");
        }
        assert_eq!(ids.get(b""), Id::Undeclared);
        assert!(ids.short.len() <= 94 * 94 * 94 + 94 * 94 + 94 + 1);
    }

    #[test]
    fn one_bit_is_a_signal_whatever_else_has_its_id_code() {
        let mut ids = Ids::default();
        assert!(ids.declare(b"a"));
        assert_eq!(ids.get(b"a"), Id::NoSignal);
        assert_eq!(ids.declare_signal(b"a"), Some(0));
        assert!(ids.declare(b"a"));
        assert_eq!(ids.get(b"a"), Id::Signal(0));
        assert_eq!(ids.signals(), 1);
    }

    #[test]
    fn their_number_is_bounded() {
        let mut ids = Ids::default();
        for n in 0..IDS_MAX {
            assert!(ids.declare(format!("id{n}").as_bytes()));
        }
        assert_eq!(ids.declare_signal(b"one more"), None);
    }
}
