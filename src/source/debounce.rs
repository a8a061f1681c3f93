//! Debouncing: an edge counts once the level has been stable for a while.

use crate::{
    Error, Line, LineError,
    channel::Channel,
    record,
    sys::{
        clock,
        gpio::{Callback, Handler, Port},
        lock::Lock,
        timer::{Expiry, Timer},
    },
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
    /// Time of the first interrupt since then, in cycles.
    first: Option<u64>,
    /// Interrupts since then.
    interrupts: u32,
}

impl Progress {
    const fn stable(high: bool) -> Self {
        Self {
            high,
            first: None,
            interrupts: 0,
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

    /// Debounces those of `lines` that are to be, with one of `debounces` for each.
    ///
    /// # Errors
    ///
    /// What a controller says to a callback.
    pub(crate) fn start_all(
        lines: &[Line],
        channel: &'static Channel,
        debounces: &'static [Self],
    ) -> Result<(), LineError> {
        let mut debounced = (0..).zip(lines).filter(|(_, line)| line.is_debounced());
        for debounce in debounces {
            debounce.callback.forget();
            if let Some((index, line)) = debounced.next() {
                let started = debounce.start(channel, *line, index);
                started.map_err(|error| LineError {
                    line: index.into(),
                    error,
                })?;
            }
        }
        Ok(())
    }

    /// Debounces `line`, which is line `index` of `channel`.
    fn start(&'static self, channel: &'static Channel, line: Line, index: u8) -> Result<(), Error> {
        self.timer.init::<Self>(self);
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

    /// Takes the level of now for stable.
    ///
    /// # Errors
    ///
    /// When the controller does not tell its levels.
    pub(crate) fn begin(&'static self) -> Result<(), LineError> {
        let Some(line) = self.callback.handler() else {
            return Ok(());
        };
        let level = line.read().map_err(|error| LineError {
            line: line.index.into(),
            error,
        })?;
        *self.progress.lock() = Progress::stable(level);
        Ok(())
    }

    /// The level when it was last stable, in the line's bit.
    pub(crate) fn levels(&'static self) -> u32 {
        let high = u32::from(self.progress.lock().high);
        self.callback.handler().map_or(0, |line| high << line.index)
    }

    pub(crate) fn stop(&'static self) {
        self.callback.remove();
        self.timer.stop();
    }
}

impl Handler for Debounced {
    fn port(&self) -> Port {
        self.line.pin.port()
    }

    /// The line has to be stable from now on.
    fn handle(&self, _pins: u32) {
        // The channel's lock is never taken with this one held.
        let mut intake = self.channel.intake();
        let now = intake.is_armed().then(|| intake.now());
        intake.finish();
        if let Some(now) = now {
            let mut progress = self.debounce.progress.lock();
            progress.first.get_or_insert(now);
            progress.interrupts += 1;
            let due = clock::uptime_ticks() + self.ticks;
            self.debounce.timer.start_at(due);
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
    /// The level is stable.
    fn settle(&self) {
        let mut guard = self.debounce.progress.lock();
        let before = *guard;
        let level = self.read();
        *guard = Progress::stable(level.unwrap_or(before.high));
        // The channel's lock is never taken with this one held.
        drop(guard);
        let Some(first) = before.first else {
            return;
        };
        let mut intake = self.channel.intake();
        match level {
            Err(_) => intake.unreadable(),
            // It came back to where it was: there was no edge.
            Ok(high) if high == before.high => intake.bounced(before.interrupts),
            Ok(high) => {
                intake.bounced(before.interrupts - 1);
                if self.line.trigger.is_for(high) {
                    intake.edge_at(record::line_and_level(self.index, high), first);
                }
            }
        }
        intake.finish();
    }

    fn read(&self) -> Result<bool, Error> {
        let pin = self.line.pin;
        let physical = pin.port().read()? & pin.mask() != 0;
        Ok(physical != pin.is_active_low())
    }
}
