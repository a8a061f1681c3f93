//! The known state of a capture at one instant, and the results that a wait may have.

use edgepipe::{
    Ledger, Reader, Readiness, Wake,
    sys::clock::{TICKS_PER_SECOND, cycles_to_ns, uptime_ticks},
};
use edgepipe_app::Origin;

use super::{LATE, TICK_US, order::Order, round::Round};

/// The state at one instant, as the only reader sees it: meanwhile nothing can happen except new
/// edges.
pub(super) struct Look {
    /// Microseconds from the beginning of the stimulus.
    us: u64,
    ledger: Ledger,
    /// Edges that are pending or were handed over, and that the reader has not read.
    unread: u64,
    /// Why the capture is ready, which is read last.
    ready: Option<Wake>,
    /// Pending records that make it ready.
    threshold: u64,
    /// Pending records that make it full.
    full: u64,
    /// Lost edges that the reader does not know of. If there are any, gap records may be pending,
    /// which the ledger does not count.
    unseen: u64,
    /// When the next edge to be read was played.
    next_us: Option<u64>,
}

impl Look {
    pub(super) fn now(
        reader: &Reader,
        readiness: Readiness,
        order: &Order,
        origin: Origin,
        round: &Round,
    ) -> Self {
        let us = origin.to_us(cycles_to_ns(uptime_ticks(), TICKS_PER_SECOND));
        let ledger = reader.ledger();
        Self {
            us,
            unread: ledger.delivered + ledger.pending - order.seen(),
            ready: reader.ready(),
            threshold: match readiness {
                Readiness::Any => 1,
                Readiness::Records(records) => records.into(),
                Readiness::Full => u64::MAX,
            },
            full: match readiness {
                Readiness::Full => round.full().into(),
                _ => round.capacity.into(),
            },
            unseen: ledger.lost.total() - order.lost,
            next_us: order.next_us(),
            ledger,
        }
    }

    /// Checks that enough pending records make the capture ready, and that a loss does.
    pub(super) fn check(&self, round: &Round) {
        let pending = self.ledger.pending;
        if pending >= self.threshold.min(self.full) {
            assert!(
                self.ready.is_some(),
                "not ready at {:?}; {round}",
                self.ledger
            );
        }
    }

    /// Checks a wait that began at `before` and ended now with the reason `wake`, or none.
    pub(super) fn check_wait_since(&self, before: &Self, wake: Option<Wake>, round: &Round) {
        let capacity = u64::from(round.capacity);
        // Handed-over records keep their reason until all of them are read.
        let least = |records| if round.is_piped() { 1 } else { records };
        let pending = |records| self.unseen > 0 || self.unread >= least(records);
        let holds = match wake {
            // It was full when it lost the first edge, and no thread has read since.
            Some(Wake::Overflow) if before.ready.is_none() && before.unseen == 0 => {
                self.unseen > 0 && self.ledger.pending == capacity
            }
            Some(Wake::Overflow) => self.unseen > 0,
            Some(Wake::Full) => pending(self.full),
            Some(Wake::Threshold) => pending(self.threshold),
            Some(Wake::Deadline) => round.config.flush_after.is_some() && pending(1),
            Some(Wake::Idle) => round.config.idle_after.is_some() && pending(1),
            Some(Wake::Closed) => self.ledger.captured == round.edges(),
            None => before.ready.is_none(),
        };
        assert!(
            holds,
            "{wake:?} after a wait, at {:?}; {round}",
            self.ledger
        );
        self.check_deadline(before, round);
    }

    /// Checks that with a deadline, no wait is longer than that while a record is pending.
    pub(super) fn check_deadline(&self, before: &Self, round: &Round) {
        let (Some(after), Some(next_us)) = (round.config.flush_after, before.next_us) else {
            return;
        };
        if self.unseen == 0 {
            let end_us =
                before.us.max(next_us) + (after.ticks() + u64::from(LATE)) * u64::from(TICK_US);
            assert!(
                self.us < end_us,
                "waited until {} us for an edge of {next_us} us; {round}",
                self.us
            );
        }
    }
}
