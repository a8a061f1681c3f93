//! Tests of `channel::deadline`, in src/channel/deadline.rs.

use crate::channel::deadline::Deadline;
use crate::clock::{QUARTER_WRAP, Source};
use crate::sys::clock;

const TICKS: u64 = 10;
const AFTER: u64 = clock::cycles_of_ticks(TICKS);
const TICK: u64 = clock::cycles_of_ticks(1);
/// When the oldest record arrived.
const CAME: u64 = 1_000_000;

fn new(ticks: u64) -> Deadline {
    Deadline::new(ticks, Source::CYCLE_COUNTER)
}

fn started() -> Deadline {
    let mut deadline = new(TICKS);
    deadline.start(CAME);
    deadline
}

/// Whether a check at `now` finds that the deadline has passed.
fn passes(mut deadline: Deadline, now: u64) -> bool {
    deadline.check(now);
    deadline.has_passed()
}

#[test]
fn it_is_off_for_no_ticks_only() {
    assert!(new(0).is_off());
    assert!(!new(1).is_off());
}

#[test]
fn it_passes_once_its_last_cycle_is_over() {
    assert!(!passes(started(), CAME + AFTER));
    assert!(passes(started(), CAME + AFTER + 1));
}

#[test]
fn while_nothing_is_pending_it_never_passes() {
    let mut deadline = started();
    deadline.clear();
    assert!(!passes(deadline, u64::MAX));
    assert!(!passes(new(TICKS), u64::MAX));
}

#[test]
fn of_a_record_that_waited_already_the_rest_is_left() {
    let mut deadline = started();
    let now = CAME + 5 * AFTER;
    deadline.restart(AFTER - 1, 3, now);
    assert!(!deadline.has_passed());
    assert!(!passes(deadline, now + 1));
    assert!(passes(deadline, now + 2));
    deadline.restart(AFTER, 3, now);
    assert!(!deadline.has_passed());
    deadline.restart(AFTER + 1, 3, now);
    assert!(deadline.has_passed());
}

/// A debounced record arrives after its time: its age counts from its arrival.
#[test]
fn the_longest_lag_is_given_to_every_record() {
    let mut deadline = started();
    deadline.note_lag(3, 500);
    deadline.note_lag(3, 700);
    deadline.note_lag(3, 600);
    let now = CAME + 5 * AFTER;
    deadline.restart(AFTER + 700, 3, now);
    assert!(!deadline.has_passed());
    deadline.restart(AFTER + 701, 3, now);
    assert!(deadline.has_passed());
    // Records of other lines arrive at their time.
    deadline.restart(AFTER, 4, now);
    assert!(!deadline.has_passed());
    deadline.restart(AFTER + 1, 4, now);
    assert!(deadline.has_passed());
    // A record that is younger than the lag counts as new.
    deadline.restart(10, 3, now);
    assert!(!passes(deadline, now + AFTER));
    // Without pending records there is no lag.
    deadline.clear();
    deadline.restart(AFTER + 1, 3, now);
    assert!(deadline.has_passed());
}

#[test]
fn the_timer_looks_when_it_passes_or_at_the_latest_after_a_quarter_wrap() {
    let most = 1 << 20;
    let mut deadline = started();
    assert!(deadline.is_before_timer(), "the timer is not set");
    // The deadline has just begun: all of its ticks are left, without a division.
    assert_eq!(deadline.set_timer(CAME, most, Source::CYCLE_COUNTER), TICKS);
    assert!(!deadline.is_before_timer());
    assert_eq!(
        deadline.set_timer(CAME + TICK - 1, most, Source::CYCLE_COUNTER),
        TICKS
    );
    assert_eq!(
        deadline.set_timer(CAME + TICK, most, Source::CYCLE_COUNTER),
        TICKS - 1
    );
    assert_eq!(
        deadline.set_timer(CAME + 4 * TICK, most, Source::CYCLE_COUNTER),
        TICKS - 4
    );
    assert_eq!(deadline.set_timer(CAME, 3, Source::CYCLE_COUNTER), 3);
    deadline.pass();
    assert_eq!(deadline.set_timer(CAME, most, Source::CYCLE_COUNTER), most);
    assert!(!deadline.is_before_timer(), "it has passed");
}

#[test]
fn a_deadline_far_ahead_is_looked_at_when_it_is_near() {
    let most = 1 << 20;
    let mut deadline = new(TICKS);
    // Nothing is pending.
    assert_eq!(deadline.set_timer(CAME, most, Source::CYCLE_COUNTER), most);
    // The timer expires when the deadline passes, so it is not too late.
    deadline.start(CAME + QUARTER_WRAP - AFTER);
    assert!(!deadline.is_before_timer());
    deadline.start(CAME + QUARTER_WRAP - AFTER - 1);
    assert!(deadline.is_before_timer());
}

#[test]
fn a_look_at_the_next_tick_is_before_any_deadline() {
    let mut deadline = started();
    assert!(!deadline.expires_soon());
    deadline.expire_soon();
    assert!(deadline.expires_soon());
    assert!(!deadline.is_before_timer());
    deadline.set_timer(CAME, 1 << 20, Source::CYCLE_COUNTER);
    assert!(!deadline.expires_soon());
}
