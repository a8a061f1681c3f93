//! Emulated GPIO.

mod common;

use std::cell::Cell;
use std::rc::Rc;

use common::*;
use zephyr::raw::*;
use zephyr::sim::GpioCall;

/// A log of what a callback on `pins` is told.
fn listen(pins: u32) -> Log {
    let log = Log::default();
    let heard = log.clone();
    let callback = Callback::new(pins, move |pins| heard.add(format!("{pins:x}")));
    assert_eq!(callback.add(), 0);
    log
}

#[test]
fn callbacks_fire_on_the_edges_that_were_asked_for() {
    sim::run(|| {
        for (flags, expected) in [(RISING, "2 2"), (FALLING, "2 2"), (BOTH, "2 2 2 2")] {
            let pin = Pin(1);
            assert_eq!(pin.configure(0), 0);
            assert_eq!(pin.interrupt(flags), 0);
            let log = listen(!0);
            for level in [true, true, false, false, true, false] {
                assert_eq!(pin.drive(level), 0);
            }
            assert_eq!(log.text(), expected);
            assert_eq!(pin.interrupt(ZR_GPIO_INT_DISABLE), 0);
            pin.drive(true);
            pin.drive(false);
            assert_eq!(log.text(), expected, "a disabled interrupt is silent");
        }
    });
}

#[test]
fn one_change_of_many_pins_is_one_callback() {
    sim::run(|| {
        for pin in 0..4 {
            Pin(pin).configure(0);
            Pin(pin).interrupt(if pin < 3 { BOTH } else { FALLING });
        }
        let (all, some) = (listen(!0), listen(0b100));
        drive(0b1111, 0b1101);
        assert_eq!((all.text(), some.text()), ("5".into(), "4".into()));
        let mut levels = 0;
        // SAFETY: the port is static and the value ours.
        assert_eq!(unsafe { gpio_port_get_raw(sim::gpio(0), &mut levels) }, 0);
        assert_eq!(levels, 0b1101);
        assert_eq!([0, 1, 2, 40].map(|pin| Pin(pin).level()), [1, 0, 1, 0]);
    });
}

#[test]
fn callbacks_run_in_the_context_of_the_driver() {
    sim::run(|| {
        let pin = Pin(0);
        pin.configure(0);
        pin.interrupt(BOTH);
        let log = Log::default();
        let heard = log.clone();
        Callback::new(1, move |_| heard.add(in_isr())).add();
        pin.drive(true);
        Timer::new(move || assert_eq!(pin.drive(false), 0)).start(ticks(3), NO_WAIT);
        sleep(ticks(9));
        assert_eq!(log.text(), "false true");
    });
}

#[test]
fn configuring_a_pin_fires_its_callbacks_and_forgets_its_interrupt() {
    sim::run(|| {
        let log = listen(!0);
        assert_eq!(Pin(2).configure(0), 0);
        assert_eq!(log.text(), "4");
        Pin(2).interrupt(BOTH);
        Pin(2).configure(GPIO_PULL_UP);
        assert_eq!(log.text(), "4 4");
        Pin(2).drive(false);
        assert_eq!(log.text(), "4 4", "the trigger went with the old flags");
    });
}

#[test]
fn pulls_set_the_level() {
    sim::run(|| {
        Pin(0).configure(GPIO_PULL_UP);
        assert_eq!(Pin(0).level(), 1);
        Pin(0).configure(0);
        assert_eq!(Pin(0).level(), 1);
        Pin(0).configure(GPIO_PULL_DOWN);
        assert_eq!(Pin(0).level(), 0);
    });
}

#[test]
fn only_inputs_can_be_driven() {
    sim::run(|| {
        Pin(0).configure(0);
        assert_eq!(drive(0b01, 0b01), 0);
        assert_eq!(drive(0b11, 0b10), err(EINVAL));
        assert_eq!(Pin(0).level(), 1, "a refused call changes nothing");
        assert_eq!(drive(0, 0), 0);
        assert_eq!(Pin(32).configure(0), err(EINVAL));
        assert_eq!(Pin(32).interrupt(BOTH), err(EINVAL));
    });
}

#[test]
fn logical_levels_follow_the_active_low_flag() {
    sim::run(|| {
        let pin = Pin(0);
        pin.configure(GPIO_ACTIVE_LOW);
        pin.drive(true);
        pin.interrupt(RISING | ZR_GPIO_INT_LEVELS_LOGICAL);
        let log = listen(1);
        pin.drive(false);
        pin.drive(true);
        assert_eq!(log.text(), "1", "to active, which is low");
        pin.interrupt(RISING);
        pin.drive(false);
        pin.drive(true);
        assert_eq!(log.text(), "1 1", "physical triggers are not inverted");
    });
}

#[test]
fn what_is_not_modelled_is_refused() {
    sim::run(|| {
        Pin(0).configure(0);
        assert_eq!(Pin(0).interrupt(ZR_GPIO_INT_LEVEL_HIGH), err(ENOTSUP));
        assert_eq!(
            Pin(0).interrupt(ZR_GPIO_INT_ENABLE | ZR_GPIO_INT_EDGE),
            err(EINVAL)
        );
        assert_eq!(Pin(0).interrupt(0), err(EINVAL));
        assert_eq!(Pin(0).interrupt(BOTH | GPIO_INT_WAKEUP), err(EINVAL));
        assert_eq!(Pin(0).configure(ZR_GPIO_OUTPUT), err(ENOTSUP));
        assert_eq!(Pin(0).configure(GPIO_OPEN_DRAIN), err(ENOTSUP));
        assert_eq!(Pin(32).configure(GPIO_OPEN_DRAIN), err(ENOTSUP));
    });
}

#[test]
fn a_refused_configuration_inverts_the_pin_all_the_same() {
    sim::run(|| {
        Pin(0).configure(0);
        assert_eq!(
            Pin(0).configure(GPIO_OPEN_DRAIN | GPIO_ACTIVE_LOW),
            err(ENOTSUP)
        );
        Pin(0).interrupt(RISING | ZR_GPIO_INT_LEVELS_LOGICAL);
        let log = listen(1);
        Pin(0).drive(true);
        assert_eq!(log.text(), "", "physically to high, logically to low");
        Pin(0).drive(false);
        assert_eq!(log.text(), "1");
    });
}

#[test]
fn the_callback_added_last_runs_first() {
    let log = Log::default();
    let seen = log.clone();
    sim::run(move || {
        Pin(0).configure(0);
        Pin(0).interrupt(BOTH);
        let callbacks = ["a", "b", "c"].map(|name| {
            let log = log.clone();
            Callback::new(1, move |_| log.add(name))
        });
        for callback in callbacks {
            assert_eq!(callback.add(), 0);
        }
        Pin(0).drive(true);
        assert_eq!(
            callbacks[0].add(),
            0,
            "adding one again moves it to the front"
        );
        Pin(0).drive(false);
        assert_eq!(callbacks[1].remove(), 0);
        assert_eq!(callbacks[1].remove(), err(EINVAL));
        Pin(0).drive(true);
    });
    assert_eq!(seen.text(), "c b a a c b a c");
}

#[test]
fn callbacks_may_add_and_remove_callbacks() {
    let log = Log::default();
    let seen = log.clone();
    sim::run(move || {
        Pin(0).configure(0);
        Pin(0).interrupt(BOTH);
        let (old, new) = (log.clone(), log.clone());
        let old = Callback::new(1, move |_| old.add("old"));
        let new = Callback::new(1, move |_| new.add("new"));
        let own = Rc::new(Cell::new(None::<Callback>));
        let me = Rc::clone(&own);
        own.set(Some(Callback::new(1, move |_| {
            log.add("own");
            new.add();
            old.remove();
            me.get().expect("set by now").remove();
        })));
        old.add();
        own.get().expect("just set").add();
        Pin(0).drive(true);
        Pin(0).drive(false);
    });
    assert_eq!(
        seen.text(),
        "own new",
        "a new one waits for the next edge, a removed one is gone"
    );
}

#[test]
fn calls_can_be_made_to_fail_once() {
    sim::run(|| {
        sim::gpio_fail_next(GpioCall::Configure, EIO);
        assert_eq!(Pin(0).configure(0), err(EIO));
        assert_eq!(Pin(0).configure(0), 0);
        sim::gpio_fail_next(GpioCall::ConfigureInterrupt, ENOTSUP);
        assert_eq!(Pin(0).interrupt(BOTH), err(ENOTSUP));
        sim::gpio_fail_next(GpioCall::AddCallback, EBUSY);
        let callback = Callback::new(1, |_| {});
        assert_eq!(callback.add(), err(EBUSY));
        assert_eq!(callback.remove(), err(EINVAL), "it was not added");
        sim::gpio_fail_next(GpioCall::PortGet, EIO);
        assert_eq!(Pin(0).level(), err(EIO));
    });
}

#[test]
fn calls_can_be_made_to_fail_by_number() {
    sim::run(|| {
        sim::gpio_fail(1..3, EIO);
        assert_eq!(Pin(0).configure(0), 0);
        assert_eq!(Pin(0).interrupt(BOTH), err(EIO));
        assert_eq!(Pin(0).level(), err(EIO));
        assert_eq!(Pin(0).level(), 0);
        sim::gpio_fail(0..u64::MAX, ENOTSUP);
        assert_eq!(Pin(0).level(), err(ENOTSUP));
        assert!(
            Pin(0).drive(true) == 0,
            "that is not a call to the controller"
        );
        sim::gpio_fail(0..0, ENOTSUP);
        assert_eq!(Pin(0).level(), 1);
    });
}

#[test]
fn a_spurious_callback_changes_no_level() {
    sim::run(|| {
        Pin(0).configure(0);
        let log = listen(0b11);
        sim::gpio_spurious(0, 0b101);
        assert_eq!(log.text(), "1");
        assert_eq!(Pin(0).level(), 0);
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
        let spec = gpio_dt_spec {
            port: sim::gpio(0),
            pin: 3,
            dt_flags: GPIO_PULL_UP as u16,
        };
        // SAFETY: the spec names a static port.
        unsafe {
            assert!(gpio_is_ready_dt(&spec));
            assert_eq!(gpio_pin_configure_dt(&spec, ZR_GPIO_INPUT), 0);
            assert_eq!(gpio_pin_interrupt_configure_dt(&spec, BOTH), 0);
        }
        assert_eq!(Pin(3).level(), 1);
    })
    .unwrap();
}
