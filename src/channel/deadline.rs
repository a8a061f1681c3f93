//! The two times that make pending records ready: how long the oldest may wait (flush), and for how long there was no
//! newer one (idle).
//!
//! Both are counted on the clock of the records, and checked by the timer. The timer is not set for each record: when it
//! expires, it is set for what is due next. It is set earlier only if it would expire too late. An edge does not touch
//! the idle time either: when that has passed since an earlier record, it is looked how old the newest one is.

use super::{State, records::Time};
use crate::clock::{QUARTER_WRAP, Source};
use crate::record;

/// The flush time or the idle time.
#[derive(Clone, Copy)]
struct Limit {
    /// How long, in ticks and in cycles; 0 for none.
    ticks: u64,
    after: u64,
    /// When it passes, in cycles; [`NEVER`] if nothing is pending, and [`PASSED`] once it has passed.
    due: u64,
}

const NEVER: u64 = u64::MAX;
/// Before the due time of any record, because that is a tick or more after the record's.
const PASSED: u64 = 0;
/// The timer expires at the next tick, before anything that is still to pass.
const SOON: u64 = 0;

impl Limit {
    const fn unused() -> Self {
        Self {
            ticks: 0,
            after: 0,
            due: 0,
        }
    }

    const fn none() -> Self {
        Self {
            due: NEVER,
            ..Self::unused()
        }
    }

    fn new(ticks: u64, clock: Source) -> Self {
        // The most ticks that can be counted in cycles: hundreds of years at 1 GHz.
        let ticks = ticks.min(clock.to_ticks().scale(u64::MAX / 2));
        Self {
            ticks,
            after: clock.of_ticks().scale(ticks),
            ..Self::none()
        }
    }

    const fn is_off(&self) -> bool {
        self.ticks == 0
    }

    const fn has_passed(&self) -> bool {
        self.due == PASSED
    }

    /// Starts it at `time`.
    const fn start(&mut self, time: u64) {
        if !self.is_off() {
            self.due = time.saturating_add(self.after);
        }
    }

    /// Checks at `now` whether it has passed: its last cycle must be over too.
    const fn check(&mut self, now: u64) {
        if self.due < now {
            self.due = PASSED;
        }
    }

    /// When the timer must have expired; [`NEVER`] if it need not.
    const fn awaited(&self) -> u64 {
        match self.due {
            PASSED => NEVER,
            due => due,
        }
    }
}

#[derive(Clone, Copy)]
pub(super) struct Deadlines {
    flush: Limit,
    idle: Limit,
    /// The application has flushed: until nothing is pending, the flush time has passed.
    flushed: bool,
    /// Of the newest record without a time that was looked at: how many had been stored then, and when that was.
    looked_at: u64,
    since: u64,
    /// When the timer will have expired at the latest, in cycles.
    timer_due: u64,
    /// The most cycles from the time of a record to its storing, on debounced lines; and these lines, line 0 in bit 0.
    lag: u64,
    late_lines: u32,
    /// The same of the newest record, if that is one of these lines.
    newest_lag: u64,
}

impl Deadlines {
    /// Those of a channel that is not in use: all zero, like the whole channel, so that the channel and its buffer are
    /// in `.bss` and take no flash.
    pub(super) const fn unused() -> Self {
        Self {
            flush: Limit::unused(),
            idle: Limit::unused(),
            flushed: false,
            looked_at: 0,
            since: 0,
            timer_due: 0,
            lag: 0,
            late_lines: 0,
            newest_lag: 0,
        }
    }

    pub(super) const fn none() -> Self {
        Self {
            flush: Limit::none(),
            idle: Limit::none(),
            timer_due: NEVER,
            ..Self::unused()
        }
    }

    /// For records with times of `clock`. Both times are in ticks; 0 is none.
    pub(super) fn new(flush: u64, idle: u64, clock: Source) -> Self {
        Self {
            flush: Limit::new(flush, clock),
            idle: Limit::new(idle, clock),
            ..Self::none()
        }
    }

    pub(super) const fn are_off(&self) -> bool {
        self.flush.is_off() && self.idle.is_off() && !self.flushed
    }

    /// Lets the flush time pass at once, whether there is one or not. Something is pending.
    pub(super) const fn flush_now(&mut self) {
        self.flush.due = PASSED;
        self.flushed = true;
    }

    pub(super) const fn is_flushed(&self) -> bool {
        self.flushed
    }

    /// Whether the oldest record has waited for long enough.
    pub(super) const fn has_flushed(&self) -> bool {
        self.flush.has_passed()
    }

    /// Whether there was no newer record for long enough.
    pub(super) const fn is_idle(&self) -> bool {
        self.idle.has_passed()
    }

    pub(super) const fn has_any_passed(&self) -> bool {
        self.has_flushed() || self.is_idle()
    }

    /// Stops both, because nothing is pending.
    pub(super) const fn clear(&mut self) {
        self.flush.due = NEVER;
        self.idle.due = NEVER;
        self.flushed = false;
        self.lag = 0;
    }

    /// Notes that a record of `line`, below 32, is stored so many cycles after its time.
    pub(super) const fn note_lag(&mut self, line: u32, cycles: u64) {
        self.late_lines |= 1 << line;
        self.newest_lag = cycles;
        if self.lag < cycles {
            self.lag = cycles;
        }
    }

    /// Starts both, for the first record, which is stored at `now`.
    pub(super) const fn start(&mut self, now: u64) {
        self.flush.start(now);
        self.idle.start(now);
    }

    /// Checks the flush time.
    pub(super) const fn check_flush(&mut self, now: u64) {
        self.flush.check(now);
    }

    /// Starts the flush time again, for another oldest record, of `line`, whose time was `age` before `now`.
    pub(super) const fn restart_flush(&mut self, age: u64, line: u32, now: u64) {
        if self.flushed {
            return;
        }
        self.flush.start(self.stored_at(age, line, now, self.lag));
        self.flush.check(now);
    }

    /// Lets the flush time pass at once.
    pub(super) const fn pass_flush(&mut self) {
        if !self.flush.is_off() {
            self.flush.due = PASSED;
        }
    }

    /// Whether the idle time has passed since a record, and newer ones must be looked for.
    pub(super) const fn may_be_idle(&self, now: u64) -> bool {
        self.idle.awaited() < now
    }

    /// Starts the idle time again, for the newest record, of `line`, whose time was `age` before `now`.
    pub(super) const fn restart_idle(&mut self, age: u64, line: u32, now: u64) {
        self.idle
            .start(self.stored_at(age, line, now, self.newest_lag));
        self.idle.check(now);
    }

    /// Looks at a newest record without a time, when `stored` records have been stored: a gap record, a plain sample, or
    /// one with a hole after it.
    pub(super) const fn look(&mut self, stored: u64, now: u64) {
        if self.looked_at != stored {
            self.looked_at = stored;
            self.since = now;
        }
    }

    /// As [`restart_idle`](Self::restart_idle), for a newest record without a time. It counts from the first look at it.
    pub(super) const fn restart_idle_since_look(&mut self, now: u64) {
        self.idle.start(self.since);
        self.idle.check(now);
    }

    /// Has the newest record looked at once more, because edges were lost after it.
    pub(super) const fn forget_look(&mut self) {
        self.looked_at = u64::MAX;
    }

    /// Whether the idle time is longer than the age of a record can be told.
    const fn is_idle_beyond_ages(&self) -> bool {
        self.idle.after >> (record::TIME_BITS - 2) != 0
    }

    /// Sets another idle time, which must be restarted next if something is pending.
    pub(super) fn set_idle(&mut self, ticks: u64, clock: Source) {
        self.idle = Limit::new(ticks, clock);
    }

    /// When a record was stored at the latest.
    const fn stored_at(&self, age: u64, line: u32, now: u64, lag: u64) -> u64 {
        let lag = lag * (self.late_lines >> line & 1) as u64;
        now.saturating_sub(age.saturating_sub(lag))
    }

    /// Whether the timer would expire after the next time to pass.
    pub(super) fn are_before_timer(&self) -> bool {
        self.flush.awaited().min(self.idle.awaited()) < self.timer_due
    }

    /// Notes that the timer expires at the next tick.
    pub(super) const fn expire_soon(&mut self) {
        self.timer_due = SOON;
    }

    pub(super) const fn expires_soon(&self) -> bool {
        self.timer_due == SOON
    }

    /// As [`set_timer`](Self::set_timer), when both were started just now, and the timer would expire too late.
    pub(super) fn set_timer_at_start(&mut self) -> u64 {
        let next = self.next();
        self.timer_due = next.due;
        next.ticks
    }

    /// The one that passes first.
    fn next(&self) -> Limit {
        match self.flush.awaited() <= self.idle.awaited() {
            true => self.flush,
            false => self.idle,
        }
    }

    /// Returns after how many ticks the timer must expire next: at most `most`, which is up to a quarter wrap of `clock`.
    pub(super) fn set_timer(&mut self, now: u64, most: u64, clock: Source) -> u64 {
        let next = self.next();
        let due = next.awaited();
        self.timer_due = now.saturating_add(QUARTER_WRAP);
        if due >= self.timer_due {
            return most;
        }
        self.timer_due = due;
        let rest = due.saturating_sub(now);
        let ticks = if next.after.saturating_sub(rest) < clock.of_ticks().scale(1) {
            next.ticks
        } else {
            ticks_of(rest, clock)
        };
        ticks.min(most)
    }
}

impl State {
    /// Checks whether the times have passed.
    pub(super) fn check_deadlines(&mut self, now: u64) {
        self.deadlines.check_flush(now);
        if self.deadlines.may_be_idle(now) {
            self.restart_idle(now);
        }
    }

    /// After a read: another record is the oldest. If the capture was idle, it stays so only if that has been for long
    /// enough since the newest record, too.
    pub(super) fn restart_deadlines(&mut self, now: u64) {
        match self.records.oldest() {
            Some(Time::At { cycles, line }) => {
                let age = record::age(cycles, now);
                self.deadlines.restart_flush(age, line.into(), now);
            }
            // A gap record has no time: its deadline passes at once.
            Some(Time::Gap) => self.deadlines.pass_flush(),
            None if self.records.pending() == 0 => {
                let was_flushed = self.deadlines.is_flushed();
                self.deadlines.clear();
                if was_flushed {
                    self.set_block();
                }
                return;
            }
            // A plain sample has no time. The deadline stays that of an earlier one.
            None => {}
        }
        // A read may have stored a gap record.
        let has_marks = self.records.may_have_marks() && self.records.has_marks();
        if self.deadlines.is_idle() || has_marks {
            self.restart_idle(now);
        }
    }

    /// Starts the idle time again, for the newest record, or the hole after it. Something is pending.
    #[inline(never)]
    pub(super) fn restart_idle(&mut self, now: u64) {
        let has_age = !self.deadlines.is_idle_beyond_ages() && !self.ends_with_hole();
        match self.records.newest() {
            Some(Time::At { cycles, line }) if has_age => {
                let age = record::age(cycles, now);
                self.deadlines.restart_idle(age, line.into(), now);
            }
            _ => {
                self.look_at_newest(now);
                self.deadlines.restart_idle_since_look(now);
            }
        }
    }

    /// To be called for a newest record without a time, as soon as it is known.
    pub(super) fn look_at_newest(&mut self, now: u64) {
        self.deadlines.look(self.records.stored(), now);
    }
}

/// A 64-bit division takes long, so the compiler must not do it in advance.
#[cold]
#[inline(never)]
fn ticks_of(cycles: u64, clock: Source) -> u64 {
    clock.to_ticks().scale(cycles)
}
