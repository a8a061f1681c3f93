//! The predicate a second time: when a capture ought to be ready, from what its ledger tells.

use std::collections::VecDeque;

use edgepipe::{Ledger, Wake};

/// What a capture was opened with, as far as readiness depends on it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Terms {
    pub(super) capacity: u64,
    pub(super) threshold: u64,
    /// In ticks.
    pub(super) flush_after: Option<u64>,
    /// How late the timer of that may be, in ticks.
    pub(super) late: u64,
}

/// How far a capture has come that nobody but us looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Closing {
    Not,
    /// Somebody is at it.
    Begun,
    Done,
}

#[derive(Debug)]
pub(super) struct Model {
    /// As seen last.
    ledger: Ledger,
    /// When each pending edge arrived, in ticks, oldest first.
    arrivals: VecDeque<u64>,
    /// Edges were lost, and nothing was read since.
    hole: bool,
    /// A hole has been marked. A read may take that mark alone, and mark the next hole, which the
    /// ledger does not show.
    marked: bool,
    /// When the capture gets ready because its oldest edge has waited for long enough, if it is not
    /// ready yet.
    due: Option<u64>,
}

impl Model {
    pub(super) fn new() -> Model {
        Model {
            ledger: Ledger::default(),
            arrivals: VecDeque::new(),
            hole: false,
            marked: false,
            due: None,
        }
    }

    /// Takes in what the ledger says at a step, with the uptime in ticks. Between two steps there is
    /// one interrupt, or one look of a thread under the lock.
    pub(super) fn step(&mut self, ledger: Ledger, now: u64) {
        assert!(
            self.due.is_none_or(|due| now <= due),
            "at tick {now} a deadline has gone by: {self:?}"
        );
        let last = std::mem::replace(&mut self.ledger, ledger);
        let stored = |ledger: Ledger| ledger.delivered + ledger.pending;
        let read = ledger.delivered - last.delivered;
        let arrived = stored(ledger) - stored(last);
        self.arrivals.extend((0..arrived).map(|_| now));
        self.arrivals.drain(..read as usize);
        let lost = |ledger: Ledger| ledger.lost.full + ledger.lost.frozen;
        self.marked |= self.hole && read > 0;
        self.hole = lost(ledger) > lost(last) || self.hole && read == 0;
    }

    /// Checks that the library `found` the capture ready when it is, for the right reason.
    pub(super) fn check(&mut self, terms: Terms, closing: Closing, now: u64, found: Option<Wake>) {
        // The mark of a hole is pending too, and leaves without being counted in the ledger.
        let marks = self.ledger.lost.total() > self.ledger.lost.closed;
        assert!(
            self.allows(terms, closing, now, found) || marks && found.is_some(),
            "ready() is {found:?} at tick {now}: {terms:?}, {closing:?} closed, {self:?}"
        );
        let latest = |after| Some(self.arrivals.front()? + after + terms.late);
        self.due = match found {
            None => terms.flush_after.and_then(latest),
            Some(_) => None,
        };
    }

    /// Whether the predicate may say that; it is one thing, except while nobody can know.
    fn allows(&self, terms: Terms, closing: Closing, now: u64, found: Option<Wake>) -> bool {
        let pending = self.ledger.pending;
        if self.hole && (!self.marked || found == Some(Wake::Overflow)) {
            return found == Some(Wake::Overflow);
        }
        if pending >= terms.capacity {
            return found == Some(Wake::Full);
        }
        if pending >= terms.threshold {
            return found == Some(Wake::Threshold);
        }
        if let (Some(arrived), Some(after)) = (self.arrivals.front(), terms.flush_after) {
            if now >= arrived + after + terms.late {
                return found == Some(Wake::Deadline);
            }
            if now >= arrived + after && found == Some(Wake::Deadline) {
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
