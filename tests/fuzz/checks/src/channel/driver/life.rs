//! Opening and closing.

use std::rc::Rc;

use edgepipe::{Capture, Config, OpenError};
use zephyr::{
    raw::EIO,
    sim::{self, GpioCall},
    time::{Duration, sleep},
};

use super::{Driver, End, on, weak::Weak};
use crate::channel::{
    op::{Call, Ticks, Which},
    rig::{data_lines, lines},
    wires::DATA,
};

/// The most threads that a run starts, because each has a stack.
const CLOSERS_MAX: u32 = 16;

impl Driver {
    fn try_open(&self, which: Which, config: Config) -> Result<(Capture, End), OpenError> {
        let lines = lines(which);
        let edges = |(capture, reader)| (capture, End::Edges(reader));
        match which {
            Which::Edges => self.rig.edges.open(&lines, config).map(edges),
            Which::Small => self.rig.small.open(&lines, config).map(edges),
            Which::Bytes => {
                let opened = self.rig.bytes.open(lines[0], &data_lines(), config);
                opened.map(|(capture, reader)| (capture, End::Bytes(reader)))
            }
        }
    }

    pub(super) fn open(&mut self, which: Which, config: Config) {
        let opened = self.try_open(which, config);
        match self.world.try_open(which, config) {
            Err(refused) => assert_eq!(opened.err(), Some(refused.into()), "{config:?}"),
            Ok(mut queue) => {
                let (capture, end) = opened.expect("the model has nothing against it");
                queue.origin = (capture.now_ns() / 1_000).wrapping_sub(self.world.now);
                assert_eq!(
                    queue.origin as u32, self.cycles_start,
                    "the counter's beginning"
                );
                self.world.open(which, queue);
                let weak = Weak {
                    handle: on!(&end, reader => reader.weak()),
                    generation: self.world.device(which).generation,
                };
                let slot = &mut self.slots[which as usize];
                *slot.capture.borrow_mut() = Some(capture);
                slot.reader = Some(end);
                slot.weak = [Some(weak), slot.weak[0]];
            }
        }
    }

    /// Opens while the controller refuses one call.
    pub(super) fn refuse(&mut self, which: Which, call: Call) {
        // A strobed capture does not read its lines before the first strobe.
        let never_made = matches!((which, call), (Which::Bytes, Call::PortGet));
        if never_made || self.world.try_open(which, Config::DEFAULT).is_err() {
            return;
        }
        let failing = match call {
            Call::Configure => GpioCall::Configure,
            Call::AddCallback => GpioCall::AddCallback,
            Call::ConfigureInterrupt => GpioCall::ConfigureInterrupt,
            Call::PortGet => GpioCall::PortGet,
        };
        sim::gpio_fail_next(failing, EIO);
        let refused = self.try_open(which, Config::DEFAULT).err();
        // The data lines are configured before the strobe, which is the one that interrupts.
        let first = match (which, call) {
            (Which::Bytes, Call::AddCallback | Call::ConfigureInterrupt) => DATA.len(),
            _ => 0,
        };
        match refused {
            Some(OpenError::Line { line, error }) => {
                assert_eq!((line, error.errno()), (first, EIO), "{call:?}");
            }
            other => panic!("{call:?}: {other:?}"),
        }
        self.world.refuse(which);
    }

    pub(super) fn close(&mut self, which: Which) {
        let capture = self.slots[which as usize].capture.take();
        if let Some(capture) = capture {
            capture.close();
        }
        self.world.close(which);
    }

    /// Lets a thread of higher priority than this one close the capture.
    pub(super) fn close_later(&mut self, which: Which, ticks: Ticks) {
        if !self.may_spawn() {
            return;
        }
        let ticks = ticks.get().max(1);
        let place = Rc::clone(&self.slots[which as usize].capture);
        sim::spawn("closer", -1, move || {
            sleep(Duration::from_ticks(ticks));
            let capture = place.take();
            drop(capture);
        });
        self.world.plan_close(self.world.wake_up(ticks), which);
    }

    /// Whether one more thread may be started; counts it.
    pub(super) fn may_spawn(&mut self) -> bool {
        let may = self.closers < CLOSERS_MAX;
        self.closers += u32::from(may);
        may
    }

    pub(super) fn drop_tasks(&mut self, which: Which) {
        for task in std::mem::take(&mut self.slots[which as usize].tasks) {
            self.world.delist(which, task.waiter());
        }
    }

    pub(super) fn drop_reader(&mut self, which: Which) {
        self.drop_tasks(which);
        if self.slots[which as usize].reader.take().is_some() {
            self.world.drop_reader(which);
        }
    }
}
