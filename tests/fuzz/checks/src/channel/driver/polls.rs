//! Pollers.

use edgepipe::Token;

use super::{Driver, on, timeout};
use crate::channel::{
    op::{Ticks, Which},
    rig::locked,
    set::in_order,
    world::Waited,
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
}
