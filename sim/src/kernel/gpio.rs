//! Emulated GPIO, like `drivers/gpio/gpio_emul.c` behind `include/zephyr/drivers/gpio.h`.
//!
//! Callbacks run in the context that drives the line.

use core::ffi::c_int;
use core::ops::Range;
use std::rc::Rc;

use super::{err, with};
use crate::raw::{
    EINVAL, ENOTSUP, GPIO_ACTIVE_LOW, GPIO_INT_WAKEUP, GPIO_OPEN_DRAIN, GPIO_PULL_DOWN,
    GPIO_PULL_UP, ZR_GPIO_INPUT, ZR_GPIO_INT_DISABLE, ZR_GPIO_INT_EDGE, ZR_GPIO_INT_ENABLE,
    ZR_GPIO_INT_HIGH_1, ZR_GPIO_INT_LEVELS_LOGICAL, ZR_GPIO_INT_LOW_0, ZR_GPIO_OUTPUT,
    ZR_GPIO_OUTPUT_INIT_HIGH, ZR_GPIO_OUTPUT_INIT_LOGICAL, ZR_GPIO_OUTPUT_INIT_LOW,
};
use crate::sim::GpioCall;

/// Runs a C callback with the pins that fired, if it wants any of them.
pub(crate) type Callback = Rc<dyn Fn(u32)>;

/// A registered callback.
struct Entry {
    /// Grows with each registration, so that a walk over the list survives changes to it.
    serial: u64,
    address: usize,
    callback: Callback,
}

/// One port of 32 pins, a bit each.
#[derive(Default)]
pub(crate) struct Port {
    /// Pins configured as inputs.
    inputs: u32,
    /// Pins whose logical level is the inverse of the physical one.
    inverted: u32,
    /// Pins with an interrupt on the edge to high.
    rising: u32,
    /// Pins with an interrupt on the edge to low.
    falling: u32,
    /// Physical levels of inputs.
    levels: u32,
    /// Pins configured as outputs.
    outputs: u32,
    /// Their physical levels.
    driven: u32,
    /// In order of registration. Zephyr prepends, so the last one fires first.
    callbacks: Vec<Entry>,
    serial: u64,
}

impl Port {
    fn configure(&mut self, pin: u32, flags: u32) {
        set(&mut self.inputs, pin, flags & ZR_GPIO_INPUT != 0);
        set(&mut self.outputs, pin, flags & ZR_GPIO_OUTPUT != 0);
        if flags & (ZR_GPIO_OUTPUT_INIT_LOW | ZR_GPIO_OUTPUT_INIT_HIGH) != 0 {
            let logical = flags & ZR_GPIO_OUTPUT_INIT_HIGH != 0;
            let inverts = flags & ZR_GPIO_OUTPUT_INIT_LOGICAL != 0 && self.inverted & pin != 0;
            set(&mut self.driven, pin, logical != inverts);
        }
        // The driver keeps the interrupt's trigger in the flags that are overwritten here.
        set(&mut self.rising, pin, false);
        set(&mut self.falling, pin, false);
        if flags & (GPIO_PULL_UP | GPIO_PULL_DOWN) != 0 && flags & ZR_GPIO_INPUT != 0 {
            set(&mut self.levels, pin, flags & GPIO_PULL_UP != 0);
        }
    }

    fn configure_interrupt(&mut self, pin: u32, flags: u32) -> c_int {
        let mut triggers = flags & (ZR_GPIO_INT_LOW_0 | ZR_GPIO_INT_HIGH_1);
        if flags & ZR_GPIO_INT_LEVELS_LOGICAL != 0 && self.inverted & pin != 0 {
            triggers ^= ZR_GPIO_INT_LOW_0 | ZR_GPIO_INT_HIGH_1;
        }
        match flags & (ZR_GPIO_INT_DISABLE | ZR_GPIO_INT_ENABLE | ZR_GPIO_INT_EDGE) {
            ZR_GPIO_INT_DISABLE => triggers = 0,
            _ if triggers == 0 || flags & GPIO_INT_WAKEUP != 0 => return err(EINVAL),
            EDGE => {}
            // The emulated controller has no level interrupts.
            ZR_GPIO_INT_ENABLE => return err(ENOTSUP),
            _ => return err(EINVAL),
        }
        self.rising &= !pin;
        self.falling &= !pin;
        if triggers & ZR_GPIO_INT_HIGH_1 != 0 {
            self.rising |= pin;
        }
        if triggers & ZR_GPIO_INT_LOW_0 != 0 {
            self.falling |= pin;
        }
        0
    }

    /// Sets levels and returns the pins that interrupt.
    fn drive(&mut self, pins: u32, levels: u32) -> u32 {
        let before = self.levels;
        self.levels = before & !pins | levels & pins;
        (self.levels & !before & self.rising) | (before & !self.levels & self.falling)
    }

    fn remove(&mut self, address: usize) -> bool {
        let at = self
            .callbacks
            .iter()
            .position(|entry| entry.address == address);
        at.map(|at| self.callbacks.remove(at)).is_some()
    }

    /// The callback registered last before `serial`.
    fn before(&self, serial: u64) -> Option<(u64, Callback)> {
        let entry = self.callbacks.iter().rfind(|entry| entry.serial < serial)?;
        Some((entry.serial, Rc::clone(&entry.callback)))
    }
}

const BOTH: u32 = ZR_GPIO_INPUT | ZR_GPIO_OUTPUT;
const EDGE: u32 = ZR_GPIO_INT_ENABLE | ZR_GPIO_INT_EDGE;

/// Which calls fail, and with which errno.
#[derive(Debug, Default)]
pub(super) struct Failures {
    /// For each kind, the errno with which its next call fails.
    next: [Option<u32>; GpioCall::COUNT],
    /// The numbers of the calls, of any kind, that fail with `errno`.
    calls: Range<u64>,
    errno: u32,
    /// The number of the next call.
    number: u64,
}

impl Failures {
    /// The errno that a call returns, instead of doing anything.
    fn of(&mut self, call: GpioCall) -> Option<u32> {
        let number = self.number;
        self.number += 1;
        let numbered = self.calls.contains(&number).then_some(self.errno);
        self.next[call as usize].take().or(numbered)
    }
}

/// Makes the next call of this kind fail.
pub(crate) fn fail_next(call: GpioCall, errno: u32) {
    with(|k| k.gpio_failures.next[call as usize] = Some(errno));
}

/// Makes the calls with these numbers fail, of any kind, counted from now. It replaces the range
/// before.
pub(crate) fn fail(calls: Range<u64>, errno: u32) {
    with(|k| {
        let failures = &mut k.gpio_failures;
        (failures.calls, failures.errno, failures.number) = (calls, errno, 0);
    });
}

/// Calls `f` with a port, unless the call has to fail.
fn attempt(call: GpioCall, port: usize, f: impl FnOnce(&mut Port) -> c_int) -> c_int {
    with(|k| match k.gpio_failures.of(call) {
        Some(errno) => err(errno),
        None => f(&mut k.ports[port]),
    })
}

/// Puts `pin` in or out of a set of pins.
fn set(pins: &mut u32, pin: u32, on: bool) {
    *pins = if on { *pins | pin } else { *pins & !pin };
}

/// The bit of a pin, if a port has it.
fn bit(pin: u8) -> Option<u32> {
    1_u32.checked_shl(u32::from(pin))
}

/// Whether the port exists.
pub(crate) fn exists(port: usize) -> bool {
    with(|k| port < k.ports.len())
}

/// Configures a pin, and always fires its callbacks, as the driver does.
pub(crate) fn configure(port: usize, pin: u8, flags: u32) -> c_int {
    if let Some(pin) = bit(pin) {
        // `gpio.h` does this before it calls the driver, whatever that returns.
        let active_low = flags & GPIO_ACTIVE_LOW != 0;
        with(|k| set(&mut k.ports[port].inverted, pin, active_low));
    }
    let result = attempt(GpioCall::Configure, port, |port| match bit(pin) {
        _ if flags & GPIO_OPEN_DRAIN != 0 => err(ENOTSUP),
        None => err(EINVAL),
        // Zephyr's emulator has pins that are both; this one has not.
        Some(_) if flags & BOTH == BOTH => err(ENOTSUP),
        Some(pin) => {
            port.configure(pin, flags);
            0
        }
    });
    if let (0, Some(pin)) = (result, bit(pin)) {
        fire(port, pin);
    }
    result
}

/// Chooses the edges a pin interrupts on, or none.
pub(crate) fn configure_interrupt(port: usize, pin: u8, flags: u32) -> c_int {
    attempt(GpioCall::ConfigureInterrupt, port, |port| match bit(pin) {
        None => err(EINVAL),
        Some(pin) => port.configure_interrupt(pin, flags),
    })
}

/// Registers a callback at the head of the list. One that is registered already moves there.
pub(crate) fn add_callback(port: usize, address: usize, callback: Callback) -> c_int {
    attempt(GpioCall::AddCallback, port, |port| {
        port.remove(address);
        port.serial += 1;
        port.callbacks.push(Entry {
            serial: port.serial,
            address,
            callback,
        });
        0
    })
}

/// Removes a callback. If a walk over the list has not reached it, it does not run.
pub(crate) fn remove_callback(port: usize, address: usize) -> c_int {
    attempt(GpioCall::RemoveCallback, port, |port| {
        if port.remove(address) { 0 } else { err(EINVAL) }
    })
}

/// The physical levels of a port's inputs, or a negative errno.
pub(crate) fn levels(port: usize) -> Result<u32, c_int> {
    let mut levels = 0;
    match attempt(GpioCall::PortGet, port, |port| {
        levels = port.levels & port.inputs;
        0
    }) {
        0 => Ok(levels),
        code => Err(code),
    }
}

/// The physical levels of a port's outputs.
pub(crate) fn output_levels(port: usize) -> u32 {
    with(|k| k.ports[port].driven & k.ports[port].outputs)
}

/// Drives lines from outside, and runs the callbacks of those that interrupt.
pub(crate) fn drive(port: usize, pins: u32, levels: u32) -> c_int {
    let driven = with(|k| {
        let port = &mut k.ports[port];
        (pins & !port.inputs == 0).then(|| port.drive(pins, levels))
    });
    match driven {
        None => return err(EINVAL),
        Some(0) => {}
        Some(fired) => fire(port, fired),
    }
    0
}

/// Runs the callbacks of `pins`, the one registered last first.
pub(crate) fn fire(port: usize, pins: u32) {
    let mut serial = u64::MAX;
    while let Some((at, callback)) = with(|k| k.ports[port].before(serial)) {
        serial = at;
        callback(pins);
    }
}
