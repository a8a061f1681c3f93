//! GPIO ports, and the emulator's way to drive their lines.

#![expect(non_camel_case_types, reason = "the names are the C headers' own")]

use core::ffi::{c_int, c_void};
use core::ptr;
use std::rc::Rc;

use super::constants::EINVAL;
use crate::coroutine::in_c_frame;
use crate::kernel::{call, err, gpio, uninitialised};

/// A device: here always a GPIO port.
#[derive(Debug)]
#[repr(C)]
pub struct device {
    /// Its configuration; none.
    pub config: *const c_void,
    /// The API of its class; none.
    pub api: *const c_void,
    index: usize,
}

// SAFETY: nothing is behind its pointers.
unsafe impl Sync for device {}

impl device {
    const fn new(index: usize) -> Self {
        Self {
            config: ptr::null(),
            api: ptr::null(),
            index,
        }
    }
}

/// Ports a kernel can have.
pub(crate) const PORTS_MAX: usize = 4;

/// The ports of the running kernel, which has their state.
static PORTS: [device; PORTS_MAX] = [
    device::new(0),
    device::new(1),
    device::new(2),
    device::new(3),
];

/// The port of this index.
pub(crate) const fn port(index: usize) -> &'static device {
    &PORTS[index]
}

/// A set of pins of a port, a bit each.
pub type gpio_port_pins_t = u32;
/// The levels of a set of pins.
pub type gpio_port_value_t = u32;
/// A pin's number.
pub type gpio_pin_t = u8;
/// Flags a devicetree can give a pin.
pub type gpio_dt_flags_t = u16;
/// All flags of a pin.
pub type gpio_flags_t = u32;

/// A pin as the devicetree specifies it.
#[derive(Debug)]
#[repr(C)]
pub struct gpio_dt_spec {
    /// Its port.
    pub port: *const device,
    /// Its number.
    pub pin: gpio_pin_t,
    /// Its flags.
    pub dt_flags: gpio_dt_flags_t,
}

/// A link of a kernel list. The simulator keeps the list elsewhere.
#[derive(Debug)]
#[repr(C)]
pub struct sys_snode_t {
    /// The next link.
    pub next: *mut sys_snode_t,
}

impl Default for sys_snode_t {
    fn default() -> Self {
        sys_snode_t {
            next: ptr::null_mut(),
        }
    }
}

/// A callback's function: the port, the callback, and those of its pins that fired.
pub type gpio_callback_handler_t = Option<
    unsafe extern "C" fn(port: *const device, cb: *mut gpio_callback, pins: gpio_port_pins_t),
>;

/// A function to call when pins interrupt.
#[derive(Debug, Default)]
#[repr(C)]
pub struct gpio_callback {
    /// Used by the kernel.
    pub node: sys_snode_t,
    /// The function.
    pub handler: gpio_callback_handler_t,
    /// The pins.
    pub pin_mask: gpio_port_pins_t,
}

/// The port's index; ends the run if the running kernel has no such port.
unsafe fn index(port: *const device) -> usize {
    // SAFETY: the caller passes null or a pointer to a device, of which there are only `PORTS`.
    match unsafe { port.as_ref() } {
        Some(port) if gpio::exists(port.index) => port.index,
        _ => uninitialised("device"),
    }
}

/// Whether the running kernel has this port.
pub unsafe extern "C-unwind" fn device_is_ready(dev: *const device) -> bool {
    call("device_is_ready", false, || {
        // SAFETY: the caller passes null or a pointer to a device.
        unsafe { dev.as_ref() }.is_some_and(|port| gpio::exists(port.index))
    })
}

/// Whether the running kernel has this pin's port.
pub unsafe extern "C-unwind" fn gpio_is_ready_dt(spec: *const gpio_dt_spec) -> bool {
    // SAFETY: the caller passes a pointer to a valid spec.
    unsafe { device_is_ready((*spec).port) }
}

/// Configures a pin. Fires its callbacks, as the emulator's driver does.
pub unsafe extern "C-unwind" fn gpio_pin_configure(
    port: *const device,
    pin: gpio_pin_t,
    flags: gpio_flags_t,
) -> c_int {
    call("gpio_pin_configure", 0, || {
        // SAFETY: as for this function.
        gpio::configure(unsafe { index(port) }, pin, flags)
    })
}

/// Like [`gpio_pin_configure`], with the flags of the devicetree added.
pub unsafe extern "C-unwind" fn gpio_pin_configure_dt(
    spec: *const gpio_dt_spec,
    extra_flags: gpio_flags_t,
) -> c_int {
    // SAFETY: the caller passes a pointer to a valid spec.
    unsafe {
        let spec = &*spec;
        gpio_pin_configure(
            spec.port,
            spec.pin,
            gpio_flags_t::from(spec.dt_flags) | extra_flags,
        )
    }
}

/// Chooses the edges a pin interrupts on, or none. ISR or thread.
pub unsafe extern "C-unwind" fn gpio_pin_interrupt_configure(
    port: *const device,
    pin: gpio_pin_t,
    flags: gpio_flags_t,
) -> c_int {
    call("gpio_pin_interrupt_configure", 0, || {
        // SAFETY: as for this function.
        gpio::configure_interrupt(unsafe { index(port) }, pin, flags)
    })
}

/// Like [`gpio_pin_interrupt_configure`].
pub unsafe extern "C-unwind" fn gpio_pin_interrupt_configure_dt(
    spec: *const gpio_dt_spec,
    flags: gpio_flags_t,
) -> c_int {
    // SAFETY: the caller passes a pointer to a valid spec.
    unsafe { gpio_pin_interrupt_configure((*spec).port, (*spec).pin, flags) }
}

/// Fills a callback in.
pub unsafe extern "C-unwind" fn gpio_init_callback(
    callback: *mut gpio_callback,
    handler: gpio_callback_handler_t,
    pin_mask: gpio_port_pins_t,
) {
    // SAFETY: the caller passes a pointer to a callback that is valid and not registered.
    unsafe {
        (*callback).handler = handler;
        (*callback).pin_mask = pin_mask;
    }
}

/// Registers a callback; it runs before those that are registered already. ISR or thread.
pub unsafe extern "C-unwind" fn gpio_add_callback(
    port: *const device,
    callback: *mut gpio_callback,
) -> c_int {
    let fire = move |fired: u32| {
        // SAFETY: the caller keeps a registered callback in place and valid, and the kernel does
        // not use it once it is removed.
        let gpio_callback {
            handler, pin_mask, ..
        } = unsafe { ptr::read(callback) };
        let pins = fired & pin_mask;
        if let Some(handler) = handler.filter(|_| pins != 0) {
            // SAFETY: the caller vouched for the function when it registered the callback.
            in_c_frame(|| unsafe { handler(port, callback, pins) });
        }
    };
    call("gpio_add_callback", 0, || {
        // SAFETY: as for this function.
        gpio::add_callback(unsafe { index(port) }, callback.addr(), Rc::new(fire))
    })
}

/// Removes a callback; `-EINVAL` if it is not registered. ISR or thread.
pub unsafe extern "C-unwind" fn gpio_remove_callback(
    port: *const device,
    callback: *mut gpio_callback,
) -> c_int {
    call("gpio_remove_callback", 0, || {
        // SAFETY: as for this function.
        gpio::remove_callback(unsafe { index(port) }, callback.addr())
    })
}

/// The physical levels of a port's inputs. ISR or thread.
pub unsafe extern "C-unwind" fn gpio_port_get_raw(
    port: *const device,
    value: *mut gpio_port_value_t,
) -> c_int {
    call("gpio_port_get_raw", 0, || {
        // SAFETY: as for this function.
        match gpio::levels(unsafe { index(port) }) {
            Ok(_) if value.is_null() => err(EINVAL),
            Ok(levels) => {
                // SAFETY: the caller passes null or a pointer to writable memory.
                unsafe { *value = levels };
                0
            }
            Err(code) => code,
        }
    })
}

/// The physical level of a pin: 0, 1 or a negative errno. ISR or thread.
pub unsafe extern "C-unwind" fn gpio_pin_get_raw(port: *const device, pin: gpio_pin_t) -> c_int {
    let mut levels = 0;
    // SAFETY: as for this function.
    match unsafe { gpio_port_get_raw(port, &mut levels) } {
        0 => c_int::from(levels.checked_shr(pin.into()).unwrap_or(0) & 1 != 0),
        code => code,
    }
}

/// Drives input lines from outside: `drivers/gpio/gpio_emul.h`.
///
/// Runs the callbacks of the lines that interrupt, in the caller's context. `-EINVAL` if any of
/// `pins` is not an input. Zephyr's bindings lack it, so callers declare it themselves. So it is a
/// plain C symbol, and counts as a C frame.
#[unsafe(no_mangle)]
unsafe extern "C" fn gpio_emul_input_set_masked(
    port: *const device,
    pins: gpio_port_pins_t,
    values: gpio_port_value_t,
) -> c_int {
    in_c_frame(|| {
        call("gpio_emul_input_set_masked", 0, || {
            // SAFETY: as for this function.
            gpio::drive(unsafe { index(port) }, pins, values)
        })
    })
}

/// The levels that output lines drive, others low: `drivers/gpio/gpio_emul.h`. As for
/// [`gpio_emul_input_set_masked`], callers declare it themselves.
#[unsafe(no_mangle)]
unsafe extern "C" fn gpio_emul_output_get_masked(
    port: *const device,
    pins: gpio_port_pins_t,
    values: *mut gpio_port_value_t,
) -> c_int {
    in_c_frame(|| {
        call("gpio_emul_output_get_masked", 0, || {
            // SAFETY: as for this function; `values` can be written.
            unsafe { *values = gpio::output_levels(index(port)) & pins };
            0
        })
    })
}
