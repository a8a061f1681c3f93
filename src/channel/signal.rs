//! A semaphore of C that is up when the channel may be ready, for threads in user mode: they can poll nothing else.

use core::pin::Pin;

use super::{Queue, WeakReader};
use crate::sys::list::{self, Node};
use crate::sys::sem::Semaphore;
use crate::{Error, Wake};

/// The semaphore's place among the waiters of one channel.
#[doc(hidden)]
pub struct Signal(Node);

impl Signal {
    pub const fn new() -> Self {
        Self(Node::new())
    }
}

static_traits!(Signal);

impl WeakReader {
    /// As [`ready`](Self::ready), and gives the semaphore if the channel is ready. If not, takes it; it is given when that
    /// changes.
    ///
    /// It is taken and enlisted under the lock: it is up or enlisted even if the thread is aborted here.
    #[doc(hidden)]
    pub fn ready_with_sem(
        self,
        signal: &'static Signal,
        semaphore: &'static Semaphore,
    ) -> Result<Option<Wake>, Error> {
        let mut state = self.lock()?;
        state.check_pipe();
        let ready = state.ready();
        if ready.is_none() {
            semaphore.lower();
            let (place, wake) = (Pin::static_ref(&signal.0), list::Wake::Semaphore(semaphore));
            state.waiters.add_listed(Queue::Ready, place, wake);
            return Ok(None);
        }
        drop(state);
        // It is up already, unless a thread that has it too has taken it.
        semaphore.give();
        Ok(ready)
    }
}
