//! The world around the queues: time, lines and waiters.

use edgepipe::{Config, ConfigError, Error};

use super::{
    op::{Event, Which},
    queue::Queue,
    set::Set,
    wires::{DATA_MASK, EDGE_WIRES, STROBE, WIRES, interrupts, selected},
};

#[derive(Clone, Debug, Default)]
pub(super) struct World {
    /// Uptime in ticks.
    pub(super) now: u64,
    pub(super) devices: [Device; 3],
    pub(super) set: Set,
    /// The logical level of each wire.
    highs: [bool; WIRES.len()],
    /// The levels of the data lines.
    data: u8,
    /// The scheduled events, in order.
    plans: Vec<Plan>,
    /// The tick of the last of them.
    last_event: u64,
    /// The waiters that must have been told that their condition is true.
    pub(super) told: Vec<(Which, Waiter)>,
}

/// A device, open or not.
#[derive(Clone, Debug, Default)]
pub(super) struct Device {
    /// The present use, or the last one.
    pub(super) queue: Option<Queue>,
    pub(super) capture: bool,
    pub(super) reader: bool,
    pub(super) fd: bool,
    /// The number of the reader.
    pub(super) generation: u32,
    waiters: Vec<Waiter>,
    /// How often a waiter has waited that leaves the flag raised: a poller, or one without a
    /// thread.
    pub(super) left_up: u64,
}

/// A waiter without a thread, which must be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Waiter {
    /// The task with this number, for the capture to be ready.
    TaskReady(u32),
    /// The task with this number, for a record.
    TaskData(u32),
    /// A poll of a descriptor.
    FdReady,
    /// A read of this many records from a descriptor.
    FdData(u32),
}

#[derive(Clone, Copy, Debug)]
struct Plan {
    at: u64,
    what: What,
}

#[derive(Clone, Copy, Debug)]
enum What {
    Event(Event),
    Close(Which),
    DropReader(Which),
}

impl Waiter {
    /// Whether both are the same task, or descriptor with the same kind of wait.
    fn is_same(self, other: Self) -> bool {
        match (self, other) {
            (Self::FdData(_), Self::FdData(_)) => true,
            (one, other) => one == other,
        }
    }
}

/// How a wait ended.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Waited<T> {
    Found(T),
    TimedOut,
    /// It does not end.
    Never,
}

impl World {
    /// The queue of a device that is, or was, open.
    pub(super) fn queue(&mut self, which: Which) -> &mut Queue {
        self.device(which)
            .queue
            .as_mut()
            .expect("the device was opened")
    }

    pub(super) fn queue_or_none(&mut self, which: Which) -> Option<&mut Queue> {
        self.device(which).queue.as_mut()
    }

    pub(super) fn device(&mut self, which: Which) -> &mut Device {
        &mut self.devices[which as usize]
    }

    /// The result of `open`, as far as `config` and the device decide it, before it configures a
    /// line.
    pub(super) fn try_open(&self, which: Which, config: Config) -> Result<Queue, Refused> {
        let queue = Queue::open(which, config).map_err(Refused::Config)?;
        let device = &self.devices[which as usize];
        if device.capture || device.reader || device.fd {
            return Err(Refused::Busy);
        }
        Ok(queue)
    }

    pub(super) fn open(&mut self, which: Which, mut queue: Queue) {
        queue.begin(&self.highs);
        if which == Which::Bytes {
            queue.set_levels(self.data);
        }
        let device = self.device(which);
        let generation = device.generation + 1;
        *device = Device {
            queue: Some(queue),
            capture: true,
            reader: true,
            generation,
            ..Device::default()
        };
    }

    pub(super) fn drop_reader(&mut self, which: Which) {
        let device = self.device(which);
        device.reader = false;
        device.generation += 1;
        device
            .waiters
            .retain(|it| matches!(it, Waiter::FdReady | Waiter::FdData(_)));
    }

    /// An `open` that failed because of the controller.
    pub(super) fn refuse(&mut self, which: Which) {
        let device = self.device(which);
        device.queue = None;
        device.generation += 1;
    }

    pub(super) fn close_fd(&mut self, which: Which) {
        let device = self.device(which);
        device.fd = false;
        device
            .waiters
            .retain(|it| !matches!(it, Waiter::FdReady | Waiter::FdData(_)));
    }

    pub(super) fn close(&mut self, which: Which) {
        let device = self.device(which);
        if core::mem::take(&mut device.capture) {
            self.queue(which).close();
        }
        self.tell();
    }

    /// `who` waits, and replaces its earlier wait.
    pub(super) fn enlist(&mut self, which: Which, who: Waiter) {
        self.delist(which, who);
        let device = self.device(which);
        device.left_up += u64::from(!matches!(who, Waiter::FdReady));
        device.waiters.push(who);
    }

    pub(super) fn delist(&mut self, which: Which, who: Waiter) {
        self.device(which).waiters.retain(|it| !it.is_same(who));
    }

    /// Tells the waiters whose condition is true.
    pub(super) fn tell(&mut self) {
        for which in Which::ALL {
            let Device {
                queue: Some(queue),
                waiters,
                ..
            } = &mut self.devices[which as usize]
            else {
                continue;
            };
            let now = self.now;
            let (told, left): (Vec<_>, _) = waiters.iter().partition(|waiter| match **waiter {
                Waiter::TaskReady(_) | Waiter::FdReady => queue.ready(now).is_some(),
                Waiter::TaskData(_) => queue.has(1),
                Waiter::FdData(records) => queue.has_for_fd(now, records),
            });
            *waiters = left;
            self.told
                .extend(told.into_iter().map(|waiter| (which, waiter)));
        }
    }

    pub(super) fn high(&self, wire: usize) -> bool {
        self.highs[wire]
    }

    pub(super) fn happen(&mut self, event: Event) {
        match event {
            Event::Set { wire, high } => {
                let wire = usize::from(wire) % EDGE_WIRES;
                let changes = core::mem::replace(&mut self.highs[wire], high) != high;
                if changes && interrupts(wire, high) {
                    self.interrupt(wire);
                }
            }
            Event::Strobe(data) => {
                self.data = data & DATA_MASK;
                let data = self.data;
                if let Some(queue) = self.queue_or_none(Which::Bytes) {
                    queue.set_levels(data);
                }
                self.interrupt(STROBE);
            }
            Event::Spurious(wires) => {
                // There is one callback for each port, which handles the pins in order.
                let mut wires: Vec<usize> = selected(wires).collect();
                wires.sort_by_key(|&wire| (WIRES[wire].port, WIRES[wire].pin));
                wires.into_iter().for_each(|wire| self.interrupt(wire));
            }
            Event::Unreadable { wire } => {
                let (now, owner) = (self.now, WIRES[usize::from(wire) % WIRES.len()].owner);
                if self.device(owner).capture {
                    self.queue(owner).unreadable(now);
                }
            }
            Event::Wake => self.set.wake(),
        }
        self.tell();
    }

    fn interrupt(&mut self, wire: usize) {
        let (now, high, data) = (self.now, self.highs[wire], self.data);
        let owner = WIRES[wire].owner;
        if self.device(owner).capture {
            self.queue(owner).interrupt(now, wire, high, data);
        }
    }

    /// The tick at which a timer expires that is started now with `ticks`.
    pub(super) fn expiry(&self, ticks: u64) -> u64 {
        self.now + ticks.max(1)
    }

    /// The tick at which a thread runs again that sleeps for `ticks` from now on: Zephyr rounds up
    /// by one.
    pub(super) fn wake_up(&self, ticks: u64) -> u64 {
        if ticks == 0 {
            self.now
        } else {
            self.now + ticks + 1
        }
    }

    pub(super) fn plan(&mut self, at: u64, event: Event) {
        self.add(Plan {
            at,
            what: What::Event(event),
        });
    }

    pub(super) fn plan_close(&mut self, at: u64, which: Which) {
        self.add(Plan {
            at,
            what: What::Close(which),
        });
    }

    pub(super) fn plan_drop_reader(&mut self, at: u64, which: Which) {
        self.add(Plan {
            at,
            what: What::DropReader(which),
        });
    }

    /// Plans of the same tick keep their order, but interrupts come before threads.
    fn add(&mut self, plan: Plan) {
        let key = |plan: &Plan| (plan.at, !matches!(plan.what, What::Event(_)));
        let place = self.plans.partition_point(|other| key(other) <= key(&plan));
        self.plans.insert(place, plan);
    }

    /// The tick of the next event.
    fn next(&self) -> Option<u64> {
        let queues = self
            .devices
            .iter()
            .filter_map(|device| device.queue.as_ref());
        let dues = queues.filter_map(Queue::due).filter(|due| *due > self.now);
        let plans = self.plans.first().map(|plan| plan.at);
        dues.chain(plans).min()
    }

    /// Lets time pass until `tick`, with all events until then.
    pub(super) fn pass_until(&mut self, tick: u64) {
        while let Some(next) = self.next().filter(|next| *next <= tick) {
            self.now = next;
            while self.plans.first().is_some_and(|plan| plan.at <= next) {
                match self.plans.remove(0).what {
                    What::Event(event) => {
                        self.last_event = next;
                        self.happen(event);
                    }
                    What::Close(which) => self.close(which),
                    What::DropReader(which) => self.drop_reader(which),
                }
            }
            self.tell();
        }
        self.now = tick;
    }

    /// Lets time pass until `condition` holds, for at most `ticks`, or for ever.
    pub(super) fn wait<T>(
        &mut self,
        ticks: Option<u64>,
        mut condition: impl FnMut(&mut Self) -> Option<T>,
    ) -> Waited<T> {
        let end = ticks.map(|ticks| self.wake_up(ticks));
        loop {
            if end == Some(self.now) && self.last_event == self.now {
                // The event comes after the thread's time is up, and raises a flag for it.
                self.devices.iter_mut().for_each(|it| it.left_up += 1);
            }
            if let Some(found) = condition(self) {
                return Waited::Found(found);
            }
            if end.is_some_and(|end| self.now >= end) {
                return Waited::TimedOut;
            }
            let Some(next) = self.next().into_iter().chain(end).min() else {
                return Waited::Never;
            };
            self.pass_until(next);
        }
    }
}

/// Why a device is not opened.
#[derive(Clone, Copy, Debug)]
pub(super) enum Refused {
    Config(ConfigError),
    Busy,
}

impl From<Refused> for edgepipe::OpenError {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Config(error) => error.into(),
            Refused::Busy => Error::BUSY.into(),
        }
    }
}

impl<T> From<Result<T, Error>> for Waited<T> {
    fn from(result: Result<T, Error>) -> Self {
        match result {
            Ok(found) => Self::Found(found),
            Err(error) => {
                assert_eq!(error, Error::TIMED_OUT);
                Self::TimedOut
            }
        }
    }
}
