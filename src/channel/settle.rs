//! What the next records change: who is to be told of the present ones, which of those to come concern
//! nobody, and the short ways of those that do little.

use super::{
    Raise,
    state::{Phase, State},
    wait::Queue,
};
use crate::RECORD_BYTES;

/// Edges that the fast path counts in the sequence number only, at most: with the two after them, one by
/// [`State::reach`] and one that the full path adds before it counts, fewer than take it around.
/// [`State::drain`] leaves half as many uncounted, and lets in but a few.
const UNCOUNTED_MAX: u8 = u8::MAX - 2;

impl State {
    /// Brings the flags in line with the state: to be called after every change that may make a
    /// condition true or false.
    pub(super) fn update(&mut self) -> Raise {
        let ready = self.ready().is_some();
        let mut raise = Raise::NOBODY;
        if ready && !self.signalled {
            self.unseen = self.waiters[Queue::Ready as usize] == 0;
            raise = raise.and(Raise::READY);
        }
        self.signalled = ready;
        if let Some(need) = self.need {
            // Whatever made it ready, what there is can be read.
            let least = if ready { 1 } else { need.get() };
            if self.has(least) {
                // Whoever is woken asks again if this was not enough.
                self.need = None;
                raise = raise.and(Raise::DATA);
            }
        }
        self.settle();
        if raise.is_any() {
            raise = raise.and(self.others());
        }
        raise
    }

    /// Those to be woken beside the threads that wait at a semaphore.
    fn others(&self) -> Raise {
        Raise::tasks(self.tasks.are_any()).and(Raise::fds(cfg!(feature = "fd") && self.fds > 0))
    }

    /// Whether the latest record is one that changes nothing.
    pub(super) fn is_quiet(&self) -> bool {
        self.records.pending() <= self.quiet
    }

    /// Finds out anew what the next records change, and lets those into the stage that change nothing;
    /// counts those that came.
    pub(super) fn settle(&mut self) {
        self.count();
        let pending = self.records.pending();
        self.quiet = self.quiet(pending);
        let quiet = self.quiet.saturating_sub(pending);
        let length = quiet.min(self.records.size() * usize::from(UNCOUNTED_MAX));
        // The one after them reaches the threshold.
        let does_nothing_else = length == quiet
            && self.phase == Phase::Capturing
            && !self.signalled
            && self.need.is_none()
            && self.deadline.is_off()
            && self.records.are_edges()
            && !self.others().is_any();
        self.records.stage.allow(length, does_nothing_else);
    }

    /// How much may be pending without a change for anybody, while `pending` is.
    fn quiet(&self, pending: usize) -> usize {
        let starts_deadline = pending == 0 && !self.deadline.is_off();
        if self.phase != Phase::Capturing || starts_deadline {
            return 0;
        }
        let wake_at = match self.need {
            Some(need) if self.signalled => need.get(),
            Some(need) => need.get().min(self.threshold),
            None if self.signalled => return self.capacity,
            None => self.threshold,
        };
        wake_at - self.records.size()
    }

    /// Edges that are counted in the sequence number only.
    fn uncounted(&self) -> u8 {
        let next = self.head.sequence();
        next.wrapping_sub(self.books.captured as u8).wrapping_sub(1)
    }

    /// Edges captured.
    pub(super) fn captured(&self) -> u64 {
        self.books.captured + u64::from(self.uncounted())
    }

    /// Counts them in the books.
    fn count(&mut self) {
        self.books.captured = self.captured();
    }

    /// Stores the record that makes the channel ready, if that is all that it does, and only threads are to
    /// be told: a shorter way to what `update` would find after it.
    #[inline]
    pub(super) fn reach<T: Copy>(&mut self, record: T) -> bool {
        let stored = self.records.stage.push_last(record);
        if stored {
            self.head = self.head.next();
            if self.waiters[Queue::Ready as usize] == 0 {
                self.unseen = true;
                // `drain` would leave it up.
                self.records.stage.forget_last();
            }
            self.signalled = true;
        }
        stored
    }

    /// Moves all that is pending to `out`, if that is a few edges, the newest of which came by
    /// [`reach`](Self::reach); returns how many bytes. A shorter way to what `take` and `update` come to.
    #[inline]
    pub(super) fn drain(&mut self, out: &mut [u8]) -> Option<usize> {
        let length = self.records.drain(out)?;
        self.books.high_water = self.books.high_water.max(length);
        self.books.delivered += (length / RECORD_BYTES) as u64;
        if self.uncounted() > UNCOUNTED_MAX / 2 {
            self.count();
        }
        self.signalled = false;
        Some(length)
    }
}
