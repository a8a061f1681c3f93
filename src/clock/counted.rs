//! A clock: a counter that runs, and has been found to be right.

use zephyr::sync::atomic::{AtomicU32, Ordering::Relaxed};
use zephyr::time::{Duration, sleep};

use super::counter::{Counter, Rate};
use super::source::Source;
use super::timeline::{Timeline, quarter_wrap_ticks};
use crate::sys::clock::{self, CYCLES_PER_SECOND, Ratio, TICKS_PER_SECOND};
use crate::sys::lock::Lock;
use crate::sys::timer::{Expiry, Timer};
use crate::{ClockError, Error};

/// A clock for captures, for a `static`: it gives records better times than Zephyr's cycle counter does.
///
/// The first `open` with it starts its counter, which then runs for ever. It takes a millisecond or more of sleep, in
/// which the counter is compared with Zephyr's cycle counter. All captures with one clock have the same times, so there
/// must be only one clock for a counter. Its origin is about that of Zephyr's uptime: to a tick, and apart from how
/// differently the two count.
///
/// ```
/// # use edgepipe::{Counter, Error, Rate};
/// # struct Timer1;
/// # impl Counter for Timer1 {
/// #     fn start(&self) -> Result<Rate, Error> { Ok(Rate { hertz: 16_000_000, top: u32::MAX }) }
/// #     fn count(&self) -> u32 { 0 }
/// # }
/// # static TIMER1: Timer1 = Timer1;
/// use edgepipe::{Clock, Config};
///
/// static CLOCK: Clock = Clock::new(&TIMER1);
/// const CONFIG: Config = Config { clock: Some(&CLOCK), ..Config::DEFAULT };
/// ```
pub struct Clock {
    counter: &'static dyn Counter,
    /// Once the counter has been started. Some begin anew if that is done again, also while another thread measures them.
    started: Lock<Option<Rate>>,
    /// Bits that the counter has, as a mask.
    mask: AtomicU32,
    /// What is added to the count, so that time begins with the uptime.
    offset: AtomicU32,
    /// The lower 32 bits of the time at the last look, which was less than a wrap of the counter ago.
    looked: AtomicU32,
    /// The whole time at the last look.
    timeline: Lock<Timeline>,
    /// 0 until the counter runs.
    hertz: AtomicU32,
    /// A quarter wrap of the counter, which may have fewer than 32 bits.
    look_after_ticks: AtomicU32,
    /// A quarter wrap of the 32 bits that are made of it.
    quarter_wrap_ticks: AtomicU32,
    /// Looks often enough to notice each wrap.
    timer: Timer,
    /// The simulated kernel in which it runs.
    #[cfg(not(target_os = "none"))]
    kernel: AtomicU32,
}

/// How often the rate is measured, if the thread cannot run again in time.
const ATTEMPTS: u32 = 4;

/// The rate is measured over so many counts at least.
const COUNTS_MIN: u32 = 16;

impl Clock {
    /// The clock that `counter` makes. Nothing is started before a capture is opened.
    pub const fn new(counter: &'static dyn Counter) -> Self {
        Self {
            counter,
            started: Lock::new(None),
            mask: AtomicU32::new(0),
            offset: AtomicU32::new(0),
            looked: AtomicU32::new(0),
            timeline: Lock::new(Timeline::stopped()),
            hertz: AtomicU32::new(0),
            look_after_ticks: AtomicU32::new(0),
            quarter_wrap_ticks: AtomicU32::new(0),
            timer: Timer::new(),
            #[cfg(not(target_os = "none"))]
            kernel: AtomicU32::new(0),
        }
    }

    /// Starts the clock, if it does not run yet. Thread only; sleeps.
    pub(crate) fn start(&'static self) -> Result<(), ClockError> {
        #[cfg(not(target_os = "none"))]
        self.enter_kernel();
        if self.hertz() != 0 {
            return Ok(());
        }
        let rate = self.start_counter()?;
        let checked = self.check_rate(rate);
        if checked.is_err() {
            *self.started.lock() = None;
        }
        let mut timeline = self.timeline.lock();
        // Another thread may have come first. Its captures have these times already.
        if self.hertz() != 0 {
            return Ok(());
        }
        checked?;
        let uptime = Ratio::new(TICKS_PER_SECOND, rate.hertz).scale(clock::uptime_ticks());
        *timeline = Timeline {
            last: uptime as u32,
            wraps: (uptime >> 32) as u32,
        };
        self.mask.store(rate.top, Relaxed);
        self.offset
            .store(timeline.last.wrapping_sub(self.counter.count()), Relaxed);
        self.looked.store(timeline.last, Relaxed);
        self.look_after_ticks
            .store(rate.quarter_wrap_ticks(), Relaxed);
        self.quarter_wrap_ticks
            .store(quarter_wrap_ticks(rate.hertz, TICKS_PER_SECOND), Relaxed);
        self.hertz.store(rate.hertz, Relaxed);
        self.timer.init::<Self>(self);
        self.timer.start_in(rate.quarter_wrap_ticks().into());
        Ok(())
    }

    /// Starts the counter, unless another thread has.
    fn start_counter(&self) -> Result<Rate, ClockError> {
        let started = *self.started.lock();
        if let Some(rate) = started {
            return Ok(rate);
        }
        let rate = self.counter.start().map_err(ClockError::Counter)?;
        rate.check()?;
        *self.started.lock() = Some(rate);
        Ok(rate)
    }

    /// In tests, each simulated kernel has a time of its own, so a clock starts anew in each.
    #[cfg(not(target_os = "none"))]
    fn enter_kernel(&self) {
        let kernel = zephyr::sim::kernel();
        let before = self.kernel.swap(kernel, Relaxed);
        if before != kernel {
            assert!(
                !zephyr::sim::is_running(before),
                "two tests use one edgepipe::Clock at the same time: give each a clock of its own"
            );
            self.hertz.store(0, Relaxed);
            *self.started.lock() = None;
        }
    }

    /// Compares the counter with Zephyr's cycle counter while the thread sleeps, and so perhaps the processor.
    fn check_rate(&self, rate: Rate) -> Result<(), ClockError> {
        let expect = Ratio::new(CYCLES_PER_SECOND, rate.hertz);
        for _ in 0..ATTEMPTS {
            let (cycles, count) = self.look();
            sleep(Duration::from_ticks(ticks_to_measure(rate).into()));
            let (cycles_after, count_after) = self.look();
            let expected = expect.scale(cycles_after.saturating_sub(cycles));
            let counted = count_after.wrapping_sub(count) & rate.top;
            // The count may have wrapped meanwhile, if the thread slept for much longer.
            let Some(expected) = u32::try_from(expected)
                .ok()
                .filter(|expected| *expected <= rate.top / 2 + 1)
            else {
                continue;
            };
            // A clock that counts twice as fast as it says would seem to stand still between two looks.
            let is_regular = counted >= expected / 2 && counted / 3 <= expected / 2;
            return match is_regular {
                true => Ok(()),
                false => Err(ClockError::Irregular { expected, counted }),
            };
        }
        Err(ClockError::Counter(Error::TIMED_OUT))
    }

    /// The cycles of Zephyr's cycle counter, with its wraps, and the count, at one instant.
    fn look(&self) -> (u64, u32) {
        let _masked = self.timeline.lock();
        (
            Source::CYCLE_COUNTER.timeline().time(),
            self.counter.count(),
        )
    }

    /// The time's lower 32 bits. ISR or thread. The clock runs.
    #[inline]
    pub(crate) fn cycles(&self) -> u32 {
        let looked = self.looked.load(Relaxed);
        let count = self.counter.count();
        let count = count.wrapping_add(self.offset.load(Relaxed));
        looked.wrapping_add(count.wrapping_sub(looked) & self.mask.load(Relaxed))
    }

    /// The time now. ISR or thread. The clock runs.
    pub(crate) fn timeline(&self) -> Timeline {
        let mut timeline = self.timeline.lock();
        let cycles = self.cycles();
        timeline.advance(cycles);
        self.looked.store(cycles, Relaxed);
        *timeline
    }

    /// Cycles in a second; 0 before it runs.
    pub(crate) fn hertz(&self) -> u32 {
        self.hertz.load(Relaxed)
    }

    /// A quarter of the time in which [`cycles`](Self::cycles) wraps, in ticks.
    pub(crate) fn quarter_wrap_ticks(&self) -> u32 {
        self.quarter_wrap_ticks.load(Relaxed)
    }
}

impl Expiry for Clock {
    type Target = Self;

    fn expired(clock: &'static Self) {
        clock.timeline();
        let ticks = clock.look_after_ticks.load(Relaxed);
        clock.timer.start_in(ticks.into());
    }
}

/// A millisecond, or as long as it takes to count enough; but no longer than a quarter wrap.
fn ticks_to_measure(rate: Rate) -> u32 {
    let ticks_of = |hertz: u32| {
        let ticks = u64::from(COUNTS_MIN) * u64::from(TICKS_PER_SECOND);
        ticks.div_ceil(u64::from(hertz)) as u32
    };
    ticks_of(rate.hertz)
        .max(ticks_of(CYCLES_PER_SECOND))
        .max(TICKS_PER_SECOND.div_ceil(1_000))
        .min(rate.quarter_wrap_ticks())
}

/// A clock is equal only to itself.
impl PartialEq for Clock {
    fn eq(&self, other: &Self) -> bool {
        core::ptr::eq(self, other)
    }
}

impl Eq for Clock {}

// Nothing in it can be left half done by a panic.
impl core::panic::RefUnwindSafe for Clock {}

impl core::fmt::Debug for Clock {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Clock")
            .field("hertz", &self.hertz())
            .finish_non_exhaustive()
    }
}
