//! Weak readers, which do not keep the capture open.

use edgepipe::{Error, WeakReader};
use zephyr::{
    sim,
    time::{Duration, sleep},
};

use super::{Driver, Ticks, timeout};
use crate::channel::{
    op::{WeakCall, Which},
    world::Waited,
};

/// A weak reader, and the number of its reader.
#[derive(Clone, Copy)]
pub(super) struct Weak {
    pub(super) handle: WeakReader,
    pub(super) generation: u32,
}

impl Driver {
    /// The latest weak reader of `which`, or the one before.
    fn find_weak(&self, which: Which, earlier: bool) -> Option<Weak> {
        let weak = &self.slots[which as usize].weak;
        weak[usize::from(earlier)]
    }

    fn is_over(&mut self, which: Which, weak: Weak) -> bool {
        let device = self.world.device(which);
        !device.reader || device.generation != weak.generation
    }

    pub(super) fn use_weak(&mut self, which: Which, earlier: bool, call: WeakCall) {
        let Some(weak) = self.find_weak(which, earlier) else {
            return;
        };
        let is_over = self.is_over(which, weak);
        let (now, handle) = (self.world.now, weak.handle);
        let queue = self.world.queue_or_none(which);
        let known = |result| {
            if is_over {
                Err(Error::BAD_HANDLE)
            } else {
                result
            }
        };
        match call {
            WeakCall::Ready => {
                let ready = queue.map_or(Ok(None), |queue| Ok(queue.ready(now)));
                assert_eq!(
                    handle.ready(),
                    if is_over {
                        Err(Error::BAD_HANDLE)
                    } else {
                        ready
                    }
                );
            }
            WeakCall::Ledger => match handle.ledger() {
                Err(error) => assert_eq!((error, is_over), (Error::BAD_HANDLE, true)),
                Ok(ledger) => assert!(!is_over && ledger.balances(), "{which:?}: {ledger:?}"),
            },
            WeakCall::Flush => {
                let flushed = handle.flush();
                assert_eq!(
                    flushed,
                    if is_over {
                        Err(Error::BAD_HANDLE)
                    } else {
                        Ok(())
                    },
                    "{which:?}"
                );
                if let Some(queue) = queue.filter(|_| !is_over) {
                    queue.flush();
                }
            }
            WeakCall::TryRead { bytes } => {
                let mut bytes = vec![0xaa; bytes.into()];
                let read = handle.try_read(&mut bytes);
                let Some(queue) = queue.filter(|_| !is_over) else {
                    assert_eq!(read, known(Ok(0)), "{which:?}");
                    return;
                };
                let expected = queue.try_read(now, bytes.len());
                let read = read.map(|length| queue.items(&bytes[..length]));
                assert_eq!(read, expected, "{which:?}");
            }
            WeakCall::SetReadiness(readiness) => {
                let readiness = readiness.within(which.room());
                let set = handle.set_readiness(readiness);
                let Some(queue) = queue.filter(|_| !is_over) else {
                    assert_eq!(set, Err(Error::BAD_HANDLE), "{which:?}");
                    return;
                };
                let expected = queue.set_readiness(readiness).map_err(Error::from);
                assert_eq!(set, expected, "{which:?}");
            }
        }
    }

    /// Waits, at the latest until another thread has dropped the reader.
    pub(super) fn weak_waits(&mut self, which: Which, ticks: Option<Ticks>, drop_after: Ticks) {
        if self.slots[which as usize].reader.is_none() || !self.may_spawn() {
            return;
        }
        let Some(weak) = self.find_weak(which, false) else {
            return;
        };
        // Nothing else may use the reader.
        self.drop_tasks(which);
        let end = self.slots[which as usize].reader.take();
        let drop_after = drop_after.get().max(1);
        sim::spawn("dropper", -1, move || {
            sleep(Duration::from_ticks(drop_after));
            drop(end);
        });
        let dropped_at = self.world.wake_up(drop_after);
        self.world.plan_drop_reader(dropped_at, which);
        let ticks_or_none = ticks.map(Ticks::get);
        let expected = self.world.wait(ticks_or_none, |world| {
            let now = world.now;
            let device = world.device(which);
            if device.generation != weak.generation {
                return Some(Err(Error::BAD_HANDLE));
            }
            world.queue(which).waited(now)
        });
        let found = match weak.handle.wait_ready(timeout(ticks)) {
            Err(Error::TIMED_OUT) => Waited::TimedOut,
            result => Waited::Found(result),
        };
        assert_eq!(found, expected, "{which:?}");
        // From here on the driver is the only thread.
        if self.world.now < dropped_at {
            let left = dropped_at - self.world.now;
            sleep(Duration::from_ticks(left));
            self.world.pass_until(self.world.wake_up(left));
        }
    }
}
