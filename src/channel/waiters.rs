//! Who waits, and for what: threads at a semaphore, tasks and pollers in a list, descriptors; and
//! who is to be woken.
//!
//! Whoever waits in one queue waits for the same condition. That of the second, that something is
//! pending, comes with a number of bytes, the least that anybody wants.

use core::pin::Pin;

use crate::sys::list::{List, Node, Wake};

/// What is waited for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Queue {
    /// The channel to be ready.
    Ready,
    /// Something to be pending.
    Data,
}

/// Nobody wants anything to be pending.
const NOTHING: usize = usize::MAX;

pub(super) struct Waiters {
    /// Threads that are asleep at each queue's semaphore, or about to be.
    pub(super) threads: [u32; 2],
    /// The least number of unread bytes that anybody waits for in the queue [`Queue::Data`].
    wanted: usize,
    /// Descriptors that are open, and one more if anybody is listed for the channel to be ready: all that the
    /// short way to the threshold has to look at beside threads.
    others: u32,
    /// Descriptors that are open.
    fds: u32,
    /// Tasks and pollers. They are woken once, and enlist again.
    listed: [List; 2],
}

impl Waiters {
    pub(super) const fn none() -> Self {
        Self {
            threads: [0; 2],
            wanted: 0,
            others: 0,
            fds: 0,
            listed: [const { List::new() }; 2],
        }
    }

    /// For a new use of the channel. Threads of the last one that have not left yet stay counted; tasks and pollers that
    /// have not been woken yet stay in the list, because it runs through them.
    pub(super) fn begin_use(&mut self) {
        self.wanted = NOTHING;
        self.fds = 0;
        self.count_others();
    }

    fn count_others(&mut self) {
        self.others = self.fds + u32::from(!self.listed[Queue::Ready as usize].is_empty());
    }

    /// Whether anybody but a thread waits for the channel to be ready.
    #[inline]
    pub(super) fn has_others(&self) -> bool {
        self.others > 0
    }

    pub(super) fn has_fds(&self) -> bool {
        cfg!(feature = "fd") && self.fds > 0
    }

    #[cfg(feature = "fd")]
    pub(super) fn add_fd(&mut self) {
        self.fds += 1;
        self.count_others();
    }

    #[cfg(feature = "fd")]
    pub(super) fn remove_fd(&mut self) {
        self.fds -= 1;
        self.count_others();
    }

    #[inline]
    pub(super) fn has_thread(&self, queue: Queue) -> bool {
        self.threads[queue as usize] > 0
    }

    #[inline]
    pub(super) fn add_thread(&mut self, queue: Queue) {
        self.threads[queue as usize] += 1;
    }

    #[inline]
    pub(super) fn remove_thread(&mut self, queue: Queue) {
        self.threads[queue as usize] -= 1;
    }

    #[inline]
    pub(super) fn any_listed(&self) -> bool {
        !(self.listed[0].is_empty() & self.listed[1].is_empty())
    }

    /// Has `node` woken when the queue's condition comes true.
    pub(super) fn add_listed(&mut self, queue: Queue, node: Pin<&Node>, wake: Wake) {
        self.listed[queue as usize].add(node, wake);
        self.count_others();
    }

    /// `node` waits in the queue no more; as [`List::remove`] says.
    pub(super) fn remove_listed(&mut self, queue: Queue, node: Pin<&Node>) -> (bool, Option<Wake>) {
        let removed = self.listed[queue as usize].remove(node);
        self.count_others();
        removed
    }

    /// All that are listed now are to be woken: [`next_listed`](Self::next_listed) gives them.
    pub(super) fn wake_listed(&mut self, queue: Queue) {
        self.listed[queue as usize].wake_all();
    }

    /// One that is to be woken, and waits no more.
    pub(super) fn next_listed(&mut self) -> Option<Wake> {
        let [ready, data] = &mut self.listed;
        let next = ready.next_to_wake().or_else(|| data.next_to_wake());
        self.count_others();
        next
    }

    /// How many unread bytes are waited for, if any are.
    #[inline]
    pub(super) fn wanted(&self) -> Option<usize> {
        (self.wanted != NOTHING).then_some(self.wanted)
    }

    /// Somebody in the queue [`Queue::Data`] waits for so many bytes.
    pub(super) fn want(&mut self, bytes: usize) {
        self.wanted = self.wanted.min(bytes);
    }

    /// Whoever is woken asks again if it was not enough.
    pub(super) fn want_nothing(&mut self) {
        self.wanted = NOTHING;
    }
}

/// Who is to be woken once the lock is released: a set, small enough to be returned from call to call
/// in a register.
#[derive(Clone, Copy)]
#[must_use]
pub(super) struct Wakeups(u8);

impl Wakeups {
    pub(super) const NOBODY: Self = Self(0);
    /// What came true: the queue whose waiters are to be woken.
    pub(super) const READY: Self = Self(1 << Queue::Ready as u8);
    pub(super) const DATA: Self = Self(1 << Queue::Data as u8);
    /// Who waits in the queues: tasks and pollers, descriptors; and threads at the semaphore of each queue.
    pub(super) const LISTED: Self = Self(1 << 4);
    pub(super) const FDS: Self = Self(1 << 5);

    pub(super) const fn threads(queue: Queue) -> Self {
        Self(1 << (2 + queue as u8))
    }

    /// All threads that wait in `queue`, which are to be woken.
    pub(super) const fn told(queue: Queue) -> Self {
        Self::threads(queue).and(Self(1 << queue as u8))
    }

    /// These, if so.
    pub(super) const fn when(self, any: bool) -> Self {
        if any { self } else { Self::NOBODY }
    }

    #[inline]
    pub(super) const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    #[inline]
    pub(super) const fn is_any(self) -> bool {
        self.0 != 0
    }

    pub(super) const fn includes(self, all: Self) -> bool {
        self.0 & all.0 == all.0
    }
}
