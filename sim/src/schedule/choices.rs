//! Translates a strategy's numbers into a scheduler's choices, and keeps a record that replays
//! them.

use std::cell::RefCell;
use std::fmt::{self, Debug, Display};
use std::rc::Rc;

use super::text::{ANSWERS_MAX, Schedule};
use super::{Before, Candidate, Limits, Point, Scheduler};
use crate::kernel::ThreadId;

/// What a question is about. Answer 0 is always what Zephyr would do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Topic {
    /// Which ready thread runs, as an index in Zephyr's order.
    Next,
    /// What happens at a point: 0 for nothing, [`INTERRUPT`], or [`SWITCH`] plus the index of a
    /// ready thread.
    Before,
}

/// The interrupt that is due next arrives.
pub(super) const INTERRUPT: u8 = 1;

/// The first ready thread runs. The next number stands for the next thread.
pub(super) const SWITCH: u8 = 2;

/// A strategy's way to answer a question that has two or more answers.
pub(crate) trait Choose: Debug {
    /// Picks one of `answers`, which ascend from 0.
    fn choose(&mut self, topic: Topic, answers: &[u8]) -> u8;
}

/// A departure from Zephyr's order.
#[derive(Clone, Debug)]
struct Departure {
    at: u64,
    answer: u8,
    topic: Topic,
    tick: u64,
    call: &'static str,
    /// The thread that runs, and the one that shall run.
    threads: (Option<ThreadId>, Option<ThreadId>),
    /// The priority of the handler that runs, if one does.
    handler: Option<u8>,
}

/// The number of a run's questions, and where it departed from Zephyr's order.
#[derive(Debug, Default)]
pub(crate) struct Record {
    /// Questions so far.
    pub(crate) questions: u64,
    departures: Vec<Departure>,
    /// The tick and the call of the last point, for an answer that belongs to no point.
    last: (u64, &'static str),
}

impl Record {
    /// The string that replays the run.
    pub(crate) fn schedule(&self) -> Schedule {
        let mut schedule = Schedule::default();
        for departure in &self.departures {
            schedule.push(departure.at, departure.answer);
        }
        schedule
    }
}

/// The departures in words, one a line.
impl Display for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = |thread: Option<ThreadId>| thread.map_or("?".to_owned(), |id| id.to_string());
        for departure in &self.departures {
            let Departure {
                tick,
                call,
                handler,
                ..
            } = departure;
            let (current, other) = departure.threads;
            write!(f, "\n  tick {tick}, ")?;
            match (departure.topic, departure.answer, handler) {
                (Topic::Before, INTERRUPT, Some(priority)) => {
                    write!(
                        f,
                        "a handler of priority {priority} at {call}: the next interrupt"
                    )?;
                }
                (Topic::Before, INTERRUPT, None) => {
                    write!(f, "{} at {call}: the next interrupt", name(current))?;
                }
                (Topic::Before, _, _) => {
                    write!(f, "{} at {call}: switch to {}", name(current), name(other))?;
                }
                (Topic::Next, _, _) => write!(f, "after {call}: {} runs first", name(other))?,
            }
        }
        Ok(())
    }
}

/// A scheduler that asks a strategy within limits, and keeps a record.
#[derive(Debug)]
pub(crate) struct Chooser<C> {
    strategy: C,
    left: Limits,
    record: Rc<RefCell<Record>>,
    /// The thread of the switch that was chosen.
    target: Option<ThreadId>,
    /// Kept for its capacity.
    answers: Vec<u8>,
}

impl<C: Choose> Chooser<C> {
    pub(crate) fn new(strategy: C, limits: Limits, record: Rc<RefCell<Record>>) -> Chooser<C> {
        Chooser {
            strategy,
            left: limits,
            record,
            target: None,
            answers: Vec::new(),
        }
    }

    /// The number of a question. Every question counts, so limits do not change the numbers.
    fn number(&mut self) -> u64 {
        let mut record = self.record.borrow_mut();
        record.questions += 1;
        record.questions - 1
    }

    /// Asks the strategy, if there is anything to choose from.
    fn answer(&mut self, topic: Topic) -> u8 {
        let answer = match self.answers.as_slice() {
            [_] => 0,
            answers => self.strategy.choose(topic, answers),
        };
        match (topic, answer) {
            (_, 0) => {}
            (Topic::Before, INTERRUPT) => self.left.interrupts -= 1,
            _ => self.left.switches -= 1,
        }
        answer
    }
}

impl<C: Choose> Scheduler for Chooser<C> {
    fn next(&mut self, ready: &[Candidate]) -> usize {
        let targeted = |target| ready.iter().position(|(_, thread)| *thread == target);
        if let Some(index) = self.target.take().and_then(targeted) {
            return index;
        }
        if ready.len() == 1 {
            return 0;
        }
        let at = self.number();
        let count = if self.left.switches > 0 {
            ready.len()
        } else {
            1
        };
        self.answers.clear();
        self.answers.extend(0..count.min(ANSWERS_MAX) as u8);
        let answer = self.answer(Topic::Next);
        if answer > 0 {
            let mut record = self.record.borrow_mut();
            let (tick, call) = record.last;
            record.departures.push(Departure {
                at,
                answer,
                topic: Topic::Next,
                tick,
                call,
                threads: (None, Some(ready[usize::from(answer)].1)),
                handler: None,
            });
        }
        answer.into()
    }

    fn before_call(&mut self, point: &Point<'_>) -> Before {
        let is_current = |(_, thread): &Candidate| *thread == point.current;
        let preemptible = point.preemptible && point.ready.len() > 1;
        self.record.borrow_mut().last = (point.tick, point.call);
        if !point.interrupt_pending && !preemptible {
            return Before::Proceed;
        }
        let at = self.number();
        self.answers.clear();
        self.answers.push(0);
        if point.interrupt_pending && self.left.interrupts > 0 {
            self.answers.push(INTERRUPT);
        }
        if preemptible && self.left.switches > 0 {
            let others = (SWITCH..ANSWERS_MAX as u8).zip(point.ready);
            self.answers.extend(
                others
                    .filter(|(_, candidate)| !is_current(candidate))
                    .map(|(answer, _)| answer),
            );
        }
        let answer = self.answer(Topic::Before);
        if answer == 0 {
            return Before::Proceed;
        }
        self.target = (answer >= SWITCH).then(|| point.ready[usize::from(answer - SWITCH)].1);
        self.record.borrow_mut().departures.push(Departure {
            at,
            answer,
            topic: Topic::Before,
            tick: point.tick,
            call: point.call,
            threads: (Some(point.current), self.target),
            handler: point.handler,
        });
        match self.target {
            Some(_) => Before::Switch,
            None => Before::Interrupt,
        }
    }
}
