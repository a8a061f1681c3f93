//! Debouncing: an edge counts once the level has been stable for a while.

use core::convert::Infallible;

use zephyr::sync::{SpinMutex, SpinMutexGuard};

use crate::{
    Line, Trigger,
    channel::Channel,
    sys::{
        clock,
        timer::{Expiry, Timer},
    },
};

/// One debounced line.
pub(crate) struct Debounce {
    /// Expires when the level has been stable for long enough.
    timer: Timer,
    line: SpinMutex<Option<Debounced>>,
}

#[derive(Clone, Copy)]
struct Debounced {
    channel: &'static Channel,
    line: Line,
    /// The line's number in the records.
    index: u8,
    /// How long the level must be stable, in ticks.
    ticks: u64,
    /// Time of the first interrupt since the level was stable, in cycles.
    first: Option<u64>,
    /// Interrupts since then.
    interrupts: u32,
}

impl Debounce {
    pub(crate) const fn new() -> Self {
        Self {
            timer: Timer::new(),
            line: SpinMutex::new(None),
        }
    }

    /// Debounces `line`, which is line `index` of `channel`.
    pub(crate) fn start(&'static self, channel: &'static Channel, line: Line, index: u8) {
        self.timer.init::<Self>(self);
        let ticks = clock::ticks_of_us(line.debounce_us.into()).max(1);
        *self.lock() = Some(Debounced {
            channel,
            line,
            index,
            ticks,
            first: None,
            interrupts: 0,
        });
    }

    pub(crate) fn stop(&'static self) {
        self.timer.stop();
        *self.lock() = None;
    }

    /// Whether this debounces line `index`.
    pub(crate) fn is_for(&self, index: u8) -> bool {
        self.lock().is_some_and(|line| line.index == index)
    }

    /// The line interrupted, at `cycles`: it has to be stable from now on.
    ///
    /// # Context
    ///
    /// ISR.
    pub(crate) fn interrupted(&'static self, cycles: u64) {
        let mut guard = self.lock();
        if let Some(line) = guard.as_mut() {
            line.first.get_or_insert(cycles);
            line.interrupts += 1;
            self.timer.start_at(clock::uptime_ticks() + line.ticks);
        }
    }

    fn lock(&self) -> SpinMutexGuard<'_, Option<Debounced>> {
        self.line
            .lock()
            .unwrap_or_else(|never: Infallible| match never {})
    }
}

impl Expiry for Debounce {
    type Target = Self;

    fn expired(debounce: &'static Self) {
        // Neither this lock nor the channel's is ever taken with the other held.
        let taken = debounce.lock().as_mut().and_then(|line| {
            let first = line.first.take()?;
            Some((*line, first, core::mem::take(&mut line.interrupts)))
        });
        if let Some((line, first, interrupts)) = taken {
            line.settle(first, interrupts);
        }
    }
}

impl Debounced {
    /// The level is stable.
    fn settle(&self, first: u64, interrupts: u32) {
        let mut intake = self.channel.intake();
        let Ok(physical) = self.line.pin.port().read() else {
            intake.unreadable();
            return intake.finish();
        };
        let high = (physical & self.line.pin.mask() != 0) != self.line.pin.is_active_low();
        if high == intake.level(self.index) {
            // It came back to where it was: there was no edge.
            intake.bounced(interrupts);
        } else {
            intake.bounced(interrupts - 1);
            match (self.line.trigger, high) {
                (Trigger::Rising, false) | (Trigger::Falling, true) => {
                    intake.settled(self.index, high);
                }
                _ => intake.edge_at(self.index, high, first),
            }
        }
        intake.finish();
    }
}
