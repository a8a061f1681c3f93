//! The predicate a second time: when a capture ought to be ready, from what its ledger tells.

use std::collections::VecDeque;

use edgepipe::{Ledger, Wake};

/// What a capture was opened with, as far as readiness depends on it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Terms {
    pub(super) capacity: u64,
    /// From so many edges on it is full.
    pub(super) full: u64,
    pub(super) threshold: u64,
    /// It delivers through a pipe, and is ready as long as something is in that.
    pub(super) is_piped: bool,
    /// In ticks.
    pub(super) flush_after: Option<u64>,
    /// How late the timer of that may be, in ticks.
    pub(super) late: u64,
    /// A handler runs. Another one may be suspended on its way to start the timer, or to look.
    pub(super) is_handling: bool,
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
    /// The time by the cycle counter, in ticks. The uptime is behind while the timer's handler runs.
    now: u64,
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
            now: 0,
            due: None,
        }
    }

    /// Takes in what the ledger says at a step, with the uptime in ticks. Between two steps there is
    /// one interrupt, or one look of a thread under the lock.
    ///
    /// What has arrived has done so at `arrival`, which the uptime is behind while the timer's handler
    /// runs.
    pub(super) fn step(&mut self, ledger: Ledger, now: u64, arrival: u64) {
        assert!(
            self.due.is_none_or(|due| now <= due),
            "at tick {now} a deadline has gone by: {self:?}"
        );
        let last = std::mem::replace(&mut self.ledger, ledger);
        let stored = |ledger: Ledger| ledger.delivered + ledger.pending;
        let read = ledger.delivered - last.delivered;
        let arrived = stored(ledger) - stored(last);
        self.arrivals.extend((0..arrived).map(|_| arrival));
        self.arrivals.drain(..read as usize);
        self.now = arrival;
        let lost = |ledger: Ledger| ledger.lost.full + ledger.lost.frozen;
        self.marked |= self.hole && read > 0;
        self.hole = lost(ledger) > lost(last) || self.hole && read == 0;
    }

    /// Checks that the library `found` the capture ready when it is, for the right reason.
    pub(super) fn check(&mut self, terms: Terms, closing: Closing, now: u64, found: Option<Wake>) {
        // The mark of a hole is pending too, and leaves without being counted in the ledger.
        let may_be = terms.is_piped || self.ledger.lost.total() > self.ledger.lost.closed;
        assert!(
            self.allows(terms, closing, now, found) || may_be && found.is_some(),
            "ready() is {found:?} at tick {now}: {terms:?}, {closing:?} closed, {self:?}"
        );
        let latest = |after| Some(due(*self.arrivals.front()?, after) + terms.late);
        self.due = match found {
            None if !terms.is_handling => terms.flush_after.and_then(latest),
            _ => None,
        };
    }

    /// Whether the predicate may say that; it is one thing, except while nobody can know.
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
        if let (Some(arrived), Some(after)) = (self.arrivals.front(), terms.flush_after) {
            let due = due(*arrived, after);
            let is_on_its_way = terms.is_handling && found.is_none();
            if now >= due + terms.late && !is_on_its_way {
                return found == Some(Wake::Deadline);
            }
            // By the cycle counter, where the uptime is behind.
            if self.now >= due && found == Some(Wake::Deadline) {
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

/// When the time of an edge is over, which is counted from the end of the tick in which it `arrived`.
fn due(arrived: u64, after: u64) -> u64 {
    arrived + 1 + after
}
