//! Debouncing: an edge counts once the level has been stable for a while.

use core::num::NonZero;

use crate::sys::gpio::{Callback, Handler, Port};
use crate::sys::timer::{Expiry, Timer};
use crate::{
    Error, Line, LineError, Trigger, channel::Channel, record, sys::clock, sys::lock::Lock,
};

/// One debounced line.
pub(crate) struct Debounce {
    /// Expires when the level has been stable for long enough.
    timer: Timer,
    callback: Callback<Debounced>,
    progress: Lock<Progress>,
}

struct Debounced {
    debounce: &'static Debounce,
    channel: &'static Channel,
    line: Line,
    /// The line's number in the records.
    index: u8,
    /// How long the level must be stable, in ticks.
    ticks: u64,
}

#[derive(Clone, Copy)]
struct Progress {
    /// The level when it was last stable.
    high: bool,
    /// Times of the first and of the last interrupt since then, in cycles.
    first: Option<u64>,
    last: u64,
    /// Interrupts since then.
    interrupts: u64,
    /// The application drives the line: interrupts do not count.
    driven: bool,
    /// Which edges count.
    trigger: Trigger,
}

impl Progress {
    const fn stable(high: bool) -> Self {
        Self {
            high,
            first: None,
            last: 0,
            interrupts: 0,
            driven: false,
            trigger: Trigger::Both,
        }
    }

    /// The same line, whose level was stable just now.
    const fn settled(self, high: bool) -> Self {
        Self {
            driven: self.driven,
            trigger: self.trigger,
            ..Self::stable(high)
        }
    }
}

impl Debounce {
    pub(crate) const fn new() -> Self {
        Self {
            timer: Timer::new(),
            callback: Callback::new(),
            progress: Lock::new(Progress::stable(false)),
        }
    }

    /// Claims the pins of the debounced ones of `lines`, each with one of `debounces`; [`Error::BUSY`] for a pin that
    /// is captured already. Then the caller must stop all of `debounces`.
    pub(crate) fn claim_all(lines: &[Line], debounces: &'static [Self]) -> Result<(), LineError> {
        let debounced = (0..).zip(lines).filter(|(_, line)| line.is_debounced());
        for (debounce, (index, line)) in debounces.iter().zip(debounced) {
            let claimed = debounce.callback.claim(line.pin.port, line.pin.mask());
            LineError::of_claim(index, claimed)?;
        }
        Ok(())
    }

    /// Starts the debounced ones of `lines`, each with one of `debounces`; fails if a controller refuses a callback.
    pub(crate) fn start_all(
        lines: &[Line],
        channel: &'static Channel,
        debounces: &'static [Self],
    ) -> Result<(), LineError> {
        let mut debounced = (0..).zip(lines).filter(|(_, line)| line.is_debounced());
        for debounce in debounces {
            debounce.callback.forget();
            if let Some((index, line)) = debounced.next() {
                LineError::of(index.into(), debounce.start(channel, *line, index))?;
            }
        }
        Ok(())
    }

    /// Debounces `line`, which is line `index` of `channel`.
    fn start(&'static self, channel: &'static Channel, line: Line, index: u8) -> Result<(), Error> {
        self.timer.init::<Self>(self);
        self.set_driven(false);
        self.set_trigger(line.trigger);
        let ticks = clock::ticks_of_us(line.debounce_us.into()).max(1);
        let handler = Debounced {
            debounce: self,
            channel,
            line,
            index,
            ticks,
        };
        self.callback.install(handler, |_| line.pin.mask())
    }

    /// Takes the present level as stable, and returns it in the line's bit; fails when the controller does not report
    /// it. With `again`, it returns whether it has changed since the call before.
    pub(crate) fn begin(&'static self, again: bool) -> Result<u32, LineError> {
        let Some(line) = self.callback.handler() else {
            return Ok(0);
        };
        let level = LineError::of(line.index.into(), line.read())?;
        let mut progress = self.progress.lock();
        let high = progress.high;
        *progress = progress.settled(level);
        Ok(u32::from(level ^ (again && high)) << line.index)
    }

    /// The level when it was last stable, in the line's bit.
    pub(crate) fn levels(&'static self) -> u32 {
        let high = u32::from(self.progress.lock().high);
        self.callback.handler().map_or(0, |line| high << line.index)
    }

    /// Whether this debounces the pin of `line`.
    pub(crate) fn has(&'static self, line: &Line) -> bool {
        let handler = self.callback.handler();
        handler.is_some_and(|own| own.line.pin.is_same(line.pin))
    }

    /// Lets the line interrupt no more, until [`begin`](Self::begin) and [`enable`](Self::enable).
    pub(crate) fn pause(&'static self) {
        self.callback.disable();
        self.timer.stop();
    }

    /// Lets the line interrupt again, unless it is driven.
    pub(crate) fn enable(&'static self) -> Result<(), LineError> {
        match self.callback.handler() {
            Some(own) if !self.is_driven() => LineError::of(
                own.index.into(),
                own.line.pin.enable_interrupt(Trigger::Both),
            ),
            _ => Ok(()),
        }
    }

    /// Notes whether the application drives the line.
    pub(crate) fn set_driven(&'static self, driven: bool) {
        self.progress.lock().driven = driven;
    }

    pub(crate) fn is_driven(&'static self) -> bool {
        self.progress.lock().driven
    }

    /// Changes which edges count.
    pub(crate) fn set_trigger(&'static self, trigger: Trigger) {
        self.progress.lock().trigger = trigger;
    }

    pub(crate) fn stop(&'static self) {
        self.callback.remove();
        self.timer.stop();
    }
}

impl Handler for Debounced {
    fn port(&self) -> Port {
        self.line.pin.port
    }

    /// Restarts the time for which the line must be stable.
    fn handle(&self, _pins: NonZero<u32>) {
        // The channel's lock is never taken with this one held.
        let mut path = self.channel.full_path_now();
        let now = path.is_armed().then(|| path.now());
        drop(path);
        if let Some(now) = now {
            let mut progress = self.debounce.progress.lock();
            if progress.driven {
                return;
            }
            progress.first.get_or_insert(now);
            progress.last = now;
            progress.interrupts += 1;
            self.settle_in(self.ticks);
        }
    }
}

impl Expiry for Debounce {
    type Target = Self;

    fn expired(debounce: &'static Self) {
        if let Some(line) = debounce.callback.handler() {
            line.settle();
        }
    }
}

impl Debounced {
    /// Sets the timer to expire after `ticks` ticks, counted from the end of the present one: never early.
    fn settle_in(&self, ticks: u64) {
        let due = clock::uptime_ticks() + ticks + 1;
        self.debounce.timer.start_at(due);
    }

    /// Takes the level as stable, unless an interrupt arrived after the timer expired, or the tick count was late when
    /// the timer was started: it is late in an interrupt that arrives within the timer's.
    fn settle(&self) {
        let (now, clock) = self.channel.now();
        let mut guard = self.debounce.progress.lock();
        let before = *guard;
        if before.driven {
            return;
        }
        let stable = clock.to_ticks().scale(now.saturating_sub(before.last));
        if before.first.is_some() && stable < self.ticks {
            return self.settle_in(self.ticks - stable);
        }
        let level = self.read();
        *guard = before.settled(level.unwrap_or(before.high));
        // The channel's lock is never taken with this one held.
        drop(guard);
        let Some(first) = before.first else {
            return;
        };
        let mut path = self.channel.full_path_now();
        match level {
            Err(_) => path.unreadable(),
            // The level is what it was: there was no edge.
            Ok(high) if high == before.high => path.bounced(before.interrupts),
            Ok(high) => {
                path.bounced(before.interrupts - 1);
                let line_and_level = record::line_and_level(self.index, high);
                path.note_level(line_and_level);
                if before.trigger.is_for(high) {
                    path.edge_at(line_and_level, first);
                }
            }
        }
    }

    fn read(&self) -> Result<bool, Error> {
        let pin = self.line.pin;
        let physical = pin.port.read()? & pin.mask() != 0;
        Ok(physical != pin.is_active_low())
    }
}
