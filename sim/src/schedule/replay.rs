//! The choices of a run that was recorded.

use super::choices::{Choose, Topic};
use super::text::Schedule;

/// Follows a schedule, and Zephyr's order after its end.
#[derive(Debug)]
pub(crate) struct Replay {
    schedule: Schedule,
    asked: u64,
}

impl Replay {
    pub(crate) fn new(schedule: Schedule) -> Replay {
        Replay { schedule, asked: 0 }
    }
}

impl Choose for Replay {
    /// Ask it without limits, so that it gets all the questions that the recorded run had.
    fn choose(&mut self, topic: Topic, answers: &[u8]) -> u8 {
        let answer = self.schedule.answer(self.asked);
        assert!(
            answers.contains(&answer),
            "the schedule {} does not fit this program: answer {answer} to question {} ({topic:?}), \
             which has {answers:?}",
            self.schedule,
            self.asked,
        );
        self.asked += 1;
        answer
    }
}
