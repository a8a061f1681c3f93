//! Tests of `channel::deadline`, in src/channel/deadline.rs.

use crate::channel::deadline::Deadlines;
use crate::clock::{QUARTER_WRAP, Source};
use crate::sys::clock;

const TICKS: u64 = 10;
const AFTER: u64 = clock::cycles_of_ticks(TICKS);
const TICK: u64 = clock::cycles_of_ticks(1);
/// When the first record arrived.
const CAME: u64 = 1_000_000;

/// How many records had been stored when the newest, a gap record, was looked at.
const STORED: u64 = 7;

fn new(flush: u64, idle: u64) -> Deadlines {
    Deadlines::new(flush, idle, Source::CYCLE_COUNTER)
}

/// With a flush time only.
fn started() -> Deadlines {
    let mut deadlines = new(TICKS, 0);
    deadlines.start(CAME);
    deadlines
}

/// With an idle time only.
fn started_idle() -> Deadlines {
    let mut deadlines = new(0, TICKS);
    deadlines.start(CAME);
    deadlines
}

/// Whether a check at `now` finds that the flush time has passed.
fn passes(mut deadlines: Deadlines, now: u64) -> bool {
    deadlines.check_flush(now);
    deadlines.has_flushed()
}

fn set_timer(deadlines: &mut Deadlines, now: u64, most: u64) -> u64 {
    deadlines.set_timer(now, most, Source::CYCLE_COUNTER)
}

#[test]
fn they_are_off_for_no_ticks_only() {
    assert!(new(0, 0).are_off());
    assert!(!new(1, 0).are_off());
    assert!(!new(0, 1).are_off());
}

#[test]
fn the_flush_time_passes_once_its_last_cycle_is_over() {
    assert!(!passes(started(), CAME + AFTER));
    assert!(passes(started(), CAME + AFTER + 1));
    let mut deadlines = started();
    deadlines.check_flush(CAME + AFTER + 1);
    assert!(deadlines.has_any_passed() && !deadlines.is_idle());
}

#[test]
fn while_nothing_is_pending_nothing_passes() {
    let mut deadlines = started();
    deadlines.clear();
    assert!(!passes(deadlines, u64::MAX));
    assert!(!passes(new(TICKS, TICKS), u64::MAX));
    let mut deadlines = started_idle();
    assert!(deadlines.may_be_idle(u64::MAX));
    deadlines.clear();
    assert!(!deadlines.may_be_idle(u64::MAX - 1));
}

#[test]
fn what_is_off_does_not_start() {
    let mut deadlines = started_idle();
    deadlines.pass_flush();
    assert!(!passes(deadlines, u64::MAX));
    deadlines.restart_flush(u64::MAX / 4, 3, u64::MAX / 2);
    assert!(!deadlines.has_flushed());
    assert!(!started().may_be_idle(u64::MAX - 1));
}

#[test]
fn of_a_record_that_waited_already_the_rest_is_left() {
    let mut deadlines = started();
    let now = CAME + 5 * AFTER;
    deadlines.restart_flush(AFTER - 1, 3, now);
    assert!(!deadlines.has_flushed());
    assert!(!passes(deadlines, now + 1));
    assert!(passes(deadlines, now + 2));
    deadlines.restart_flush(AFTER, 3, now);
    assert!(!deadlines.has_flushed());
    deadlines.restart_flush(AFTER + 1, 3, now);
    assert!(deadlines.has_flushed());
}

#[test]
fn it_is_idle_once_the_time_has_passed_since_the_newest_record() {
    let mut deadlines = started_idle();
    assert!(!deadlines.may_be_idle(CAME + AFTER));
    let now = CAME + AFTER + 1;
    assert!(deadlines.may_be_idle(now));
    // A newer one came a tick ago.
    deadlines.restart_idle(TICK, 3, now);
    assert!(!deadlines.is_idle() && !deadlines.has_any_passed());
    assert!(!deadlines.may_be_idle(now + AFTER - TICK));
    let now = now + AFTER - TICK + 1;
    assert!(deadlines.may_be_idle(now));
    deadlines.restart_idle(AFTER, 3, now);
    assert!(!deadlines.is_idle());
    deadlines.restart_idle(AFTER + 1, 3, now);
    assert!(deadlines.is_idle() && deadlines.has_any_passed() && !deadlines.has_flushed());
    // It stays so, whatever comes: nothing is looked for.
    assert!(!deadlines.may_be_idle(now + AFTER));
}

#[test]
fn a_record_without_a_time_counts_from_the_first_look_at_it() {
    let mut deadlines = started_idle();
    let now = CAME + AFTER + 1;
    let mut is_idle = |stored, now| {
        deadlines.look(stored, now);
        deadlines.restart_idle_since_look(now);
        deadlines.is_idle()
    };
    assert!(!is_idle(STORED, now));
    assert!(!is_idle(STORED, now + AFTER));
    // Another one came.
    assert!(!is_idle(STORED + 1, now + AFTER + 1));
    assert!(is_idle(STORED + 1, now + 2 * AFTER + 2));
    assert!(is_idle(STORED + 1, now + 2 * AFTER + 2));
}

#[test]
fn what_is_lost_counts_as_newer() {
    let mut deadlines = started_idle();
    let mut is_idle_after = |now, is_lost: bool| {
        if is_lost {
            deadlines.forget_look();
        }
        deadlines.look(STORED, now);
        deadlines.restart_idle_since_look(now);
        deadlines.is_idle()
    };
    assert!(!is_idle_after(CAME, false));
    assert!(!is_idle_after(CAME + AFTER, true));
    assert!(!is_idle_after(CAME + 2 * AFTER, false));
    assert!(is_idle_after(CAME + 2 * AFTER + 1, false));
}

#[test]
fn another_idle_time_is_counted_from_the_newest_record() {
    let mut deadlines = started_idle();
    deadlines.set_idle(2 * TICKS, Source::CYCLE_COUNTER);
    let now = CAME + 2 * AFTER;
    deadlines.restart_idle(now - CAME, 3, now);
    assert!(!deadlines.is_idle());
    assert!(deadlines.may_be_idle(now + 1));
    deadlines.set_idle(0, Source::CYCLE_COUNTER);
    assert!(deadlines.are_off() && !deadlines.is_idle());
    assert!(!deadlines.may_be_idle(u64::MAX - 1));
}

/// A debounced record arrives after its time: its age counts from its arrival.
#[test]
fn the_longest_lag_is_given_to_every_record() {
    let mut deadlines = new(TICKS, TICKS);
    deadlines.start(CAME);
    deadlines.note_lag(3, 500);
    deadlines.note_lag(3, 700);
    deadlines.note_lag(3, 600);
    let now = CAME + 5 * AFTER;
    let mut flushed = |age, line| {
        deadlines.restart_flush(age, line, now);
        deadlines.has_flushed()
    };
    assert!(!flushed(AFTER + 700, 3));
    assert!(flushed(AFTER + 701, 3));
    // Records of other lines arrive at their time.
    assert!(!flushed(AFTER, 4));
    assert!(flushed(AFTER + 1, 4));
    // A record that is younger than the lag counts as new.
    assert!(!flushed(10, 3));
    assert!(!passes(deadlines, now + AFTER));
    // The lag of the newest record is known.
    let mut is_idle = |age, line| {
        deadlines.restart_idle(age, line, now);
        deadlines.is_idle()
    };
    assert!(!is_idle(AFTER + 600, 3));
    assert!(is_idle(AFTER + 601, 3));
    assert!(!is_idle(AFTER, 4));
    assert!(is_idle(AFTER + 1, 4));
    // Without pending records there is no lag.
    deadlines.clear();
    deadlines.restart_flush(AFTER + 1, 3, now);
    assert!(deadlines.has_flushed());
}

#[test]
fn the_timer_looks_when_it_passes_or_at_the_latest_after_a_quarter_wrap() {
    let most = 1 << 20;
    for mut deadlines in [started(), started_idle()] {
        assert!(deadlines.are_before_timer(), "the timer is not set");
        // The time has just begun: all of its ticks are left, without a division.
        assert_eq!(set_timer(&mut deadlines, CAME, most), TICKS);
        assert!(!deadlines.are_before_timer());
        assert_eq!(set_timer(&mut deadlines, CAME + TICK - 1, most), TICKS);
        assert_eq!(set_timer(&mut deadlines, CAME + TICK, most), TICKS - 1);
        assert_eq!(set_timer(&mut deadlines, CAME + 4 * TICK, most), TICKS - 4);
        assert_eq!(set_timer(&mut deadlines, CAME, 3), 3);
        deadlines.pass_flush();
        deadlines.restart_idle(AFTER + 1, 0, CAME + AFTER + 1);
        assert_eq!(set_timer(&mut deadlines, CAME, most), most);
        assert!(!deadlines.are_before_timer(), "it has passed");
    }
}

#[test]
fn the_timer_looks_at_the_earlier_of_the_two() {
    let most = 1 << 20;
    for (flush, idle) in [(TICKS, 3 * TICKS), (3 * TICKS, TICKS)] {
        let mut deadlines = new(flush, idle);
        deadlines.start(CAME);
        assert_eq!(set_timer(&mut deadlines, CAME, most), TICKS);
        assert!(!deadlines.are_before_timer());
        // Once that has passed, at the other.
        let now = CAME + AFTER + 1;
        deadlines.check_flush(now);
        if deadlines.may_be_idle(now) {
            deadlines.restart_idle(now - CAME, 0, now);
        }
        assert!(deadlines.has_flushed() != deadlines.is_idle());
        assert_eq!(set_timer(&mut deadlines, now, most), 2 * TICKS - 1);
    }
}

#[test]
fn a_deadline_far_ahead_is_looked_at_when_it_is_near() {
    let most = 1 << 20;
    let mut deadlines = new(TICKS, 0);
    // Nothing is pending.
    assert_eq!(set_timer(&mut deadlines, CAME, most), most);
    // The timer expires when the deadline passes, so it is not too late.
    deadlines.start(CAME + QUARTER_WRAP - AFTER);
    assert!(!deadlines.are_before_timer());
    deadlines.start(CAME + QUARTER_WRAP - AFTER - 1);
    assert!(deadlines.are_before_timer());
}

#[test]
fn a_look_at_the_next_tick_is_before_any_deadline() {
    let mut deadlines = started();
    assert!(!deadlines.expires_soon());
    deadlines.expire_soon();
    assert!(deadlines.expires_soon());
    assert!(!deadlines.are_before_timer());
    set_timer(&mut deadlines, CAME, 1 << 20);
    assert!(!deadlines.expires_soon());
}
