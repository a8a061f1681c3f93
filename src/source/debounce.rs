//! Debouncing: an edge counts once the level has been stable for a while.

use crate::{
    Error, Line, Trigger,
    channel::Channel,
    sys::{
        clock,
        gpio::{Callback, Handler},
        lock::Lock,
        timer::{Expiry, Timer},
    },
};

/// One debounced line.
pub(crate) struct Debounce {
    /// Expires when the level has been stable for long enough.
    timer: Timer,
    line: Lock<Option<Debounced>>,
    callback: Callback<&'static Debounce>,
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
            line: Lock::new(None),
            callback: Callback::new(),
        }
    }

    /// Debounces `line`, which is line `index` of `channel`.
    ///
    /// # Errors
    ///
    /// What the controller says to a callback; [`stop`](Self::stop) undoes the rest.
    pub(crate) fn start(
        &'static self,
        channel: &'static Channel,
        line: Line,
        index: u8,
    ) -> Result<(), Error> {
        self.timer.init::<Self>(self);
        let ticks = clock::ticks_of_us(line.debounce_us.into()).max(1);
        *self.line.lock() = Some(Debounced {
            channel,
            line,
            index,
            ticks,
            first: None,
            interrupts: 0,
        });
        self.callback
            .install(line.pin.port(), line.pin.mask(), self)
    }

    pub(crate) fn stop(&'static self) {
        self.callback.remove();
        self.timer.stop();
        *self.line.lock() = None;
    }
}

impl Handler for &'static Debounce {
    /// The line has to be stable from now on.
    fn handle(&self, _pins: u32) {
        // Neither this lock nor the channel's is ever taken with the other held.
        let Some(channel) = self.line.lock().as_ref().map(|line| line.channel) else {
            return;
        };
        let intake = channel.intake();
        let now = intake.armed_now();
        intake.finish();
        if let (Some(line), Some(now)) = (self.line.lock().as_mut(), now) {
            line.first.get_or_insert(now);
            line.interrupts += 1;
            self.timer.start_at(clock::uptime_ticks() + line.ticks);
        }
    }
}

impl Expiry for Debounce {
    type Target = Self;

    fn expired(debounce: &'static Self) {
        let taken = debounce.line.lock().as_mut().and_then(|line| {
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
