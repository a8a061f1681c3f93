//! Which channel of a BeagleLogic is which line.

use std::fmt::{self, Display};

/// The channels, in the order of their bits.
const NAMES: [&str; 14] = [
    "P8_45", "P8_46", "P8_43", "P8_44", "P8_41", "P8_42", "P8_39", "P8_40", "P8_27", "P8_29",
    "P8_28", "P8_30", "P8_21", "P8_20",
];

/// The first lines of the board, at most 13, and a channel for losses.
#[derive(Debug, Clone)]
pub(super) struct Channels {
    lines: Vec<String>,
    /// The channel that is high while edges were lost: the one after the lines.
    pub(super) loss: u32,
}

impl Channels {
    pub(super) fn of(lines: &[&str]) -> Self {
        let lines: Vec<_> = lines
            .iter()
            .take(NAMES.len() - 1)
            .map(|line| line.to_string())
            .collect();
        Self {
            loss: lines.len() as u32,
            lines,
        }
    }
}

/// As sigrok-cli takes it: `P8_45=TX,P8_46=LOSS`.
impl Display for Channels {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (channel, line) in NAMES.iter().zip(&self.lines) {
            write!(f, "{channel}={line},")?;
        }
        let loss = NAMES.get(self.loss as usize).unwrap_or(&"");
        write!(f, "{loss}=LOSS")
    }
}
