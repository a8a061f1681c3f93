//! What ends a wait from outside.

use core::fmt;

use super::PollSet;

/// Ends a wait of a [`Poller`](super::Poller), from any context.
pub struct Waker<const N: usize> {
    pub(super) set: &'static PollSet<N>,
}

impl<const N: usize> Waker<N> {
    /// Ends one wait, without an event. If nobody waits, the next wait ends at once.
    ///
    /// # Context
    ///
    /// ISR or thread, never blocks.
    pub fn wake(&self) {
        let mut set = self.set.lock();
        // After the poller was dropped there is nobody to wake, and no semaphore to give.
        if set.handles == 0 {
            return;
        }
        set.woken = true;
        drop(set);
        self.set.look.give();
    }
}

impl<const N: usize> Clone for Waker<N> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<const N: usize> Copy for Waker<N> {}

impl<const N: usize> fmt::Debug for Waker<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Waker").finish_non_exhaustive()
    }
}
