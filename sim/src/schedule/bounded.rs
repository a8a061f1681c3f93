//! A few departures from Zephyr's order, at places drawn at random.
//!
//! Most ordering bugs need only a few steps out of order. With so few departures, a run of
//! thousands of steps stays near its normal course, and each place is as likely as any other.

use super::choices::{Choose, Topic};
use super::random::Generator;

/// See the module.
#[derive(Debug)]
pub(crate) struct Bounded {
    generator: Generator,
    /// The numbers of the questions at which to depart, counted among those with more than one
    /// answer; last first.
    places: Vec<u64>,
    asked: u64,
}

impl Bounded {
    /// Up to `departures` departures among the first `length` questions, at least one.
    pub(crate) fn new(seed: u64, departures: u32, length: u64) -> Bounded {
        let mut generator = Generator::new(seed);
        let count = 1 + generator.below(departures.max(1).into());
        let mut places: Vec<u64> = (0..count).map(|_| generator.below(length.max(1))).collect();
        places.sort_unstable_by(|a, b| b.cmp(a));
        Bounded {
            generator,
            places,
            asked: 0,
        }
    }
}

impl Choose for Bounded {
    fn choose(&mut self, _topic: Topic, answers: &[u8]) -> u8 {
        let place = self.asked;
        self.asked += 1;
        if self.places.pop_if(|next| *next <= place).is_none() {
            return 0;
        }
        self.generator.pick(&answers[1..])
    }
}
