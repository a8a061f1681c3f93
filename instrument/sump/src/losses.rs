use core::ops::Range;

use crate::text::SAMPLES_MAX;

/// Edges that were lost before a sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Loss {
    pub(crate) sample: u64,
    pub(crate) lost: u32,
}

impl Loss {
    const NONE: Self = Self { sample: 0, lost: 0 };

    /// Whether a loss at this sample is too near to have a text of its own.
    fn covers(&self, sample: u64) -> bool {
        self.lost > 0 && sample < self.sample + SAMPLES_MAX
    }
}

/// What was lost, and what gave way before the trigger.
///
/// Losses are so far apart that their texts do not overlap. One that is nearer counts for the one before.
#[derive(Debug)]
pub(crate) struct Losses {
    /// In order. The first is of what gave way, if it counts any.
    kept: [Loss; 8],
    len: usize,
}

impl Losses {
    pub(crate) const fn new() -> Self {
        Self {
            kept: [Loss::NONE; 8],
            len: 1,
        }
    }

    /// The latest loss among these samples.
    pub(crate) fn latest(&self, samples: Range<u64>) -> Option<Loss> {
        let mut losses = self.kept[..self.len].iter().rev();
        losses
            .find(|loss| loss.lost > 0 && samples.contains(&loss.sample))
            .copied()
    }

    /// Adds a loss that is not before the latest. Returns false if there is no room.
    #[must_use]
    pub(crate) fn add(&mut self, sample: u64, lost: u32) -> bool {
        let latest = &mut self.kept[self.len - 1];
        if latest.covers(sample) {
            latest.lost = latest.lost.saturating_add(lost);
        } else if self.len < self.kept.len() {
            self.kept[self.len] = Loss { sample, lost };
            self.len += 1;
        } else {
            return false;
        }
        true
    }

    /// What gave way up to `sample`, and how much.
    pub(crate) fn forget(&mut self, sample: u64, lost: u32) {
        let mut gone = self.kept[0];
        gone.sample = gone.sample.max(sample);
        gone.lost = gone.lost.saturating_add(lost);
        while let Some(next) = self.kept[..self.len].get(1)
            && (next.sample <= gone.sample || gone.covers(next.sample))
        {
            gone.sample = gone.sample.max(next.sample);
            gone.lost = gone.lost.saturating_add(next.lost);
            self.kept.copy_within(2.., 1);
            self.len -= 1;
        }
        self.kept[0] = gone;
    }

    /// The sample of the oldest loss that can give way.
    pub(crate) fn oldest(&self) -> u64 {
        self.kept[1].sample
    }
}
