//! Choices drawn at random, the same ones for the same seed.

use super::choices::{Choose, INTERRUPT, Topic};

/// A small generator of random numbers (SplitMix64).
#[derive(Clone, Debug)]
pub(super) struct Generator(u64);

impl Generator {
    pub(super) fn new(seed: u64) -> Generator {
        Generator(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }

    /// A number below `end`, which is not 0.
    pub(super) fn below(&mut self, end: u64) -> u64 {
        // The bias is 2^-32 for the ranges used here.
        self.next() % end
    }

    pub(super) fn pick<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.below(items.len() as u64) as usize]
    }
}

/// Anything, anywhere. The rates are drawn once for each run, because different bugs need different
/// rates: some a storm of interrupts, some one interrupt in the right place.
#[derive(Debug)]
pub(crate) struct Random {
    generator: Generator,
    /// One interrupt in this many points, on average.
    interrupts: u64,
    switches: u64,
}

impl Random {
    pub(crate) fn new(seed: u64) -> Random {
        const ONE_IN: [u64; 6] = [2, 3, 6, 16, 64, 256];
        let mut generator = Generator::new(seed);
        Random {
            interrupts: generator.pick(&ONE_IN),
            switches: generator.pick(&ONE_IN),
            generator,
        }
    }
}

impl Choose for Random {
    fn choose(&mut self, topic: Topic, answers: &[u8]) -> u8 {
        let others = match (topic, answers) {
            (Topic::Before, &[_, INTERRUPT, ref switches @ ..]) => {
                if self.generator.below(self.interrupts) == 0 {
                    return INTERRUPT;
                }
                switches
            }
            _ => &answers[1..],
        };
        if others.is_empty() || self.generator.below(self.switches) > 0 {
            return 0;
        }
        self.generator.pick(others)
    }
}
