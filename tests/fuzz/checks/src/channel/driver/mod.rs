//! Does everything twice, with the library and with the model, and compares.

mod fds;
mod life;
mod polls;
mod reads;
mod tasks;
mod weak;

use std::{cell::RefCell, iter::repeat_n, rc::Rc};

use edgepipe::{Capture, Edge, Ledger, Poller, RECORD_BYTES, Reader, sys::clock};
use embedded_io::ReadReady;
use zephyr::{
    sim,
    time::{Duration, Forever, NoWait, Timeout, sleep},
};

use super::fd::Fd;
use super::{
    op::{Case, Event, LARGE, Op, Ticks, Which},
    rig::Rig,
    set::PLACES,
    wires::{EDGE_WIRES, WIRES},
    world::{Waiter, World},
};
use tasks::Task;
use weak::Weak;

pub(super) struct Driver {
    rig: &'static Rig,
    world: World,
    slots: [Slot; 3],
    poller: Option<Poller<PLACES>>,
    cycles_start: u32,
    /// Threads that were started to close or drop something.
    closers: u32,
    /// Number of the last task.
    last_task: u32,
}

/// The state of a device.
#[derive(Default)]
struct Slot {
    /// Another thread may close it.
    capture: Rc<RefCell<Option<Capture>>>,
    reader: Option<End>,
    fd: Option<Fd>,
    /// Tasks that wait. They are dropped before the reader.
    tasks: Vec<Task>,
    /// Weak readers of this use of the device, and of the one before.
    weak: [Option<Weak>; 2],
}

/// The reading end of a device.
enum End {
    Edges(Reader<Edge>),
    Bytes(Reader<u8>),
}

/// Does the same with either end.
macro_rules! on {
    ($end:expr, $reader:ident => $body:expr) => {
        match $end {
            $crate::channel::driver::End::Edges($reader) => $body,
            $crate::channel::driver::End::Bytes($reader) => $body,
        }
    };
}
use on;

impl Driver {
    /// Does all of `case`, as the main thread of a kernel.
    pub(super) fn run(case: Case) {
        let shown = std::env::var_os("EDGEPIPE_SHOW").is_some();
        let mut driver = Self {
            rig: Rig::get(),
            world: World::default(),
            slots: Default::default(),
            poller: None,
            cycles_start: case.cycles_start,
            closers: 0,
            last_task: 0,
        };
        driver.rig.set_up();
        let open = |(which, setup)| Op::Open { which, setup };
        let opens = Which::ALL.into_iter().zip(case.setups).map(open);
        let register = |which| Op::Register {
            which,
            token: which as u8,
        };
        let registers = Which::ALL.into_iter().map(register);
        let begin = opens.chain([Op::OpenSet]).chain(registers);
        for op in begin.chain(case.ops).chain(Self::end()) {
            if shown {
                println!("{:>9} {op:?}", driver.world.now);
            }
            driver.step(op);
            driver.check();
        }
    }

    /// Closes everything, and reads to the end.
    fn end() -> impl Iterator<Item = Op> {
        let bytes = u8::MAX;
        let end_of = move |which| {
            // Some end at a hole.
            let reads = LARGE * RECORD_BYTES / usize::from(bytes) + 5;
            [Op::Close(which)]
                .into_iter()
                .chain(repeat_n(Op::TryRead { which, bytes }, reads))
                .chain([Op::DropReader(which), Op::FdClose(which)])
        };
        Which::ALL.into_iter().flat_map(end_of)
    }

    fn step(&mut self, op: Op) {
        match op {
            Op::Now(event) => self.happen(event),
            Op::Burst { wire, edges } => (0..edges).for_each(|_| {
                let high = !self.world.high(usize::from(wire) % EDGE_WIRES);
                self.happen(Event::Set { wire, high });
            }),
            Op::Later { ticks, event } => {
                let at = self.world.expiry(ticks.get());
                self.rig.plan(at, event);
                self.world.plan(at, event);
            }
            Op::Pass(ticks) => {
                let ticks = ticks.get().max(1);
                sleep(Duration::from_ticks(ticks));
                self.world.pass_until(self.world.wake_up(ticks));
            }
            Op::Open { which, setup } => self.open(which, setup.config(which)),
            Op::Refused { which, call } => self.refuse(which, call),
            Op::Close(which) => self.close(which),
            Op::CloseLater { which, ticks } => self.close_later(which, ticks),
            Op::DropReader(which) => self.drop_reader(which),
            Op::Read { which, bytes } => self.read(which, bytes.into()),
            Op::TryRead { which, bytes } => self.try_read(which, bytes.into()),
            Op::ReadEdges { which, edges } => self.read_edges(which, edges.into()),
            Op::TryReadEdges { which, edges } => self.try_read_edges(which, edges.into()),
            Op::Wait { which, timeout } => self.wait_ready(which, timeout),
            Op::ReadTimeout {
                which,
                bytes,
                timeout,
            } => self.read_timeout(which, bytes.into(), timeout),
            Op::Weak {
                which,
                earlier,
                call,
            } => self.use_weak(which, earlier, call),
            Op::WeakWaits {
                which,
                timeout,
                drop_after,
            } => self.weak_waits(which, timeout, drop_after),
            Op::SetReadiness { which, readiness } => {
                self.set_readiness(which, readiness.within(which.room()))
            }
            Op::OpenSet => self.open_set(),
            Op::DropSet => self.drop_set(),
            Op::Register { which, token } => self.register(which, token.into()),
            Op::Deregister(which) => self.deregister(which),
            Op::Poll { timeout } => self.poll(timeout),
            Op::TaskWaits(which) => self.task_waits(which),
            Op::TaskReads { which, bytes } => self.task_reads(which, bytes.into()),
            Op::TaskAsks { which, task } => self.task_asks(which, task),
            Op::DropTask { which, task } => self.drop_task(which, task),
            Op::FdOpen(which) => self.fd_open(which),
            Op::FdPoll(which) => self.fd_poll(which),
            Op::FdWant { which, records } => self.fd_want(which, records.into()),
            Op::FdRead { which, bytes } => self.fd_read(which, bytes.into()),
            Op::FdClose(which) => self.fd_close(which),
        }
    }

    fn happen(&mut self, event: Event) {
        sim::call_in_isr(|| self.rig.happen(event));
        self.world.happen(event);
    }

    /// Compares everything that can be seen without an operation.
    fn check(&mut self) {
        assert_eq!(clock::uptime_ticks(), self.world.now);
        let world = &mut self.world;
        world.tell();
        for (which, waiter) in core::mem::take(&mut world.told) {
            assert!(
                self.slots[which as usize].was_told(waiter),
                "{which:?}: {waiter:?}"
            );
        }
        for which in Which::ALL {
            self.check_reader(which);
            self.check_capture(which);
        }
    }

    fn check_reader(&mut self, which: Which) {
        let Some(end) = &mut self.slots[which as usize].reader else {
            return;
        };
        let (now, queue) = (self.world.now, self.world.queue(which));
        let ledger = on!(end, reader => reader.ledger());
        assert!(ledger.balances(), "{which:?}: {ledger:?}");
        let counted = Ledger {
            wakes: 0,
            spurious_wakes: 0,
            ..ledger
        };
        assert_eq!(counted, queue.ledger(), "{which:?}");
        assert_eq!(
            on!(end, reader => reader.ready()),
            queue.ready(now),
            "{which:?}"
        );
        let gap = on!(end, reader => reader.gap());
        assert_eq!(gap, queue.passed(), "{which:?}");
        let read_ready = on!(end, reader => reader.read_ready());
        assert_eq!(read_ready, Ok(queue.has(1)), "{which:?}");
        if let End::Edges(reader) = end {
            assert_eq!(reader.levels(), queue.read_levels(), "{which:?}");
        }
        // One thread waits at a time, so it wakes in vain only because of flags that others left
        // raised.
        let left_up = self.world.device(which).left_up;
        assert!(ledger.spurious_wakes <= left_up, "{which:?}: {ledger:?}");
    }

    fn check_capture(&mut self, which: Which) {
        let capture = self.slots[which as usize].capture.borrow();
        assert_eq!(
            capture.is_some(),
            self.world.device(which).capture,
            "{which:?}"
        );
        let Some(capture) = &*capture else {
            return;
        };
        let now = self.world.now;
        let queue = self.world.queue(which);
        assert_eq!(capture.now_ns(), queue.time_ns(now), "{which:?}");
        if which != Which::Bytes {
            for wire in WIRES.iter().filter(|wire| wire.owner == which) {
                let high = bool::from(capture.level(wire.line));
                assert_eq!(high, queue.level(wire.line), "{wire:?}");
            }
        }
    }
}

impl Slot {
    /// Whether the waiter has been told.
    fn was_told(&self, waiter: Waiter) -> bool {
        match waiter {
            Waiter::TaskReady(_) | Waiter::TaskData(_) => {
                let mut tasks = self.tasks.iter();
                tasks.any(|task| task.waiter() == waiter && task.was_woken())
            }
            Waiter::FdReady => self.fd.as_ref().is_some_and(Fd::polled),
            Waiter::FdData(_) => self.fd.as_ref().is_some_and(Fd::woken),
        }
    }
}

/// A time-out of `ticks`, or for ever.
fn timeout(ticks: Option<Ticks>) -> Timeout {
    match ticks.map(Ticks::get) {
        None => Forever.into(),
        Some(0) => NoWait.into(),
        Some(ticks) => Duration::from_ticks(ticks).into(),
    }
}
