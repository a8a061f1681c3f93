//! The time of a device, across its restarts.

use std::time::{Duration, Instant};

use edgepipe_stream::{Head, Point};

/// Time in ticks of the device, 0 at its first head. It does not go back. How long a restart took, only the host's clock
/// knows.
#[derive(Debug)]
pub(super) struct Timeline {
    rate_hz: u32,
    began: Instant,
    /// At the last head: the device's ticks, and the time here.
    head_ticks: u64,
    head_time: u64,
    /// The time up to which all is known.
    now: u64,
}

impl Timeline {
    pub(super) fn begin(head: &Head<'_>, at: Point) -> Self {
        Self {
            rate_hz: head.rate_hz,
            began: Instant::now(),
            head_ticks: at.ticks,
            head_time: 0,
            now: 0,
        }
    }

    pub(super) fn now(&self) -> u64 {
        self.now
    }

    pub(super) fn rate_hz(&self) -> u32 {
        self.rate_hz
    }

    /// On the host's clock.
    pub(super) fn elapsed(&self) -> Duration {
        self.began.elapsed()
    }

    /// All is known up to this tick of the device. Returns the time.
    pub(super) fn reach(&mut self, ticks: u64) -> u64 {
        let since = ticks.saturating_sub(self.head_ticks);
        self.now = self.head_time.saturating_add(since).max(self.now);
        self.now
    }

    /// The device starts again here. Returns the time, which is after all others.
    pub(super) fn restart(&mut self, at: Point) -> u64 {
        let elapsed = ticks(self.elapsed(), self.rate_hz);
        self.now = elapsed.max(self.now.saturating_add(1));
        self.head_ticks = at.ticks;
        self.head_time = self.now;
        self.now
    }

    pub(super) fn seconds(&self, time: u64) -> f64 {
        time as f64 / f64::from(self.rate_hz)
    }
}

pub(super) fn ticks(time: Duration, rate_hz: u32) -> u64 {
    let ticks = time.as_nanos() * u128::from(rate_hz) / 1_000_000_000;
    ticks.try_into().unwrap_or(u64::MAX)
}
