//! A run's choices as one line of text, which replays it.

use core::fmt::{self, Write};
use core::str::FromStr;

/// The most answers of a question: the first, and one for each letter.
pub(super) const ANSWERS_MAX: usize = 27;

/// The answers of a run to its questions, where the first answer is Zephyr's own.
///
/// As text: the number of questions that got the first answer, left out if it is 0, then a letter for
/// the next question's answer, `a` for the second; and so on. Questions after the last letter got the
/// first answer. `12ab` is twelve questions as on Zephyr, then one that got the second answer and one
/// that got the third.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Schedule {
    departures: Vec<(u64, u8)>,
}

impl Schedule {
    /// Adds an answer that is not the first, to question number `at`, from 0.
    ///
    /// Call it in the order of the questions, with answers below [`ANSWERS_MAX`].
    pub(super) fn push(&mut self, at: u64, answer: u8) {
        self.departures.push((at, answer));
    }

    /// The answer to question number `at`.
    pub(super) fn answer(&self, at: u64) -> u8 {
        let found = self.departures.binary_search_by_key(&at, |(at, _)| *at);
        found.map_or(0, |index| self.departures[index].1)
    }
}

impl fmt::Display for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut next = 0;
        for &(at, answer) in &self.departures {
            if at > next {
                write!(f, "{}", at - next)?;
            }
            f.write_char(char::from(b'a' + answer - 1))?;
            next = at + 1;
        }
        if self.departures.is_empty() {
            f.write_char('0')?;
        }
        Ok(())
    }
}

/// A text that is not a schedule: the first wrong character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScheduleError(char);

impl fmt::Display for ScheduleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "a schedule is made of digits and small letters, and {:?} is neither",
            self.0
        )
    }
}

impl core::error::Error for ScheduleError {}

impl FromStr for Schedule {
    type Err = ScheduleError;

    fn from_str(text: &str) -> Result<Schedule, ScheduleError> {
        let mut schedule = Schedule::default();
        let (mut at, mut skip) = (0_u64, 0_u64);
        for character in text.chars() {
            match character {
                '0'..='9' => {
                    let digit = u64::from(character) - u64::from('0');
                    skip = skip.saturating_mul(10).saturating_add(digit);
                }
                'a'..='z' => {
                    at = at.saturating_add(skip);
                    schedule.push(at, character as u8 - b'a' + 1);
                    (at, skip) = (at.saturating_add(1), 0);
                }
                other => return Err(ScheduleError(other)),
            }
        }
        Ok(schedule)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_schedule_survives_its_text() {
        for text in ["0", "a", "12ab", "3z40a", "ba1c"] {
            assert_eq!(text.parse::<Schedule>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn what_comes_after_the_last_letter_is_as_on_zephyr() {
        let schedule: Schedule = "2b7".parse().unwrap();
        assert_eq!(
            (0..5).map(|at| schedule.answer(at)).collect::<Vec<_>>(),
            [0, 0, 2, 0, 0]
        );
        assert_eq!(schedule.to_string(), "2b");
    }

    #[test]
    fn other_characters_are_refused() {
        assert_eq!("2B".parse::<Schedule>(), Err(ScheduleError('B')));
    }
}
