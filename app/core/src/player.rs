//! Plays a stimulus into emulated pins, from a timer's interrupt.

use core::fmt;

use edgepipe::{
    Capture, LINES_MAX, Waker,
    sys::{
        clock,
        timer::{Expiry, Timer},
    },
};
use zephyr::{
    sync::SpinMutex,
    sys::sync::Semaphore,
    time::{Forever, Timeout},
};

use crate::{EmulatedPin, Event, Stimulus};

/// Time between `start` and the beginning of the stimulus, so that no event is late.
const LEAD_MS: u64 = 10;

/// Zephyr's drivers make a tick a whole number of cycles, whatever the two rates are.
const CYCLES_PER_TICK: u64 = (clock::CYCLES_PER_SECOND / clock::TICKS_PER_SECOND) as u64;

/// The present tick began before the present time, unless a tick is a cycle.
const PRESENT_TICK: u64 = (CYCLES_PER_TICK > 1) as u64;

/// The pins to play into.
pub type Pins = heapless::Vec<EmulatedPin, LINES_MAX>;

/// When a stimulus began, on the clock of the capture.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    ns: u64,
}

impl Origin {
    /// A stimulus that begins now, such as real pins.
    pub fn now(capture: &Capture) -> Self {
        Self {
            ns: capture.now_ns(),
        }
    }

    /// Microseconds from the beginning of the stimulus to `timestamp_ns`.
    pub const fn to_us(self, timestamp_ns: u64) -> u64 {
        timestamp_ns.saturating_sub(self.ns) / 1_000
    }
}

/// Plays one stimulus after another; it goes into a `static`.
pub struct Player<S> {
    timer: Timer,
    part: SpinMutex<Option<Part<S>>>,
    /// Given when the stimulus has ended.
    ended: Semaphore,
    /// Woken when the stimulus has ended.
    waker: SpinMutex<Option<Waker<1>>>,
}

/// The stimulus that is played, and its pins.
struct Part<S> {
    stimulus: S,
    pins: Pins,
    begin_tick: u64,
    next: Option<Event>,
}

/// What the timer's interrupt does next: it sets a pin, if there is one, and then goes on.
struct Step {
    set: Option<(EmulatedPin, bool)>,
    then: Then,
}

enum Then {
    Again,
    WaitUntil(u64),
    End,
}

impl<S: Stimulus> Player<S> {
    /// A player that plays nothing.
    pub const fn new() -> Self {
        Self {
            timer: Timer::new(),
            part: SpinMutex::new(None),
            ended: Semaphore::new(0, 1),
            waker: SpinMutex::new(None),
        }
    }

    /// When the stimulus has ended, asks the thread that waits in `waker`'s poller to stop.
    ///
    /// # Context
    ///
    /// Thread, never blocks.
    pub fn wake_at_end(&'static self, waker: Waker<1>) {
        let Ok(mut place) = self.waker.lock();
        *place = Some(waker);
    }

    /// Starts to play `stimulus` into `pins`, whose order is that of the events' lines. The stimulus begins 10 ms from now,
    /// rounded up to ticks. No event is early; each comes at a tick, up to two ticks late.
    ///
    /// `capture` only gives its clock: the origin that this returns is a time on it. So of several captures with one clock,
    /// any will do. The pins need not be its lines.
    ///
    /// For two wires of a recording: `"PPS,RC".parse()` makes the `edgepipe_recording::Wires`, whose order is that of the
    /// events' lines; bit 1 of `Recording::initial_levels` is the second's level for [`EmulatedPin::prepare`]; and
    /// [`EmulatedPin::sibling`] is another pin of the same port.
    ///
    /// # Context
    ///
    /// Thread, never blocks.
    pub fn start(&'static self, capture: &Capture, pins: Pins, stimulus: S) -> Origin {
        let lead_ticks = ticks_from_us(LEAD_MS * 1_000);
        let origin = Origin {
            ns: capture.now_ns() + ns_from_ticks(lead_ticks),
        };
        let begin_tick = clock::uptime_ticks() + PRESENT_TICK + lead_ticks;
        let mut part = Part {
            stimulus,
            pins,
            begin_tick,
            next: None,
        };
        part.next = part.stimulus.next();
        let Ok(mut guard) = self.part.lock();
        *guard = Some(part);
        drop(guard);
        self.timer.init::<Self>(self);
        self.timer.start_at(begin_tick);
        origin
    }

    /// Waits until everything has been played.
    ///
    /// # Context
    ///
    /// Thread, blocks.
    pub fn wait_end(&'static self) {
        // Without a time-out the only result is success.
        let _ = self.ended.take(Timeout::from(Forever));
    }

    /// Stops, and drops the stimulus.
    ///
    /// # Context
    ///
    /// Thread, never blocks.
    pub fn stop(&'static self) {
        self.timer.stop();
        let Ok(mut guard) = self.part.lock();
        let part = guard.take();
        // Dropped without the lock.
        drop(guard);
        drop(part);
    }

    fn end(&self) {
        self.ended.give();
        let Ok(waker) = self.waker.lock();
        let woken = *waker;
        // Woken without the lock.
        drop(waker);
        if let Some(waker) = woken {
            waker.wake();
        }
    }

    fn step(&self) -> Step {
        let Ok(mut part) = self.part.lock();
        part.as_mut().map_or(Step::END, Part::step)
    }
}

impl Step {
    const END: Self = Self {
        set: None,
        then: Then::End,
    };
}

impl<S: Stimulus> Part<S> {
    fn step(&mut self) -> Step {
        let now = clock::uptime_ticks();
        let mut set = None;
        if let Some(event) = self.next
            && self.tick(event.at_us) <= now
        {
            let pin = self.pins.get(usize::from(event.line));
            set = pin.map(|pin| (*pin, event.high));
            self.next = self.stimulus.next();
        }
        let tick = match self.next {
            Some(next) => self.tick(next.at_us),
            None => self.tick(self.stimulus.end_us()),
        };
        let then = match self.next {
            _ if tick > now => Then::WaitUntil(tick),
            Some(_) => Then::Again,
            None => Then::End,
        };
        Step { set, then }
    }

    fn tick(&self, us: u64) -> u64 {
        self.begin_tick + ticks_from_us(us)
    }
}

impl<S: Stimulus> Expiry for Player<S> {
    type Target = Self;

    fn expired(player: &'static Self) {
        loop {
            let Step { set, then } = player.step();
            if let Some((pin, high)) = set {
                // Called without the lock: this runs the capture's interrupt handler.
                pin.set(high);
            }
            match then {
                Then::Again => {}
                Then::WaitUntil(tick) => return player.timer.start_at(tick),
                Then::End => return player.end(),
            }
        }
    }
}

impl<S: Stimulus> Default for Player<S> {
    fn default() -> Self {
        Self::new()
    }
}

impl<S> fmt::Debug for Player<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Player").finish_non_exhaustive()
    }
}

/// Rounded up.
fn ticks_from_us(us: u64) -> u64 {
    let per_second = u64::from(clock::CYCLES_PER_SECOND);
    let cycles = us / 1_000_000 * per_second + (us % 1_000_000 * per_second).div_ceil(1_000_000);
    cycles.div_ceil(CYCLES_PER_TICK)
}

fn ns_from_ticks(ticks: u64) -> u64 {
    clock::cycles_to_ns(ticks * CYCLES_PER_TICK, clock::CYCLES_PER_SECOND)
}
