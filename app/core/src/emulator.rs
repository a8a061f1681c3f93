//! Zephyr's emulated GPIO controller, driven from outside.

use core::ffi::c_int;

use edgepipe::Line;
use zephyr::raw;

unsafe extern "C" {
    /// Declared in Zephyr's `drivers/gpio/gpio_emul.h`, which `zephyr::raw` does not include.
    fn gpio_emul_input_set_masked(port: *const raw::device, pins: u32, values: u32) -> c_int;
    fn gpio_emul_output_get_masked(port: *const raw::device, pins: u32, values: *mut u32) -> c_int;
}

/// An input pin of an emulated GPIO controller (`zephyr,gpio-emul`).
#[derive(Clone, Copy, Debug)]
pub struct EmulatedPin {
    port: &'static raw::device,
    pin: u8,
}

// SAFETY: a device is a constant; its driver locks what it changes.
unsafe impl Send for EmulatedPin {}
// SAFETY: as above.
unsafe impl Sync for EmulatedPin {}

impl EmulatedPin {
    /// Pin `pin` of `port`.
    ///
    /// # Safety
    ///
    /// `port` is an emulated GPIO controller.
    pub const unsafe fn new(port: &'static raw::device, pin: u8) -> Self {
        Self { port, pin }
    }

    /// The pin as a line to capture, active high.
    pub const fn line(&self) -> Line {
        self.line_with_flags(0)
    }

    /// The pin as a line to capture, with devicetree flags.
    pub const fn line_with_flags(&self, dt_flags: u16) -> Line {
        Line::new(self.port, self.pin, dt_flags)
    }

    /// Another pin of the same controller.
    pub const fn sibling(&self, pin: u8) -> Self {
        Self {
            port: self.port,
            pin,
        }
    }

    /// Makes the pin an input, with an initial level.
    ///
    /// Call it before the line is captured, so that this level is no edge. Returns whether the
    /// controller has such a pin.
    ///
    /// # Context
    ///
    /// Thread.
    pub fn prepare(&self, high: bool) -> bool {
        // SAFETY: the port is a static device, and a GPIO controller by the duty of `new`.
        let code = unsafe { raw::gpio_pin_configure(self.port, self.pin, raw::ZR_GPIO_INPUT) };
        code == 0 && self.set(high)
    }

    /// Whether the pin is an output that the firmware drives high; `false` for an input.
    ///
    /// # Context
    ///
    /// ISR or thread.
    pub fn is_driven_high(&self) -> bool {
        let mut levels = 0;
        let mask = 1 << (self.pin & 31);
        // SAFETY: as in `set`; `levels` outlives the call.
        let code = unsafe { gpio_emul_output_get_masked(self.port, mask, &raw mut levels) };
        code == 0 && levels & mask != 0
    }

    /// Sets the level; the callbacks for an edge run before this returns.
    ///
    /// # Context
    ///
    /// ISR or thread; the callbacks run in the same context.
    pub fn set(&self, high: bool) -> bool {
        let mask = 1 << (self.pin & 31);
        // SAFETY: the port is a static device, and an emulated controller by the duty of `new`.
        0 == unsafe { gpio_emul_input_set_masked(self.port, mask, if high { mask } else { 0 }) }
    }
}
