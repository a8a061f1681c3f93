//! Every possible choice, one run after another.
//!
//! The runs are the leaves of a tree, walked depth first. Only the path of a run is kept. The next
//! run repeats it up to the last question that has another answer, takes that answer, and goes on
//! with first answers, as an odometer counts.

use std::cell::RefCell;
use std::rc::Rc;

use super::choices::{Choose, Topic};

/// One question on the path: its answers, and the one that is taken.
#[derive(Clone, Debug)]
struct Turn {
    topic: Topic,
    answers: Vec<u8>,
    taken: usize,
}

/// The path of the run. The walk and the strategy that follows it share it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Odometer(Rc<RefCell<Vec<Turn>>>);

impl Odometer {
    /// Advances to the path of the next run; returns whether there is one.
    pub(crate) fn advance(&self) -> bool {
        let mut path = self.0.borrow_mut();
        while let Some(turn) = path.last_mut() {
            turn.taken += 1;
            if turn.taken < turn.answers.len() {
                return true;
            }
            path.pop();
        }
        false
    }

    /// The strategy for this run.
    pub(crate) fn run(&self) -> Exhaustive {
        Exhaustive {
            path: self.clone(),
            depth: 0,
        }
    }
}

/// Follows an odometer's path and extends it.
#[derive(Debug)]
pub(crate) struct Exhaustive {
    path: Odometer,
    depth: usize,
}

impl Choose for Exhaustive {
    fn choose(&mut self, topic: Topic, answers: &[u8]) -> u8 {
        let mut path = self.path.0.borrow_mut();
        if self.depth == path.len() {
            path.push(Turn {
                topic,
                answers: answers.to_vec(),
                taken: 0,
            });
        }
        let turn = &path[self.depth];
        assert_eq!(
            (turn.topic, turn.answers.as_slice()),
            (topic, answers),
            "two runs with the same choices differ: the program depends on something else"
        );
        self.depth += 1;
        answers[turn.taken]
    }
}
