//! Waiting in other ways: pollers and tasks.

use std::{
    future::Future,
    pin::pin,
    sync::Arc,
    task::{Context, Poll, Waker},
};

use edgepipe::{Error, Token};

use super::{Driver, on, timeout};
use crate::channel::{
    op::{Ticks, Which},
    rig::{Flag, locked},
    set::in_order,
    world::{Waited, Waiter},
};

impl Driver {
    pub(super) fn open_set(&mut self) {
        let opened = self.rig.set.open();
        assert_eq!(opened.as_ref().err(), self.world.open_set().err().as_ref());
        if let Ok(poller) = opened {
            *locked(&self.rig.waker) = Some(poller.waker());
            self.poller = Some(poller);
        }
    }

    pub(super) fn drop_set(&mut self) {
        self.poller = None;
        self.world.set.open = false;
    }

    pub(super) fn register(&mut self, which: Which, token: usize) {
        let (Some(poller), Some(end)) = (&self.poller, &self.slots[which as usize].reader) else {
            return;
        };
        let expected = self.world.register(which, Token(token));
        let registered = on!(end, reader => poller.register(reader, Token(token)));
        assert_eq!(registered, expected, "{which:?}");
    }

    pub(super) fn deregister(&mut self, which: Which) {
        let (Some(poller), Some(end)) = (&self.poller, &self.slots[which as usize].reader) else {
            return;
        };
        let expected = self.world.deregister(which);
        let deregistered = on!(end, reader => poller.deregister(reader));
        assert_eq!(deregistered, expected, "{which:?}");
    }

    pub(super) fn poll(&mut self, ticks: Option<Ticks>) {
        let Some(poller) = &self.poller else {
            return;
        };
        let mut world = self.world.clone();
        let expected = world.poll(ticks.map(Ticks::get));
        if expected == Waited::Never {
            return;
        }
        self.world = world;
        let polled = poller.wait(timeout(ticks));
        let polled = polled.map(|events| in_order(events.to_vec()));
        assert_eq!(Waited::from(polled), expected);
    }

    pub(super) fn task_waits(&mut self, which: Which) {
        let slot = &self.slots[which as usize];
        let Some(end) = &slot.reader else {
            return;
        };
        let now = self.world.now;
        let expected = self
            .world
            .queue(which)
            .ready(now)
            .map_or(Poll::Pending, Poll::Ready);
        let polled = on!(end, reader => poll_once(reader.wait_ready_async(), &slot.ready));
        assert_eq!(polled, expected, "{which:?}");
        if polled.is_pending() {
            self.world.enlist(which, Waiter::TaskReady);
        }
    }

    pub(super) fn task_reads(&mut self, which: Which, length: usize) {
        let slot = &mut self.slots[which as usize];
        let Some(end) = &mut slot.reader else {
            return;
        };
        let now = self.world.now;
        let expected = match self.world.queue(which).try_read(now, length) {
            Err(Error::WOULD_BLOCK) => Poll::Pending,
            result => Poll::Ready(result),
        };
        let mut bytes = vec![0xaa; length];
        let read = on!(end, reader => {
            poll_once(embedded_io_async::Read::read(reader, &mut bytes), &slot.data)
        });
        let read = read.map_ok(|length| self.world.queue(which).items(&bytes[..length]));
        assert_eq!(read, expected, "{which:?}");
        if read.is_pending() {
            self.world.enlist(which, Waiter::TaskData);
        }
    }
}

/// Polls a future and forgets it; if it is not ready, `flag` is raised when it may be.
fn poll_once<F: Future>(future: F, flag: &Arc<Flag>) -> Poll<F::Output> {
    flag.lower();
    let waker = Waker::from(Arc::clone(flag));
    pin!(future).poll(&mut Context::from_waker(&waker))
}
