//! A list of those to be woken, whose memory is their own.
//!
//! A poller's place is in a static; a task's is in its future, pinned. So there may be any number.

use core::{cell::UnsafeCell, marker::PhantomPinned, pin::Pin, ptr};

use zephyr::sync::atomic::{AtomicPtr, Ordering::Relaxed};

use super::sem::Semaphore;

/// How one is woken.
pub(crate) enum Wake {
    /// A thread that sleeps in `k_poll`.
    Semaphore(&'static Semaphore),
    #[cfg(feature = "async")]
    Task(core::task::Waker),
}

impl Wake {
    /// ISR or thread, never with a lock held.
    pub(crate) fn wake(self) {
        match self {
            Self::Semaphore(semaphore) => semaphore.give(),
            #[cfg(feature = "async")]
            Self::Task(waker) => waker.wake(),
        }
    }
}

/// A place in a [`List`], one at a time.
pub(crate) struct Node {
    /// The list that the node belongs to; null if there is none.
    owner: AtomicPtr<List>,
    /// Touched by the owner only, which is locked.
    links: UnsafeCell<Links>,
    _pinned: PhantomPinned,
}

struct Links {
    /// In a list, since all in it were woken so often; `None` in no list, or taken out of it to be woken.
    since: Option<u32>,
    previous: *const Node,
    next: *const Node,
    /// There while the node is in a list.
    wake: Option<Wake>,
}

// SAFETY: the links are touched by the owner only, and that is locked.
unsafe impl Sync for Node {}
// SAFETY: as above; what they point to is in statics or pinned until it has left the list.
unsafe impl Send for Node {}

impl Node {
    pub(crate) const fn new() -> Self {
        let links = Links {
            since: None,
            previous: ptr::null(),
            next: ptr::null(),
            wake: None,
        };
        Self {
            owner: AtomicPtr::new(ptr::null_mut()),
            links: UnsafeCell::new(links),
            _pinned: PhantomPinned,
        }
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        // A list would go on to use the memory. Who enlists a node removes it before it is dropped.
        while !self.owner.load(Relaxed).is_null() {
            core::hint::spin_loop();
        }
    }
}

/// A list of nodes, first in, first out. It stays where it is while nodes belong to it.
pub(crate) struct List {
    /// INVARIANT: from `first` over `next` to `last`, and back over `previous`, are nodes whose owner this is
    /// and which are in it `since` some round. They are pinned, so each is alive until it was removed.
    first: *const Node,
    last: *const Node,
    /// How often all were woken: those that came before that are to be woken.
    round: u32,
}

// SAFETY: whoever uses the list has it alone, and its nodes can be reached from any context.
unsafe impl Send for List {}

impl List {
    pub(crate) const fn new() -> Self {
        Self {
            first: ptr::null(),
            last: ptr::null(),
            round: 0,
        }
    }

    #[inline]
    pub(crate) fn is_empty(&self) -> bool {
        self.first.is_null()
    }

    /// Adds `node` at the end, or lets it stay where it is; it is woken by `wake`. Does nothing to one that
    /// belongs to another list.
    pub(crate) fn add(&mut self, node: Pin<&Node>, wake: Wake) {
        let this = ptr::from_mut(self);
        let (owner, none) = (&node.owner, ptr::null_mut());
        let taken = owner.compare_exchange(none, this, Relaxed, Relaxed);
        if taken.is_err_and(|owner| owner != this) {
            debug_assert!(false, "the node belongs to another list");
            return;
        }
        let node = ptr::from_ref(node.get_ref());
        // SAFETY: the node is pinned, and its owner this list, which we have alone.
        let links = unsafe { &mut *(*node).links.get() };
        links.wake = Some(wake);
        if links.since.is_some() {
            return;
        }
        links.since = Some(self.round);
        links.previous = self.last;
        links.next = ptr::null();
        self.set_next(self.last, node);
        self.last = node;
    }

    /// Removes `node`, if it belongs to this list; returns whether it was woken since it was added, and what would have
    /// woken it, to be dropped without a lock.
    pub(crate) fn remove(&mut self, node: Pin<&Node>) -> (bool, Option<Wake>) {
        if node.owner.load(Relaxed) != ptr::from_mut(self) {
            return (false, None);
        }
        // SAFETY: its owner is this list, which we have alone.
        let links = unsafe { &mut *node.links.get() };
        let is_in = links.since.is_some();
        if is_in {
            let (previous, next) = (links.previous, links.next);
            links.since = None;
            self.set_next(previous, next);
            self.set_previous(next, previous);
        }
        node.owner.store(ptr::null_mut(), Relaxed);
        (!is_in, links.wake.take())
    }

    /// All that are in the list now are to be woken.
    pub(crate) fn wake_all(&mut self) {
        self.round = self.round.wrapping_add(1);
    }

    /// Takes out one that is to be woken. It belongs to the list until it is removed.
    pub(crate) fn next_to_wake(&mut self) -> Option<Wake> {
        if self.first.is_null() {
            return None;
        }
        // SAFETY: by the invariant it is alive and ours.
        let links = unsafe { &mut *(*self.first).links.get() };
        if links.since == Some(self.round) {
            return None;
        }
        links.since = None;
        let (wake, next) = (links.wake.take(), links.next);
        self.first = next;
        self.set_previous(next, ptr::null());
        wake
    }

    /// `next` comes after `node`, or first if there is none.
    fn set_next(&mut self, node: *const Node, next: *const Node) {
        if node.is_null() {
            self.first = next;
        } else {
            // SAFETY: by the invariant it is alive and ours. It is not the node that a caller works on.
            unsafe { (*(*node).links.get()).next = next }
        }
    }

    /// `previous` comes before `node`, or last if there is none.
    fn set_previous(&mut self, node: *const Node, previous: *const Node) {
        if node.is_null() {
            self.last = previous;
        } else {
            // SAFETY: as in `set_next`.
            unsafe { (*(*node).links.get()).previous = previous }
        }
    }
}
