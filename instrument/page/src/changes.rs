//! The changes of one line, in a few bytes each.

use crate::varint;

/// What is known of a line from some time on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Change {
    /// An edge to low.
    Fall = 0,
    /// An edge to high.
    Rise = 1,
    /// The level is unknown, as edges were lost or as the recording says.
    Lose = 2,
    /// It is low again. Where it became so was lost.
    FindLow = 3,
    /// The same for high.
    FindHigh = 4,
}

impl Change {
    pub(crate) fn edge(high: bool) -> Self {
        if high { Self::Rise } else { Self::Fall }
    }

    pub(crate) fn find(high: bool) -> Self {
        if high { Self::FindHigh } else { Self::FindLow }
    }

    /// The level from now on, if it is known.
    pub(crate) fn level(self) -> Option<bool> {
        match self {
            Self::Rise | Self::FindHigh => Some(true),
            Self::Fall | Self::FindLow => Some(false),
            Self::Lose => None,
        }
    }

    pub(crate) fn is_edge(self) -> bool {
        matches!(self, Self::Fall | Self::Rise)
    }

    fn from_number(number: u64) -> Option<Self> {
        [
            Self::Fall,
            Self::Rise,
            Self::Lose,
            Self::FindLow,
            Self::FindHigh,
        ]
        .get(usize::try_from(number).ok()?)
        .copied()
    }
}

/// The changes of a line in the order of their times: of each, the time since the one before and the kind, as varints.
#[derive(Debug, Default)]
pub(crate) struct Changes {
    bytes: Vec<u8>,
    count: u64,
    last: u64,
}

impl Changes {
    /// Adds a change. A time before the last one counts as the last one.
    pub(crate) fn push(&mut self, time: u64, change: Change) {
        let time = time.max(self.last);
        varint::push(&mut self.bytes, time - self.last);
        varint::push(&mut self.bytes, change as u64);
        self.last = time;
        self.count += 1;
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub(crate) fn count(&self) -> u64 {
        self.count
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (u64, Change)> {
        let (mut rest, mut time) = (&self.bytes[..], 0);
        std::iter::from_fn(move || {
            time += varint::take(&mut rest)?;
            Some((time, Change::from_number(varint::take(&mut rest)?)?))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_come_back() {
        let pushed = [
            (0, Change::Rise),
            (1_000, Change::Fall),
            (1_000, Change::Lose),
            (1 << 40, Change::FindLow),
            (u64::MAX, Change::FindHigh),
        ];
        let mut changes = Changes::default();
        for (time, change) in pushed {
            changes.push(time, change);
        }
        assert_eq!(changes.count(), 5);
        assert!(changes.iter().eq(pushed));
    }

    #[test]
    fn time_does_not_run_backwards() {
        let mut changes = Changes::default();
        changes.push(9, Change::Rise);
        changes.push(8, Change::Fall);
        assert!(changes.iter().eq([(9, Change::Rise), (9, Change::Fall)]));
    }

    #[test]
    fn an_edge_soon_after_another_takes_two_bytes() {
        let mut changes = Changes::default();
        changes.push(100, Change::Rise);
        assert_eq!(changes.bytes(), [100, 1]);
    }
}
