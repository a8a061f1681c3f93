//! A list of waiters, in the waiters' own memory.
//!
//! A poller's place is in a static; a task's is in its future, pinned. So there may be any number.

use core::{cell::UnsafeCell, marker::PhantomPinned, pin::Pin, ptr};

use zephyr::sync::atomic::{AtomicPtr, Ordering::Relaxed};

use super::sem::Semaphore;

/// How a waiter is woken.
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

/// A waiter's place in a [`List`], one at a time.
pub(crate) struct Node {
    /// The list that the node belongs to; null if there is none.
    owner: AtomicPtr<List>,
    /// Only the owner touches them, and it is locked.
    links: UnsafeCell<Links>,
    _pinned: PhantomPinned,
}

struct Links {
    /// The list's round when the node was added; `None` in no list, or once it was taken out of it to be woken.
    since: Option<u32>,
    previous: *const Node,
    next: *const Node,
    /// `Some` while the node is in a list.
    wake: Option<Wake>,
}

// SAFETY: only the owner touches the links, and that is locked.
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
        // A list would still use the memory. The code that enlists a node removes it before the node is dropped.
        while !self.owner.load(Relaxed).is_null() {
            core::hint::spin_loop();
        }
    }
}

/// A list of nodes, first in, first out. It does not move while nodes belong to it.
pub(crate) struct List {
    /// INVARIANT: the nodes from `first` over `next` to `last`, and back over `previous`, have this list as their
    /// owner, and a round in `since`. They are pinned, so each is alive until it is removed.
    first: *const Node,
    last: *const Node,
    /// How often all were marked for a wake. Nodes of an earlier round are to be woken.
    round: u32,
}

// SAFETY: the code that uses the list has it alone, and its nodes can be reached from any context.
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

    /// Adds `node` at the end, or leaves it where it is; `wake` will wake it. Does nothing to a node of another list.
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

    /// Removes `node`, if it belongs to this list. Returns whether it was woken since it was added; and if not, what
    /// would have woken it, which the caller must drop without a lock.
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

    /// Marks all nodes that are in the list now for a wake.
    pub(crate) fn wake_all(&mut self) {
        self.round = self.round.wrapping_add(1);
    }

    /// Takes out a marked node, and returns how to wake it. It belongs to the list until it is removed.
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

    /// Makes `next` the node after `node`, or the first one if `node` is null.
    fn set_next(&mut self, node: *const Node, next: *const Node) {
        if node.is_null() {
            self.first = next;
        } else {
            // SAFETY: by the invariant it is alive and ours. It is not the node that the caller works on.
            unsafe { (*(*node).links.get()).next = next }
        }
    }

    /// Makes `previous` the node before `node`, or the last one if `node` is null.
    fn set_previous(&mut self, node: *const Node, previous: *const Node) {
        if node.is_null() {
            self.last = previous;
        } else {
            // SAFETY: as in `set_next`.
            unsafe { (*(*node).links.get()).previous = previous }
        }
    }
}
