//! Tests of `channel::waiters`, in src/channel/waiters.rs.

use std::pin::pin;

use crate::channel::waiters::{Queue, Waiters, Wakeups};
use crate::sys::list::{Node, Wake};
use crate::sys::sem::Semaphore;

static SEMAPHORE: Semaphore = Semaphore::new();

const QUEUES: [Queue; 2] = [Queue::Ready, Queue::Data];

#[test]
fn a_set_includes_what_was_put_into_it_and_nothing_else() {
    let parts = [
        Wakeups::READY,
        Wakeups::DATA,
        Wakeups::LISTED,
        Wakeups::FDS,
        Wakeups::threads(Queue::Ready),
        Wakeups::threads(Queue::Data),
    ];
    for chosen in 0..1_u32 << parts.len() {
        let is_in = |index: usize| chosen >> index & 1 == 1;
        let mut set = Wakeups::NOBODY;
        for (index, part) in parts.iter().enumerate() {
            set = set.and(part.when(is_in(index)));
            // Adding a part twice changes nothing.
            set = set.and(part.when(is_in(index)));
        }
        assert_eq!(set.is_any(), chosen != 0);
        for (index, part) in parts.iter().enumerate() {
            assert_eq!(set.includes(*part), is_in(index), "{index} of {chosen:b}");
        }
        // Threads are woken for their own queue only.
        assert_eq!(
            set.includes(Wakeups::told(Queue::Ready)),
            is_in(0) && is_in(4)
        );
        assert_eq!(
            set.includes(Wakeups::told(Queue::Data)),
            is_in(1) && is_in(5)
        );
    }
}

#[test]
fn the_least_that_is_wanted_counts() {
    let mut waiters = Waiters::none();
    waiters.begin_use();
    assert_eq!(waiters.wanted(), None);
    for (bytes, least) in [(16, 16), (24, 16), (8, 8)] {
        waiters.want(bytes);
        assert_eq!(waiters.wanted(), Some(least));
    }
    waiters.want_nothing();
    assert_eq!(waiters.wanted(), None);
    waiters.want(64);
    assert_eq!(waiters.wanted(), Some(64));
    waiters.begin_use();
    assert_eq!(waiters.wanted(), None);
}

#[test]
fn threads_are_counted_in_each_queue_until_they_leave() {
    let mut waiters = Waiters::none();
    for queue in QUEUES {
        assert!(!waiters.has_thread(queue));
        waiters.add_thread(queue);
        waiters.add_thread(queue);
        waiters.remove_thread(queue);
        assert!(waiters.has_thread(queue));
        waiters.remove_thread(queue);
        assert!(!waiters.has_thread(queue));
    }
    waiters.add_thread(Queue::Data);
    assert_eq!(QUEUES.map(|queue| waiters.has_thread(queue)), [false, true]);
    waiters.begin_use();
    assert_eq!(QUEUES.map(|queue| waiters.has_thread(queue)), [false, true]);
    waiters.remove_thread(Queue::Data);
    assert_eq!(QUEUES.map(|queue| waiters.has_thread(queue)), [false; 2]);
}

#[test]
fn others_are_who_is_listed_for_ready() {
    let (ready, data) = (pin!(Node::new()), pin!(Node::new()));
    let (ready, data) = (ready.as_ref(), data.as_ref());
    let mut waiters = Waiters::none();
    assert!(!waiters.any_listed() && !waiters.has_others());
    waiters.add_listed(Queue::Data, data, Wake::Semaphore(&SEMAPHORE));
    assert!(waiters.any_listed() && !waiters.has_others());
    waiters.add_listed(Queue::Ready, ready, Wake::Semaphore(&SEMAPHORE));
    assert!(waiters.any_listed() && waiters.has_others());
    let (woken, wake) = waiters.remove_listed(Queue::Data, data);
    assert!(!woken && wake.is_some());
    assert!(waiters.any_listed() && waiters.has_others());
    // No waiter has been selected yet.
    assert!(waiters.next_listed().is_none());
    waiters.wake_listed(Queue::Ready);
    assert!(waiters.next_listed().is_some());
    assert!(waiters.next_listed().is_none());
    assert!(!waiters.any_listed() && !waiters.has_others());
    let (woken, wake) = waiters.remove_listed(Queue::Ready, ready);
    assert!(woken && wake.is_none(), "it was woken");
}

#[cfg(feature = "fd")]
#[test]
fn descriptors_are_counted() {
    let mut waiters = Waiters::none();
    assert!(!waiters.has_fds());
    waiters.add_fd();
    waiters.add_fd();
    assert!(waiters.has_fds() && waiters.has_others());
    waiters.remove_fd();
    assert!(waiters.has_fds() && waiters.has_others());
    waiters.remove_fd();
    assert!(!waiters.has_fds() && !waiters.has_others());
    waiters.add_fd();
    waiters.begin_use();
    assert!(!waiters.has_fds() && !waiters.has_others());
}
