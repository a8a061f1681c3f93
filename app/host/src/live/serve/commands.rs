//! What a client of a BeagleLogic says, and what it is answered.

use std::collections::BTreeMap;

/// A longer line is no command.
const LINE_MAX: usize = 256;

/// The highest rate of a BeagleLogic.
const RATE_MAX: u64 = 100_000_000;

/// What is to be done.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Command {
    /// Send this, in one piece.
    Answer(String),
    /// Begin to send samples.
    Start,
    Stop,
}

/// Reads the commands of one client, and keeps its settings.
#[derive(Debug)]
pub(super) struct Commands {
    line: Vec<u8>,
    settings: BTreeMap<&'static str, u64>,
}

impl Commands {
    pub(super) fn new() -> Self {
        let settings = [
            ("samplerate", 1_000_000),
            ("sampleunit", 1),
            ("triggerflags", 1),
            ("memalloc", 0x7fff_ffff),
            ("bufunitsize", 32_768),
        ];
        Self {
            line: Vec::new(),
            settings: settings.into(),
        }
    }

    /// Samples in a second.
    pub(super) fn rate(&self) -> u64 {
        self.setting("samplerate")
    }

    /// Bytes of a sample: 1 for eight channels, 2 for all.
    pub(super) fn width(&self) -> usize {
        if self.setting("sampleunit") == 1 {
            1
        } else {
            2
        }
    }

    /// Takes one byte. With the last one of a command, returns what to do.
    pub(super) fn take(&mut self, byte: u8) -> Option<Command> {
        if byte != b'\n' {
            if self.line.len() < LINE_MAX {
                self.line.push(byte);
            }
            return None;
        }
        let line = std::mem::take(&mut self.line);
        let line = String::from_utf8_lossy(&line);
        let mut words = line.split_whitespace();
        Some(match (words.next()?, words.next()) {
            ("version", None) => Command::Answer("BeagleLogic 1.0 edgepipe\n".into()),
            ("get", None) => Command::Start,
            ("close", None) => Command::Stop,
            (name, None) => Command::Answer(format!("{}\n", self.setting(name))),
            (name, Some(value)) => {
                let place = self.settings.get_mut(name);
                if let (Some(place), Ok(value)) = (place, value.parse()) {
                    *place = match name {
                        "samplerate" => u64::clamp(value, 1, RATE_MAX),
                        _ => value,
                    };
                }
                Command::Answer("ok\n".into())
            }
        })
    }

    fn setting(&self, name: &str) -> u64 {
        self.settings.get(name).copied().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_asks_and_sets() {
        let mut commands = Commands::new();
        let text = "version\nsamplerate 2000000\nsamplerate\nsampleunit 0\nwhat is this\n\nno\nget\nclose\n";
        let told: Vec<_> = text
            .bytes()
            .filter_map(|byte| commands.take(byte))
            .collect();
        let answer = |text: &str| Command::Answer(text.into());
        let expected = [
            answer("BeagleLogic 1.0 edgepipe\n"),
            answer("ok\n"),
            answer("2000000\n"),
            answer("ok\n"),
            answer("ok\n"),
            answer("0\n"),
            Command::Start,
            Command::Stop,
        ];
        assert_eq!(told, expected);
        assert_eq!((commands.rate(), commands.width()), (2_000_000, 2));
    }

    #[test]
    fn nonsense_changes_nothing_and_takes_no_memory() {
        let mut commands = Commands::new();
        for byte in [b'x'; 10_000] {
            assert_eq!(commands.take(byte), None);
        }
        assert!(commands.line.len() <= LINE_MAX);
        assert!(commands.take(b'\n').is_some());
        for (text, rate) in [
            ("samplerate -5\n", 1_000_000),
            ("samplerate 0\n", 1),
            ("samplerate 100000001\n", RATE_MAX),
        ] {
            for byte in text.bytes() {
                commands.take(byte);
            }
            assert_eq!(commands.rate(), rate);
            let told = b"samplerate\n".iter().find_map(|&byte| commands.take(byte));
            assert_eq!(told, Some(Command::Answer(format!("{rate}\n"))));
        }
    }
}
