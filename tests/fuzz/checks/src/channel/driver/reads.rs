//! Waiting and reading.

use edgepipe::{Edge, Error, Readiness};
use embedded_io::Read;

use super::{Driver, End, on, timeout};
use crate::channel::{
    op::{Ticks, Which},
    queue::Queue,
    world::Waited,
};

impl Driver {
    pub(super) fn wait_ready(&mut self, which: Which, ticks: Option<Ticks>) {
        let Some(end) = &self.slots[which as usize].reader else {
            return;
        };
        let mut world = self.world.clone();
        let expected = world.wait(ticks.map(Ticks::get), |world| {
            let now = world.now;
            world.queue(which).waited(now)
        });
        if expected == Waited::Never {
            return;
        }
        self.world = world;
        let waited = match on!(end, reader => reader.wait_ready(timeout(ticks))) {
            Err(Error::TIMED_OUT) => Waited::TimedOut,
            result => Waited::Found(result),
        };
        assert_eq!(waited, expected, "{which:?}");
    }

    pub(super) fn read_timeout(&mut self, which: Which, length: usize, ticks: Option<Ticks>) {
        let Some(end) = &self.slots[which as usize].reader else {
            return;
        };
        let mut world = self.world.clone();
        let expected = match world.wait(ticks.map(Ticks::get), |world| {
            let (now, queue) = (world.now, world.queue(which));
            match queue.try_read(now, length) {
                Err(Error::WOULD_BLOCK) => None,
                result => Some(result),
            }
        }) {
            Waited::Found(read) => read,
            Waited::TimedOut => Err(Error::TIMED_OUT),
            Waited::Never => return,
        };
        self.world = world;
        let mut bytes = vec![0xaa; length];
        let read = on!(end, reader => reader.read_timeout(&mut bytes, timeout(ticks)));
        assert_eq!(
            read.map(|length| self.world.queue(which).items(&bytes[..length])),
            expected,
            "{which:?}"
        );
    }

    pub(super) fn set_readiness(&mut self, which: Which, readiness: Readiness) {
        let Some(end) = &self.slots[which as usize].reader else {
            return;
        };
        let expected = self.world.queue(which).set_readiness(readiness);
        // Both ends can set the threshold.
        let set = match &*self.slots[which as usize].capture.borrow() {
            Some(capture) => capture.set_readiness(readiness),
            None => on!(end, reader => reader.set_readiness(readiness)),
        };
        assert_eq!(set, expected, "{which:?}");
    }

    pub(super) fn try_read(&mut self, which: Which, length: usize) {
        let Some(end) = &mut self.slots[which as usize].reader else {
            return;
        };
        let now = self.world.now;
        let expected = self.world.queue(which).try_read(now, length);
        let mut bytes = vec![0xaa; length];
        let read = on!(end, reader => reader.try_read(&mut bytes));
        assert_eq!(
            read.map(|length| self.world.queue(which).items(&bytes[..length])),
            expected,
            "{which:?}"
        );
    }

    pub(super) fn read(&mut self, which: Which, length: usize) {
        let Some(expected) = self.blocking(which, |queue, now| queue.try_read(now, length)) else {
            return;
        };
        let Some(end) = &mut self.slots[which as usize].reader else {
            return;
        };
        let mut bytes = vec![0xaa; length];
        let read = on!(end, reader => reader.read(&mut bytes));
        assert_eq!(
            read.map(|length| self.world.queue(which).items(&bytes[..length])),
            expected,
            "{which:?}"
        );
    }

    pub(super) fn try_read_edges(&mut self, which: Which, length: usize) {
        let Some(End::Edges(reader)) = &mut self.slots[which as usize].reader else {
            return;
        };
        let now = self.world.now;
        let expected = self.world.queue(which).try_read_edges(now, length);
        let mut edges = vec![Edge::default(); length];
        let read = reader.try_read_edges(&mut edges);
        assert_eq!(
            read.map(|length| edges[..length].to_vec()),
            expected,
            "{which:?}"
        );
    }

    pub(super) fn read_edges(&mut self, which: Which, length: usize) {
        if which == Which::Bytes {
            return;
        }
        let attempt = |queue: &mut Queue, now| queue.try_read_edges(now, length);
        let Some(expected) = self.blocking(which, attempt) else {
            return;
        };
        let Some(End::Edges(reader)) = &mut self.slots[which as usize].reader else {
            return;
        };
        let mut edges = vec![Edge::default(); length];
        let read = reader.read_edges(&mut edges);
        assert_eq!(
            read.map(|length| edges[..length].to_vec()),
            expected,
            "{which:?}"
        );
    }

    /// What the model reads when it may wait; `None`, and nothing happens, if it would wait for ever
    /// or there is no reader.
    fn blocking<T>(
        &mut self,
        which: Which,
        mut attempt: impl FnMut(&mut Queue, u64) -> Result<T, Error>,
    ) -> Option<Result<T, Error>> {
        self.slots[which as usize].reader.as_ref()?;
        let mut world = self.world.clone();
        loop {
            let now = world.now;
            match attempt(world.queue(which), now) {
                Err(Error::WOULD_BLOCK) => {
                    let pending = |queue: &mut Queue| queue.has(1).then_some(());
                    match world.wait(None, |world| pending(world.queue(which))) {
                        Waited::Never => return None,
                        _ => continue,
                    }
                }
                result => {
                    self.world = world;
                    return Some(result);
                }
            }
        }
    }
}
