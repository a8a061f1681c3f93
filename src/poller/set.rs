//! Where a poller lives: what is registered, who waits, and what ends a wait from outside.

use core::pin::Pin;

use super::{Poller, Token};
use crate::{
    Error, WeakReader, channel::Queue, sys::list::Node, sys::lock::Lock, sys::sem::Semaphore,
};

/// Where a [`Poller`] of up to `N` captures lives; it goes into a `static`, as the example of
/// [`Poller::wait`] shows.
pub struct PollSet<const N: usize> {
    pub(super) state: Lock<Set<N>>,
    /// Of each registration, its place among those who wait at the capture. It is enlisted and taken out
    /// with the set's lock held, so that it is in the queue of the registered capture or in none.
    places: [Node; N],
    /// Given when waiters are to look again: at the captures, at what is registered, or at `woken`.
    pub(super) news: Semaphore,
}

pub(super) struct Set<const N: usize> {
    /// Pollers that exist. A count that is at its end stays there, and the set stays open.
    pub(super) handles: u32,
    pub(super) registered: [Option<Registration>; N],
    /// A `Waker` asks for the end of a wait.
    pub(super) woken: bool,
    /// Threads that wait.
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

    /// Takes the set into use, with nothing registered. Thread only.
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
        // The poller is ours alone until this returns, so nobody waits.
        self.news.init();
        Ok(Poller { set: self })
    }

    /// Has `index` registered as `new`, or as nothing.
    pub(super) fn put(&'static self, set: &mut Set<N>, index: usize, new: Option<Registration>) {
        if let Some(old) = core::mem::replace(&mut set.registered[index], new) {
            old.capture.delist(Queue::Ready, self.place(index));
        }
    }

    /// The place of registration `index` among those who wait at its capture.
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
    /// Ends one wait, without an event. If nobody waits, the next wait that finds no event ends at once, and only
    /// that one, however often this was called. A loop that always finds some never sees it: to stop that, set a
    /// flag too. ISR or thread, never blocks.
    pub fn wake(&self) {
        let mut set = self.set.state.lock();
        // After the poller was dropped there is nobody to wake, and no semaphore to give.
        if set.handles > 0 {
            set.woken = true;
            drop(set);
            self.set.news.give();
        }
    }
}
