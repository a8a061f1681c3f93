//! The waiters: threads at a semaphore, tasks and pollers in a list, descriptors; and the set of those to wake.
//!
//! All waiters in one queue wait for the same condition; that of the second includes the least number of bytes wanted.

use core::pin::Pin;

use crate::sys::list::{List, Node, Wake};

/// What a waiter waits for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Queue {
    /// The channel to be ready.
    Ready,
    /// Something to be pending.
    Data,
}

/// The value of `wanted` when no waiter wants bytes.
const NOTHING: usize = usize::MAX;

pub(super) struct Waiters {
    /// Threads that sleep at each queue's semaphore, or are about to.
    pub(super) threads: [u32; 2],
    /// The least number of unread bytes that any waiter in the queue [`Queue::Data`] wants.
    wanted: usize,
    /// Open descriptors, one more if a task or a poller is listed in the queue [`Queue::Ready`], and one more if there are
    /// deadlines. Besides threads, this is all that the short path of the marked record has to check.
    others: u32,
    /// Open descriptors.
    fds: u32,
    /// Whether there are deadlines.
    deadlines: bool,
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
            deadlines: false,
            listed: [const { List::new() }; 2],
        }
    }

    /// Begins a use. Threads of the last one stay counted until they leave. Tasks and pollers that were not woken yet
    /// stay in the list, because it runs through them.
    pub(super) fn begin_use(&mut self) {
        self.wanted = NOTHING;
        self.fds = 0;
        self.count_others();
    }

    fn count_others(&mut self) {
        let any_listed = !self.listed[Queue::Ready as usize].is_empty();
        self.others = self.fds + u32::from(any_listed) + u32::from(self.deadlines);
    }

    /// Notes whether there are deadlines.
    pub(super) fn set_deadlines(&mut self, any: bool) {
        self.deadlines = any;
        self.count_others();
    }

    /// Whether a waiter other than a thread may wait for the channel to be ready, or there are deadlines.
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

    /// Whether there are several.
    #[cfg(edgepipe_user)]
    pub(super) fn has_threads(&self, queue: Queue) -> bool {
        self.threads[queue as usize] > 1
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

    /// Enlists `node`, to be woken by `wake` when the queue's condition becomes true.
    pub(super) fn add_listed(&mut self, queue: Queue, node: Pin<&Node>, wake: Wake) {
        self.listed[queue as usize].add(node, wake);
        self.count_others();
    }

    /// Removes `node` from the queue, as [`List::remove`] does.
    pub(super) fn remove_listed(&mut self, queue: Queue, node: Pin<&Node>) -> (bool, Option<Wake>) {
        let removed = self.listed[queue as usize].remove(node);
        self.count_others();
        removed
    }

    /// Marks all nodes that are listed now for a wake; [`next_listed`](Self::next_listed) returns them.
    pub(super) fn wake_listed(&mut self, queue: Queue) {
        self.listed[queue as usize].wake_all();
    }

    /// Takes out one marked node, and returns how to wake it.
    pub(super) fn next_listed(&mut self) -> Option<Wake> {
        let [ready, data] = &mut self.listed;
        let next = ready.next_to_wake().or_else(|| data.next_to_wake());
        self.count_others();
        next
    }

    /// The least number of unread bytes that a waiter wants, if any does.
    #[inline]
    pub(super) fn wanted(&self) -> Option<usize> {
        (self.wanted != NOTHING).then_some(self.wanted)
    }

    /// Notes that a waiter in the queue [`Queue::Data`] wants so many bytes.
    pub(super) fn want(&mut self, bytes: usize) {
        self.wanted = self.wanted.min(bytes);
    }

    /// Forgets what is wanted, because all are woken; one for which it is not enough asks again.
    pub(super) fn want_nothing(&mut self) {
        self.wanted = NOTHING;
    }
}

/// The waiters to wake once the lock is released: a set that is returned in a register.
#[derive(Clone, Copy)]
#[must_use]
pub(super) struct Wakeups(u8);

impl Wakeups {
    pub(super) const NOBODY: Self = Self(0);
    /// The condition that became true: waiters of this queue are to be woken.
    pub(super) const READY: Self = Self(1 << Queue::Ready as u8);
    pub(super) const DATA: Self = Self(1 << Queue::Data as u8);
    /// The kinds of waiters that there are: tasks and pollers, descriptors, and threads at the semaphore of each queue.
    pub(super) const LISTED: Self = Self(1 << 4);
    pub(super) const FDS: Self = Self(1 << 5);

    pub(super) const fn threads(queue: Queue) -> Self {
        Self(1 << (2 + queue as u8))
    }

    /// Threads that wait in `queue`, whose condition became true.
    pub(super) const fn told(queue: Queue) -> Self {
        Self::threads(queue).and(Self(1 << queue as u8))
    }

    /// This set if `any`, else the empty one.
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
