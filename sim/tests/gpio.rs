//! Emulated GPIO, where it cannot be compared with Zephyr's: Zephyr asserts, or has more.

mod common;

use common::*;
use zephyr::raw::*;

#[test]
fn what_is_not_modelled_is_refused() {
    sim::run(|| {
        Pin(0).configure(0);
        assert_eq!(Pin(0).interrupt(ZR_GPIO_INT_LEVEL_HIGH), err(ENOTSUP));
        assert_eq!(Pin(0).configure(ZR_GPIO_OUTPUT), err(ENOTSUP));
    });
}

#[test]
fn a_pin_that_a_port_does_not_have_is_refused() {
    sim::run(|| {
        assert_eq!(Pin(32).configure(0), err(EINVAL));
        assert_eq!(Pin(32).configure(GPIO_OPEN_DRAIN), err(ENOTSUP));
        assert_eq!(Pin(32).interrupt(BOTH), err(EINVAL));
        assert_eq!(Pin(40).level(), 0);
    });
}

#[test]
fn ports_are_ready_if_the_kernel_has_them() {
    let options = Options {
        ports: 1,
        ..Options::default()
    };
    // SAFETY: ports are static, and null is allowed.
    let ready = |port| unsafe { device_is_ready(port) };
    sim::try_run(options, move || {
        assert!(ready(sim::gpio(0)) && !ready(sim::gpio(1)) && !ready(std::ptr::null()));
    })
    .unwrap();
}
