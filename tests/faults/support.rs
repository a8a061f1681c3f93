//! What the tests of faults have in common.

use core::ffi::c_int;

use edgepipe::{Reader, Readiness, Wake};
use edgepipe_app::EmulatedPin;
use embedded_io::Read;
use zephyr::time::{Duration, Forever, sleep};
use zephyr::{raw::device, sim};

unsafe extern "C" {
    fn gpio_emul_input_set_masked(port: *const device, pins: u32, levels: u32) -> c_int;
}

/// A pin of port 0.
pub(crate) fn pin(pin: u8) -> EmulatedPin {
    // SAFETY: the simulated kernel's ports are emulated controllers.
    unsafe { EmulatedPin::new(sim::gpio(0), pin) }
}

/// The same, made an input that is low.
pub(crate) fn low_pin(number: u8) -> EmulatedPin {
    let pin = pin(number);
    assert!(pin.prepare(false));
    pin
}

/// Sets the level of a pin in an interrupt.
pub(crate) fn interrupt(pin: EmulatedPin, high: bool) {
    assert!(sim::call_in_isr(|| pin.set(high)));
}

/// Sets the levels of several pins of port 0 at once, in one interrupt.
pub(crate) fn interrupt_together(pins: u32, high: bool) {
    let levels = if high { pins } else { 0 };
    // SAFETY: the simulated kernel's ports are emulated controllers.
    let set = || unsafe { gpio_emul_input_set_masked(sim::gpio(0), pins, levels) };
    assert_eq!(sim::call_in_isr(set), 0);
}

pub(crate) fn sleep_ticks(count: u64) {
    sleep(Duration::from_ticks(count));
}

/// Lets another thread make a pulse, which is two edges, after a while.
fn pulse_later(pin: EmulatedPin) -> sim::Thread {
    sim::spawn("later", 1, move || {
        for high in [true, false] {
            sleep_ticks(10);
            interrupt(pin, high);
        }
    })
}

/// Reads everything that is pending; returns the number of bytes.
pub(crate) fn drain<T>(reader: &mut Reader<T>) -> usize {
    let mut length = 0;
    while let Ok(more @ 1..) = reader.try_read(&mut [0; 64]) {
        length += more;
    }
    length
}

/// Checks a capture of both edges of `pin` after a fault: the ledger balances, and later edges wake a
/// blocked read, and a wait for two records.
pub(crate) fn check_recovered<T>(reader: &mut Reader<T>, pin: EmulatedPin) {
    assert!(reader.ledger().balances(), "{:?}", reader.ledger());
    interrupt(pin, false);
    drain(reader);

    let later = pulse_later(pin);
    assert!(reader.read(&mut [0; 8]).expect("an open capture") > 0);
    later.join();
    drain(reader);

    reader
        .set_readiness(Readiness::Records(2))
        .expect("two records fit");
    let later = pulse_later(pin);
    let woken = reader.wait_ready(Forever);
    let reasons = [Wake::Threshold, Wake::Full, Wake::Deadline].map(Ok);
    assert!(reasons.contains(&woken), "{woken:?}");
    later.join();
    drain(reader);
    let ledger = reader.ledger();
    assert!(ledger.balances() && ledger.pending == 0, "{ledger:?}");
}
