//! The devices, and the drivers of their lines.

use std::sync::atomic::{AtomicBool, Ordering};
use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::Wake,
};

use edgepipe::{EdgeDevice, Line, PollSet, StrobeDevice, Waker};
use edgepipe_app::EmulatedPin;
use zephyr::{
    raw::{self, EIO},
    sim::{self, GpioCall, PRIORITY, Source},
};

use super::{
    op::{Event, LARGE, Which},
    set::PLACES,
    wires::{DATA, EDGE_WIRES, STROBE, WIRES, selected},
};

/// Everything that has to live for ever.
#[derive(Debug, Default)]
pub(super) struct Rig {
    pub(super) edges: EdgeDevice<LARGE>,
    pub(super) bytes: StrobeDevice<u8, LARGE>,
    pub(super) small: EdgeDevice<1>,
    pub(super) set: PollSet<PLACES>,
    /// Ends the waits of the poller, if there is one.
    pub(super) waker: Mutex<Option<Waker<PLACES>>>,
}

impl Rig {
    /// The rig of this OS thread, which runs one kernel after the other.
    pub(super) fn get() -> &'static Self {
        thread_local! {
            static RIG: &'static Rig = Box::leak(Box::default());
        }
        RIG.with(|rig| *rig)
    }

    /// Initialises everything in a new kernel.
    pub(super) fn set_up(&'static self) {
        for wire in WIRES {
            assert!(emulated(wire.port, wire.pin).prepare(wire.active_low));
        }
        for (port, number, active_low) in DATA {
            assert!(emulated(port, number).prepare(active_low));
        }
        *locked(&self.waker) = None;
        // What the timers of a tick do comes before its events.
        sim::set_priority(Source::Timer, PRIORITY - 1);
    }

    /// Schedules `event` in an interrupt at tick `at`.
    pub(super) fn plan(&'static self, at: u64, event: Event) {
        sim::interrupt_at(Source::Other, at, move || self.happen(event));
    }

    /// Call it in an interrupt.
    pub(super) fn happen(&self, event: Event) {
        match event {
            Event::Set { wire, high } => {
                let wire = usize::from(wire) % EDGE_WIRES;
                pin(wire).set(high != WIRES[wire].active_low);
            }
            Event::Strobe(data) => {
                for (bit, (port, number, active_low)) in DATA.into_iter().enumerate() {
                    emulated(port, number).set((data >> bit & 1 == 1) != active_low);
                }
                pin(STROBE).set(true);
                pin(STROBE).set(false);
            }
            Event::Spurious(wires) => {
                for port in 0..2 {
                    let ours = selected(wires).filter(|&wire| WIRES[wire].port == port);
                    sim::gpio_spurious(
                        port,
                        ours.fold(0, |pins, wire| pins | 1 << WIRES[wire].pin),
                    );
                }
            }
            Event::Unreadable { wire } => {
                let wire = WIRES[usize::from(wire) % WIRES.len()];
                sim::gpio_fail_next(GpioCall::PortGet, EIO);
                sim::gpio_spurious(wire.port, 1 << wire.pin);
                // If no read has used up the failure, this one does.
                read_port();
            }
            Event::Wake => {
                if let Some(waker) = *locked(&self.waker) {
                    waker.wake();
                }
            }
        }
    }
}

/// The lines that `which` captures, in the order of their numbers; for the strobed one, its strobe.
pub(super) fn lines(which: Which) -> Vec<Line> {
    let mut wires: Vec<usize> = (0..WIRES.len())
        .filter(|&wire| WIRES[wire].owner == which)
        .collect();
    wires.sort_by_key(|&wire| WIRES[wire].line);
    let line = |wire: usize| {
        pin(wire)
            .line_with_flags(WIRES[wire].active_low.into())
            .with_trigger(WIRES[wire].trigger)
    };
    wires.into_iter().map(line).collect()
}

/// The lines that the strobe latches.
pub(super) fn data_lines() -> [Line; DATA.len()] {
    DATA.map(|(port, number, active_low)| emulated(port, number).line_with_flags(active_low.into()))
}

fn pin(wire: usize) -> EmulatedPin {
    emulated(WIRES[wire].port, WIRES[wire].pin)
}

fn emulated(port: usize, number: u8) -> EmulatedPin {
    // SAFETY: the simulated kernel's ports are emulated controllers.
    unsafe { EmulatedPin::new(sim::gpio(port), number) }
}

fn read_port() {
    let mut levels = 0;
    // SAFETY: a port of the simulated kernel, and a variable for its levels.
    unsafe { raw::gpio_port_get_raw(sim::gpio(0), &mut levels) };
}

pub(super) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Remembers whether it was woken.
#[derive(Debug, Default)]
pub(super) struct Flag(AtomicBool);

impl Flag {
    pub(super) fn lower(&self) -> bool {
        self.0.swap(false, Ordering::Relaxed)
    }
}

impl Wake for Flag {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Relaxed);
    }
}
