//! Tests of `clock::timeline`, in src/clock/timeline.rs.

use crate::clock::timeline::*;

#[test]
fn wraps_are_counted_at_any_frequency() {
    for hertz in [
        32_768,
        1_000_000,
        12_000_000,
        64_000_000,
        480_000_000,
        1_000_000_000,
    ] {
        for ticks_per_second in [100, 10_000, 32_768] {
            let mut clock = Timeline::stopped();
            let step = u64::from(quarter_wrap_ticks(hertz, ticks_per_second)) * u64::from(hertz)
                / u64::from(ticks_per_second);
            // Five wraps; the counter is read only when the timer does so.
            for count in 1..=20 {
                let now = step * count;
                assert_eq!(clock.advance(now as u32), now, "{hertz} Hz");
            }
        }
    }
}

#[test]
fn a_quarter_wrap_fits_into_a_time_out() {
    assert_eq!(quarter_wrap_ticks(1_000_000, 1_000_000), 1 << 30);
    assert_eq!(quarter_wrap_ticks(32_768, 10_000), 327_680_000);
    assert_eq!(quarter_wrap_ticks(32_768, 1_000_000), i32::MAX as u32);
}

#[test]
fn the_end_is_half_a_wrap_after_the_last_look() {
    let mut clock = Timeline { last: 7, wraps: 3 };
    assert_eq!(clock.end(), (3 << 32 | 7) + (1 << 31));
    // A count at the end, or later, is a step back.
    assert_eq!(clock.advance(7 + (1 << 31)), 3 << 32 | 7);
}

#[test]
fn a_counter_that_steps_back_has_not_wrapped() {
    for last in [1_000, (1 << 31) + 50, u32::MAX] {
        let mut clock = Timeline { last, wraps: 3 };
        let now = 3 << 32 | u64::from(last);
        assert_eq!(clock.advance(last - 115), now, "time stands still");
        assert_eq!(clock.advance(last.wrapping_add(5)), now + 5, "and goes on");
    }
    // A step back over a wrap that was counted.
    let mut clock = Timeline { last: 10, wraps: 3 };
    assert_eq!(clock.advance(u32::MAX - 100), 3 << 32 | 10);
    assert_eq!(clock.advance(11), 3 << 32 | 11);
}

#[test]
fn a_clock_started_late_knows_the_wraps_so_far() {
    for wraps in 0..5 {
        for last in [0, 1, 1 << 31, u32::MAX] {
            let now = wraps << 32 | u64::from(last);
            // The uptime is read a little later than the counter, and rounded down to a tick.
            for uptime in [now.saturating_sub(5_000), now, now + 300] {
                assert_eq!(Timeline::at(last, uptime).advance(last), now);
            }
        }
    }
}
