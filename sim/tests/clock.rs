//! Virtual time and the cycle counter.

mod common;

use common::*;
use zephyr::raw::k_timeout_t;
use zephyr::time::{Duration, Forever, Instant, NoWait, Timeout};

#[test]
fn time_stands_still_while_code_runs() {
    sim::run(|| {
        let sem = Sem::new(0, 9);
        for _ in 0..1000 {
            sem.give();
        }
        assert_eq!((now(), cycles()), (0, 0));
        sleep(ticks(999));
        assert_eq!((now(), cycles()), (1000, 1000));
        assert_eq!(zephyr::sys::uptime_get(), 1);
        assert_eq!(zephyr::time::now().ticks(), 1000);
    });
}

#[test]
fn the_cycle_counter_wraps_and_uptime_does_not() {
    let options = Options {
        cycles_start: u32::MAX - 9,
        ..Options::default()
    };
    sim::try_run(options, || {
        assert_eq!((now(), cycles()), (0, u32::MAX - 9));
        sleep(at(9));
        assert_eq!(cycles(), u32::MAX);
        sleep(at(10));
        assert_eq!((now(), cycles()), (10, 0));
        sleep(at((1 << 32) + 10));
        assert_eq!((now(), cycles()), ((1 << 32) + 10, 0));
    })
    .unwrap();
}

#[test]
fn time_outs_convert_as_on_zephyr() {
    let ticks = |timeout: Timeout| timeout.0.ticks;
    assert_eq!(ticks(Duration::from_ticks(5).into()), 5);
    assert_eq!(ticks(Duration::millis(5).into()), 5000);
    assert_eq!(ticks(Instant::from_ticks(5).into()), -7);
    assert_eq!(ticks(Forever.into()), -1);
    assert_eq!(ticks(NoWait.into()), 0);
    assert_eq!(
        Timeout(k_timeout_t { ticks: 3 }),
        Duration::from_ticks(3).into()
    );
}
