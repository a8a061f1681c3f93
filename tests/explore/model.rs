//! A second predicate: computes from a capture's ledger when the capture must be ready.

use std::collections::VecDeque;

use edgepipe::{Ledger, Wake};

/// The parts of a capture's configuration on which readiness depends.
#[derive(Clone, Copy, Debug)]
pub(super) struct Terms {
    pub(super) capacity: u64,
    /// The number of edges at which it is full.
    pub(super) full: u64,
    pub(super) threshold: u64,
    /// It delivers through a pipe, and is ready while records are in the pipe.
    pub(super) is_piped: bool,
    /// In ticks.
    pub(super) flush_after: Option<u64>,
    pub(super) idle_after: Option<u64>,
    /// How late the timer of the flush deadline may be, in ticks.
    pub(super) late: u64,
    /// A handler runs. It may have interrupted another one just before that starts the timer, or
    /// checks the deadline.
    pub(super) is_handling: bool,
}

/// How far a close of the capture has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Closing {
    Not,
    /// A thread is closing it.
    Begun,
    Done,
}

#[derive(Debug)]
pub(super) struct Model {
    /// The ledger at the last step.
    ledger: Ledger,
    /// When each pending edge arrived, in ticks, oldest first.
    arrivals: VecDeque<u64>,
    /// Edges were lost, and nothing was read since.
    hole: bool,
    /// A gap record has been stored. A read may take only that, and store the next gap record, which
    /// the ledger does not show.
    marked: bool,
    /// The time by the cycle counter, in ticks. The uptime lags behind it while the timer's handler
    /// runs.
    now: u64,
    /// The tick at which the deadline of the oldest edge, or the idle time after the newest, makes the
    /// capture ready, if it is not ready yet.
    due: Option<u64>,
    /// It was idle, and nothing was read since.
    idle: bool,
}

impl Model {
    pub(super) fn new() -> Model {
        Model {
            ledger: Ledger::default(),
            arrivals: VecDeque::new(),
            hole: false,
            marked: false,
            now: 0,
            due: None,
            idle: false,
        }
    }

    /// Updates the model from the ledger at a step, with the uptime in ticks. Between two steps there
    /// is one interrupt, or one critical section of a thread.
    ///
    /// New edges have arrived at `arrival`. The uptime lags behind that while the timer's handler
    /// runs.
    pub(super) fn step(&mut self, ledger: Ledger, now: u64, arrival: u64) {
        assert!(
            self.due.is_none_or(|due| now <= due),
            "at tick {now} a deadline has gone by: {self:?}"
        );
        let last = std::mem::replace(&mut self.ledger, ledger);
        let stored = |ledger: Ledger| ledger.delivered + ledger.pending + ledger.lost.oldest;
        let read = ledger.delivered - last.delivered;
        let dropped = ledger.lost.oldest - last.lost.oldest;
        let arrived = stored(ledger) - stored(last);
        self.arrivals.extend((0..arrived).map(|_| arrival));
        self.arrivals.drain(..(read + dropped) as usize);
        self.now = arrival;
        self.idle &= read == 0;
        let lost = |ledger: Ledger| ledger.lost.full + ledger.lost.frozen;
        self.marked |= self.hole && read > 0;
        self.hole = lost(ledger) > lost(last) || self.hole && read == 0;
    }

    /// Checks that `found`, the library's answer, is right: the capture is ready or not, and for
    /// the right reason.
    pub(super) fn check(&mut self, terms: Terms, closing: Closing, now: u64, found: Option<Wake>) {
        // A gap record is pending too. The ledger does not count it when it is read.
        let may_be = terms.is_piped || self.ledger.lost.total() > self.ledger.lost.closed;
        assert!(
            self.allows(terms, closing, now, found) || may_be && found.is_some(),
            "ready() is {found:?} at tick {now}: {terms:?}, {closing:?} closed, {self:?}"
        );
        self.idle |= found == Some(Wake::Idle);
        let flushed = self.time(self.arrivals.front(), terms.flush_after);
        let idle = self.time(self.arrivals.back(), terms.idle_after);
        self.due = match found {
            None if !terms.is_handling => flushed.into_iter().chain(idle).min(),
            _ => None,
        };
        self.due = self.due.map(|due| due + terms.late);
    }

    /// When a time has passed since an edge arrived, if there is one.
    fn time(&self, arrived: Option<&u64>, after: Option<u64>) -> Option<u64> {
        Some(due(*arrived?, after?))
    }

    /// Whether `found` is a possible answer. There is only one, except while the state cannot be
    /// known.
    fn allows(&self, terms: Terms, closing: Closing, now: u64, found: Option<Wake>) -> bool {
        let pending = self.ledger.pending;
        if self.hole && (!self.marked || found == Some(Wake::Overflow)) {
            return found == Some(Wake::Overflow);
        }
        if pending >= terms.full {
            return found == Some(Wake::Full);
        }
        if pending >= terms.threshold {
            return found == Some(Wake::Threshold);
        }
        let is_on_its_way = terms.is_handling && found.is_none();
        if let Some(due) = self.time(self.arrivals.front(), terms.flush_after) {
            if now >= due + terms.late && !is_on_its_way {
                return found == Some(Wake::Deadline);
            }
            // By the cycle counter, because the uptime may lag behind.
            if self.now >= due && found == Some(Wake::Deadline) {
                return true;
            }
        }
        if self.idle && pending > 0 {
            return found == Some(Wake::Idle);
        }
        if let Some(due) = self.time(self.arrivals.back(), terms.idle_after) {
            if now >= due + terms.late && !is_on_its_way {
                return found == Some(Wake::Idle);
            }
            if self.now >= due && found == Some(Wake::Idle) {
                return true;
            }
        }
        match closing {
            Closing::Not => found.is_none(),
            Closing::Begun => matches!(found, None | Some(Wake::Closed)),
            Closing::Done => found == Some(Wake::Closed),
        }
    }
}

/// The deadline of an edge. It counts from the end of the tick in which the edge `arrived`.
fn due(arrived: u64, after: u64) -> u64 {
    arrived + 1 + after
}
