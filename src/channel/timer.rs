//! The channel's timer: it looks at the deadlines, and at the clock.

use super::{Channel, State};
use crate::Error;
use crate::sys::lock::Guard;
use crate::sys::timer::Expiry;

impl Expiry for Channel {
    type Target = Self;

    fn expired(channel: &'static Channel) {
        let mut state = channel.lock();
        let now = state.now();
        state.check_deadlines(now);
        let was_late = core::mem::take(&mut state.handover.is_late);
        if !state.is_closed() {
            channel.restart_timer(&mut state, now);
        }
        channel.publish_and_deliver(state, was_late);
    }
}

impl Channel {
    /// As [`publish`](Self::publish), if a deadline may have begun.
    pub(super) fn publish_and_start_timer(&'static self, mut state: Guard<'_, State>) {
        if state.deadlines.are_before_timer() {
            self.expire_soon(&mut state);
        }
        self.publish(state);
    }

    /// Has the timer expire at the next tick, and then set for what is due. That takes less than to find it out here.
    pub(super) fn expire_soon(&'static self, state: &mut State) {
        state.deadlines.expire_soon();
        self.timer.start_in(0);
    }

    /// Changes the idle time, to ticks, for the use `number`, or the present one. If it has passed, waiters wake.
    /// Fails with [`Error::BAD_HANDLE`] when the use is over.
    pub(super) fn change_idle(&'static self, number: Option<u32>, ticks: u64) -> Result<(), Error> {
        let mut state = self.lock();
        if state.is_over(number) {
            return Err(Error::BAD_HANDLE);
        }
        if state.is_closed() {
            return Ok(());
        }
        state.set_idle(ticks);
        // What follows is work of its own. The new time has not begun meanwhile.
        self.publish(state);
        let mut state = self.lock();
        if !state.is_over(number) && state.records.pending() > 0 {
            let now = state.now();
            state.restart_idle(now);
        }
        self.publish(state);
        self.start_timer_in_time();
        Ok(())
    }

    /// Starts the deadlines, for a marked record that is alone. The interrupt was seen when the counter showed `cycles`.
    pub(super) fn start_deadlines(&'static self, mut state: Guard<'_, State>, cycles: u32) {
        let now = state.advance_clock(cycles);
        state.deadlines.start(now);
        state.set_limit_after_first();
        if state.deadlines.are_before_timer() {
            let ticks = state.deadlines.set_timer_at_start();
            self.timer.start_in(ticks);
        }
    }

    /// Restarts the deadlines, because records were taken.
    #[inline]
    pub(super) fn restart_deadlines(&'static self, state: &mut State) {
        if state.has_deadlines() {
            self.restart_some_deadline(state);
        }
    }

    #[inline(never)]
    fn restart_some_deadline(&'static self, state: &mut State) {
        let now = state.now();
        state.restart_deadlines(now);
        if state.deadlines.are_before_timer() {
            self.restart_timer(state, now);
        }
    }

    /// Restarts the timer if it would expire after a deadline that has just begun. This is a piece of work of its
    /// own, because otherwise interrupts would be masked for too long.
    #[inline(never)]
    pub(super) fn start_timer_in_time(&'static self) {
        let mut state = self.lock();
        if state.deadlines.are_before_timer() {
            let now = state.now();
            state.check_deadlines(now);
            if state.deadlines.has_any_passed() {
                return self.publish(state);
            }
            self.restart_timer(&mut state, now);
        }
    }

    /// Sets the timer at `now`, the time to which the clock was advanced.
    #[inline(never)]
    pub(super) fn restart_timer(&'static self, state: &mut State, now: u64) {
        let most = state.most_ticks();
        let ticks = state.deadlines.set_timer(now, most, state.clock);
        self.timer.start_in(ticks);
    }
}
