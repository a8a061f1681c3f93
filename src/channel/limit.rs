//! The fast path's limit, and which waiters to wake.

use super::state::{Phase, State};
use super::{Wakeups, delivery::PIECE, waiters::Queue};

impl State {
    /// Determines which waiters to wake, and updates the limit. To be called after every change that may make a
    /// condition true or false.
    pub(super) fn update(&mut self) -> Wakeups {
        let is_ready = self.ready().is_some();
        let mut wakeups = Wakeups::NOBODY;
        if is_ready && !self.told {
            wakeups = Wakeups::READY;
            self.waiters.wake_listed(Queue::Ready);
        }
        self.told = is_ready;
        if let Some(wanted) = self.waiters.wanted() {
            // A ready channel ends every blocked read that can get a record.
            let least = if is_ready { 1 } else { wanted };
            if self.has(least) {
                self.waiters.want_nothing();
                wakeups = wakeups.and(Wakeups::DATA);
                self.waiters.wake_listed(Queue::Data);
            }
        }
        self.update_limit();
        if wakeups.is_any() {
            wakeups = wakeups.and(self.waiting());
        }
        wakeups
    }

    /// Marks all listed waiters for a wake; returns all waiters.
    pub(super) fn wake_all(&mut self) -> Wakeups {
        self.waiters.wake_listed(Queue::Ready);
        self.waiters.wake_listed(Queue::Data);
        Wakeups::READY.and(Wakeups::DATA).and(self.waiting())
    }

    /// The kinds of waiters that there are, in either queue.
    pub(super) fn waiting(&self) -> Wakeups {
        let threads = |queue| Wakeups::threads(queue).when(self.waiters.has_thread(queue));
        threads(Queue::Ready)
            .and(threads(Queue::Data))
            .and(Wakeups::LISTED.when(self.waiters.any_listed()))
            .and(Wakeups::FDS.when(self.waiters.has_fds()))
    }

    /// Sets the limit of the fast path: just below the first record that needs more work than being stored. If that is
    /// only to wake waiters, because the record makes the channel ready, or to start the deadlines, because nothing else
    /// is pending, it is the marked record: [`store_at_limit`](Self::store_at_limit) stores it.
    pub(super) fn update_limit(&mut self) {
        let pending = self.records.pending();
        if self.phase != Phase::Capturing || self.levels.are_being_read() {
            return self.records.ring.set_limit(0, false);
        }
        let wanted = self.waiters.wanted();
        let can_mark = !self.told && wanted.is_none() && self.through.is_none();
        if pending == 0 && self.has_deadlines() {
            let is_quiet = self.threshold > self.records.size();
            return self.records.ring.set_limit(0, can_mark && is_quiet);
        }
        let mut next = match (self.through, self.told) {
            // From the threshold on, records are offered to the pipe in pieces.
            (Some(_), _) if pending >= self.threshold => pending + PIECE * self.records.size(),
            (None, true) => self.capacity + self.records.size(),
            _ => self.threshold,
        };
        if let Some(wanted) = wanted {
            next = next.min(wanted.saturating_sub(self.handover.in_pipe));
        }
        let quiet = next.saturating_sub(self.records.size() + pending);
        let marked = can_mark && !self.has_deadlines();
        self.records.ring.set_limit(quiet, marked);
    }

    /// Stores the marked record; returns whether it was stored. Then the caller must do its work, and needs no `update`.
    #[inline]
    pub(super) fn store_at_limit<T: Copy>(&mut self, record: T) -> bool {
        let stored = self.records.ring.try_push_at_limit(record);
        if stored {
            self.header = self.header.next();
        }
        stored
    }

    /// Sets the limit after a marked record that is alone: below the one that makes the channel ready.
    pub(super) fn set_limit_after_first(&mut self) {
        let size = self.records.size();
        let quiet = self.threshold.saturating_sub(size).saturating_sub(size);
        self.records.ring.set_limit(quiet, false);
    }
}
