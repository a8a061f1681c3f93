//! From steps to samples.

/// From the step before to this one, the levels were those of the step before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Step {
    /// When, in ticks of the device.
    pub(super) time: u64,
    /// The levels from then on.
    pub(super) levels: u32,
    /// Edges were lost since the step before.
    pub(super) lost: bool,
}

/// Gives the samples of a signal, at a rate of its own. Sample *n* is taken at *n*/rate seconds after the start.
#[derive(Debug)]
pub(super) struct Sampler {
    /// Ticks in a second, and samples in a second.
    ticks_hz: u32,
    rate: u64,
    /// The time of the first sample.
    start: u64,
    /// Samples so far.
    given: u64,
    levels: u32,
    /// The bit that is set while edges were lost.
    loss: u64,
    /// A loss has had no sample yet.
    unseen: bool,
}

impl Sampler {
    pub(super) fn new(now: Step, ticks_hz: u32, rate: u64, loss_channel: u32) -> Self {
        Self {
            ticks_hz,
            rate,
            start: now.time,
            given: 0,
            levels: now.levels,
            loss: 1 << loss_channel,
            unseen: false,
        }
    }

    /// The samples before this step: words, and how often each repeats.
    pub(super) fn advance(&mut self, step: Step) -> [(u64, u64); 2] {
        let since = u128::from(step.time.saturating_sub(self.start));
        let all = (since * u128::from(self.rate)).div_ceil(self.ticks_hz.into());
        let all = u64::try_from(all).unwrap_or(u64::MAX).max(self.given);
        let count = all - self.given;
        self.given = all;
        let word = u64::from(self.levels) & (self.loss - 1);
        self.levels = step.levels;
        let lost = match (step.lost, self.unseen) {
            (true, _) => count,
            (false, true) => count.min(1),
            (false, false) => 0,
        };
        self.unseen = (step.lost || self.unseen) && lost == 0;
        [(word | self.loss, lost), (word, count - lost)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Samples at 10 Hz of a clock with 30 ticks in a second; LOSS is bit 2.
    fn samples(steps: &[(u64, u32, bool)]) -> Vec<u64> {
        let step = |&(time, levels, lost)| Step { time, levels, lost };
        let mut sampler = Sampler::new(step(&(1_000, 0b01, false)), 30, 10, 2);
        let words = steps.iter().flat_map(|it| sampler.advance(step(it)));
        words
            .flat_map(|(word, count)| vec![word; count as usize])
            .collect()
    }

    #[test]
    fn a_sample_has_the_level_of_its_time() {
        // Samples are at 1000, 1003, 1006, ...
        assert_eq!(
            samples(&[(1_003, 2, false), (1_007, 3, false), (1_009, 0, false)]),
            [1, 2, 2]
        );
        assert_eq!(
            samples(&[(1_001, 2, false), (1_002, 3, false), (1_004, 0, false)]),
            [1, 3]
        );
        assert_eq!(samples(&[(1_000, 2, false), (1_001, 2, false)]), [2]);
    }

    #[test]
    fn a_loss_is_seen_even_if_it_is_shorter_than_a_sample() {
        assert_eq!(
            samples(&[(1_003, 1, false), (1_009, 2, true), (1_012, 0, false)]),
            [1, 5, 5, 2]
        );
        assert_eq!(
            samples(&[(1_001, 1, false), (1_002, 2, true), (1_009, 0, false)]),
            [1, 6, 2]
        );
        assert_eq!(
            samples(&[
                (1_000, 2, true),
                (1_001, 3, true),
                (1_002, 0, false),
                (1_004, 0, false)
            ]),
            [6, 0]
        );
    }

    #[test]
    fn lines_beyond_the_channels_are_left_out() {
        assert_eq!(
            samples(&[(1_001, 0xffff_ffff, false), (1_004, 0, false)]),
            [1, 3]
        );
    }
}
