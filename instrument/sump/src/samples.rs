use crate::{acquisition::Acquisition, text::Text};

/// Makes samples from changes, newest first.
#[derive(Debug)]
pub(crate) struct Samples {
    /// These are still to be made.
    first: u64,
    end: u64,
    /// The levels before `end`, the number of changes there, and the sample of the newest of them.
    levels: u32,
    changes: usize,
    newest: u64,
}

/// Equal samples in a row.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Run {
    pub(crate) levels: u32,
    pub(crate) len: u64,
}

impl Samples {
    pub(crate) fn new(acquisition: &Acquisition<'_>) -> Self {
        let samples = acquisition.samples();
        Self {
            first: samples.start,
            end: samples.end,
            levels: acquisition.levels(),
            changes: acquisition.changes().len(),
            newest: acquisition.changes().newest(),
        }
    }

    /// The next run; none after the first sample. The levels in `told` tell of losses.
    pub(crate) fn next(&mut self, acquisition: &Acquisition<'_>, told: u32) -> Option<Run> {
        if self.end <= self.first {
            return None;
        }
        while self.changes > 0 && self.newest >= self.end {
            self.changes -= 1;
            let change = acquisition.changes().get(self.changes);
            self.levels ^= change.lines;
            self.newest = self.newest.saturating_sub(change.after.into());
        }
        let mut from = self.first;
        if self.changes > 0 {
            from = from.max(self.newest);
        }
        let mut levels = self.levels;
        // What was lost before the first sample makes none wrong.
        if let Some(loss) = acquisition.losses().latest(self.first + 1..self.end) {
            let last = self.end - 1;
            let (high, ago) = Text::new(loss.lost).level(last - loss.sample);
            from = from.max(last - ago);
            if !high {
                levels &= !told;
            }
        }
        let len = self.end - from;
        self.end = from;
        Some(Run { levels, len })
    }
}
