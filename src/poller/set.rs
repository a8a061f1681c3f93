//! The memory of a poller: what is registered, how many threads wait, and what ends a wait from outside.

use core::pin::Pin;

use super::{Poller, Token};
use crate::{
    Error, WeakReader, channel::Queue, sys::list::Node, sys::lock::Lock, sys::sem::Semaphore,
};

/// The memory of a [`Poller`] of up to `N` captures, for a `static`; [`Poller::wait`] has an example.
pub struct PollSet<const N: usize> {
    pub(super) state: Lock<Set<N>>,
    /// The place of each registration in its capture's queue. It is enlisted and removed with the set's lock held, so
    /// that it is in the queue of the registered capture or in none.
    places: [Node; N],
    /// Given when waiters must check the captures, the registrations, or `woken` again.
    pub(super) news: Semaphore,
}

pub(super) struct Set<const N: usize> {
    /// Pollers that exist. At its maximum the count stays as it is, and the set stays open.
    pub(super) handles: u32,
    pub(super) registered: [Option<Registration>; N],
    /// A `Waker` has asked for the end of a wait.
    pub(super) woken: bool,
    pub(super) waiters: u32,
}

#[derive(Clone, Copy)]
pub(super) struct Registration {
    pub(super) capture: WeakReader,
    pub(super) token: Token,
}

impl<const N: usize> PollSet<N> {
    /// A set that is not open.
    pub const fn new() -> Self {
        const { assert!(N > 0, "a poller needs room for at least one capture") }
        let set = Set {
            handles: 0,
            registered: [None; N],
            woken: false,
            waiters: 0,
        };
        Self {
            state: Lock::new(set),
            places: [const { Node::new() }; N],
            news: Semaphore::new(),
        }
    }

    /// Opens the set, with nothing registered. Thread only.
    ///
    /// # Errors
    ///
    /// [`Error::BUSY`] while an earlier poller of this set exists.
    pub fn open(&'static self) -> Result<Poller<N>, Error> {
        let mut set = self.state.lock();
        if set.handles != 0 {
            return Err(Error::BUSY);
        }
        set.handles = 1;
        set.woken = false;
        set.waiters = 0;
        drop(set);
        // No other code has the poller before this returns, so no thread waits.
        self.news.init();
        Ok(Poller { set: self })
    }

    /// Ends the poller of a thread that was aborted, for C; it has no clones.
    #[doc(hidden)]
    pub fn abandon(&'static self) {
        if self.state.lock().handles > 0 {
            drop(Poller { set: self });
        }
    }

    /// A handle that ends a wait of this set's poller from any context. It does nothing while there is no poller.
    pub const fn waker(&'static self) -> Waker<N> {
        Waker { set: self }
    }

    /// Replaces registration `index` by `new`. Without a place at which it could panic, which would be the only one of an
    /// application in C.
    pub(super) fn put(&'static self, set: &mut Set<N>, index: usize, new: Option<Registration>) {
        let place = set.registered.get_mut(index);
        if let Some(old) = place.and_then(|place| core::mem::replace(place, new)) {
            old.capture.delist(Queue::Ready, self.place(index));
        }
    }

    /// The place of registration `index` in its capture's queue.
    pub(super) fn place(&'static self, index: usize) -> Pin<&'static Node> {
        Pin::static_ref(&self.places[index])
    }
}

static_traits!(PollSet<N>);

/// Ends a wait of a [`Poller`], from any context.
#[derive(Clone, Copy, Debug)]
pub struct Waker<const N: usize> {
    pub(super) set: &'static PollSet<N>,
}

impl<const N: usize> Waker<N> {
    /// Ends one wait, without an event. If no thread waits, the next wait that finds no event ends at once; several
    /// calls before it end only that one. A loop that always finds events does not notice: to stop it, set a flag too.
    /// ISR or thread, never blocks.
    pub fn wake(&self) {
        let mut set = self.set.state.lock();
        // After the last poller was dropped, no thread waits, and the next `open` initialises the semaphore.
        if set.handles > 0 {
            set.woken = true;
            drop(set);
            self.set.news.give();
        }
    }
}
