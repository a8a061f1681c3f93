//! Tests of `sys::clock`, in src/sys/clock.rs.

use zephyr::raw;

use crate::sys::clock::*;

#[test]
fn cycles_become_nanoseconds_at_any_frequency() {
    assert_eq!(cycles_to_ns(3, 1_000_000), 3_000);
    assert_eq!(cycles_to_ns(1, 32_768), 30_517);
    assert_eq!(cycles_to_ns(32_768, 32_768), 1_000_000_000);
    assert_eq!(cycles_to_ns(12, 12_000_000), 1_000);
    assert_eq!(cycles_to_ns(u64::MAX / 2, 1_000_000_000), u64::MAX / 2);
    // A century at 64 MHz keeps its last cycle.
    let century = 64_000_000 * 3_155_760_000;
    assert_eq!(
        cycles_to_ns(century + 64, 64_000_000),
        3_155_760_000_000_001_000
    );
}

#[test]
fn a_time_out_at_any_tick_can_be_encoded() {
    assert_eq!(absolute(0), -2);
    assert_eq!(absolute(5), -7);
    let last = raw::k_ticks_t::MAX as u64 - 1;
    for tick in [last, last + 1, last + 2, u64::MAX] {
        assert_eq!(absolute(tick), raw::k_ticks_t::MIN);
    }
}
