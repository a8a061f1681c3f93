//! Emulated GPIO, behind `gpio.h`.

use core::sync::atomic::{AtomicPtr, Ordering};

use zephyr::raw::{
    GPIO_ACTIVE_LOW, GPIO_INT_WAKEUP, GPIO_OPEN_DRAIN, GPIO_PULL_DOWN, GPIO_PULL_UP,
    ZR_GPIO_INT_DISABLE, ZR_GPIO_INT_EDGE, ZR_GPIO_INT_ENABLE, ZR_GPIO_INT_LEVELS_LOGICAL,
    device_is_ready, gpio_callback,
};

use super::log::Log;
use super::objects::{
    BOTH, Callback, FALLING, NO_WAIT, Pin, RISING, Timer, drive, in_isr, levels, sleep, ticks,
};
use super::platform::port;

/// A callback that logs the pins that it gets.
fn listen(log: Log, pins: u32) -> Callback {
    let callback = Callback::new(pins, move |pins| log.add(format_args!("{pins:x}")));
    callback.add();
    callback
}

/// An input, low, that interrupts.
fn prepare(pin: Pin, flags: u32) {
    pin.configure(0);
    pin.drive(false);
    pin.interrupt(flags);
}

pub(super) fn callbacks_fire_on_the_edges_that_were_asked_for(log: Log) {
    let pin = Pin(1);
    for flags in [RISING, FALLING, BOTH] {
        prepare(pin, flags);
        let callback = listen(log, !0);
        for level in [true, true, false, false, true, false] {
            log.add(if level { "high" } else { "low" });
            pin.drive(level);
        }
        log.code(pin.interrupt(ZR_GPIO_INT_DISABLE));
        pin.drive(true);
        pin.drive(false);
        callback.remove();
    }
}

pub(super) fn one_change_of_many_pins_is_one_callback(log: Log) {
    for pin in 0..4 {
        prepare(Pin(pin), if pin < 3 { BOTH } else { FALLING });
    }
    let callbacks = [listen(log, !0), listen(log, 0b100)];
    log.code(drive(0b1111, 0b1101));
    log.add(format_args!("{:x}", levels() & 0xf));
    for pin in [0, 1, 2] {
        log.code(Pin(pin).level());
    }
    for callback in callbacks {
        callback.remove();
    }
}

pub(super) fn callbacks_run_in_the_context_of_the_driver(log: Log) {
    let pin = Pin(0);
    prepare(pin, BOTH);
    let callback = Callback::new(1, move |_| {
        log.tick(if in_isr() { "isr" } else { "thread" })
    });
    callback.add();
    pin.drive(true);
    let timer = Timer::new(move || {
        pin.drive(false);
    });
    timer.start(ticks(3), NO_WAIT);
    sleep(ticks(9));
    callback.remove();
}

pub(super) fn configuring_a_pin_fires_its_callbacks_and_forgets_its_interrupt(log: Log) {
    let pin = Pin(2);
    let callback = listen(log, !0);
    log.code(pin.configure(0));
    pin.interrupt(BOTH);
    log.code(pin.configure(GPIO_PULL_UP));
    log.code(pin.drive(false));
    callback.remove();
}

pub(super) fn pulls_set_the_level(log: Log) {
    for flags in [GPIO_PULL_UP, 0, GPIO_PULL_DOWN] {
        Pin(0).configure(flags);
        log.code(Pin(0).level());
    }
}

pub(super) fn only_inputs_can_be_driven(log: Log) {
    Pin(0).configure(0);
    // Pin 20 is never an input.
    for (pins, values) in [(1, 1), (1 | 1 << 20, 1 << 20), (0, 0)] {
        log.code(drive(pins, values));
    }
    // A refused call changes nothing.
    log.code(Pin(0).level());
}

pub(super) fn logical_levels_follow_the_active_low_flag(log: Log) {
    let pin = Pin(0);
    pin.configure(GPIO_ACTIVE_LOW);
    pin.drive(true);
    pin.interrupt(RISING | ZR_GPIO_INT_LEVELS_LOGICAL);
    let callback = listen(log, 1);
    let pulse = || {
        for level in [false, true] {
            log.add(if level { "high" } else { "low" });
            pin.drive(level);
        }
    };
    pulse();
    // Physical triggers are not inverted.
    pin.interrupt(RISING);
    pulse();
    callback.remove();
}

pub(super) fn a_refused_configuration_inverts_the_pin_all_the_same(log: Log) {
    let pin = Pin(0);
    pin.configure(0);
    pin.drive(false);
    log.code(pin.configure(GPIO_OPEN_DRAIN | GPIO_ACTIVE_LOW));
    pin.interrupt(RISING | ZR_GPIO_INT_LEVELS_LOGICAL);
    let callback = listen(log, 1);
    for level in [true, false] {
        log.add(if level { "high" } else { "low" });
        pin.drive(level);
    }
    callback.remove();
}

pub(super) fn triggers_that_cannot_be_are_refused(log: Log) {
    Pin(0).configure(0);
    for flags in [
        ZR_GPIO_INT_ENABLE | ZR_GPIO_INT_EDGE,
        BOTH | GPIO_INT_WAKEUP,
        ZR_GPIO_INT_DISABLE,
        BOTH,
    ] {
        log.code(Pin(0).interrupt(flags));
    }
}

pub(super) fn the_callback_added_last_runs_first(log: Log) {
    prepare(Pin(0), BOTH);
    let callbacks = ["a", "b", "c"].map(|name| Callback::new(1, move |_| log.add(name)));
    for callback in callbacks {
        log.code(callback.add());
    }
    Pin(0).drive(true);
    // Adding one again moves it to the front.
    log.code(callbacks[0].add());
    Pin(0).drive(false);
    log.code(callbacks[1].remove());
    log.code(callbacks[1].remove());
    Pin(0).drive(true);
    for callback in callbacks {
        callback.remove();
    }
}

pub(super) fn a_callback_may_add_one_and_remove_itself(log: Log) {
    static OWN: AtomicPtr<gpio_callback> = AtomicPtr::new(core::ptr::null_mut());
    prepare(Pin(0), BOTH);
    let new = Callback::new(1, move |_| log.add("new"));
    let own = Callback::new(1, move |_| {
        log.add("own");
        new.add();
        Callback(OWN.load(Ordering::Relaxed)).remove();
    });
    OWN.store(own.0, Ordering::Relaxed);
    own.add();
    // The new one waits for the next edge.
    for level in [true, false] {
        log.add(if level { "high" } else { "low" });
        Pin(0).drive(level);
    }
    new.remove();
}

pub(super) fn a_pin_of_devicetree_is_configured_with_its_flags(log: Log) {
    let pin = Pin(3);
    log.add(pin.is_ready_dt());
    log.code(pin.configure_dt(GPIO_PULL_UP as u16));
    log.code(pin.level());
    log.code(pin.interrupt_dt(BOTH));
    let callback = listen(log, !0);
    pin.drive(false);
    callback.remove();
}

pub(super) fn a_port_is_ready_and_no_port_is_not(log: Log) {
    for port in [&raw const *port(), core::ptr::null()] {
        // SAFETY: a static device, or none.
        log.add(unsafe { device_is_ready(port) });
    }
}
