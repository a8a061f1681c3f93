//! Why the reader woke.

/// Why the reader woke, with the numbers of the library's `Wake`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Woken {
    /// Edges were lost.
    Overflow = 1,
    /// The buffer is full.
    Full,
    /// As many records are pending as `--ready` asks for.
    Threshold,
    /// The oldest record has waited for as long as `--flush-after` says.
    Deadline,
    /// No edge came for as long as `--idle-after` says.
    Idle,
    /// The capture was closed.
    Closed,
}

impl Woken {
    /// The one with this number. A number that there is none for counts as closed.
    pub(crate) fn from_number(number: u8) -> Self {
        match number {
            1 => Self::Overflow,
            2 => Self::Full,
            3 => Self::Threshold,
            4 => Self::Deadline,
            5 => Self::Idle,
            _ => Self::Closed,
        }
    }

    /// As the page has it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Overflow => "overflow",
            Self::Full => "full",
            Self::Threshold => "threshold",
            Self::Deadline => "deadline",
            Self::Idle => "idle",
            Self::Closed => "closed",
        }
    }
}
