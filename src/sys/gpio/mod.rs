//! GPIO pins, ports and interrupt callbacks.

mod callback;
mod claim;
#[cfg(edgepipe_pm)]
mod power;

use core::mem::MaybeUninit;

use zephyr::raw;

pub(crate) use callback::{Callback, Handler};
pub(crate) use claim::Claim;

use crate::{Error, Trigger};

/// Pins that a port can have.
pub(crate) const PINS_MAX: usize = 32;

/// A GPIO controller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Port(*const raw::device);

// SAFETY: a `Port` is made from a `&'static device` only, and drivers lock their own data.
unsafe impl Send for Port {}
// SAFETY: as above.
unsafe impl Sync for Port {}

impl Port {
    const NONE: Self = Self(core::ptr::null());

    /// The physical level of every pin of the port, pin 0 in bit 0. ISR or thread; a controller that can interrupt is
    /// read without blocking.
    #[inline]
    pub(crate) fn read(self) -> Result<u32, Error> {
        let mut levels = MaybeUninit::uninit();
        // SAFETY: the port is a static device (see `Send` above); `levels` outlives the call.
        let code = unsafe { raw::gpio_port_get_raw(self.0, levels.as_mut_ptr()) };
        // SAFETY: a driver that returns no error has written the levels.
        Error::check(code).map(|_| unsafe { levels.assume_init() })
    }

    pub(crate) fn device(self) -> &'static raw::device {
        // SAFETY: it was made from one (see `Send` above).
        unsafe { &*self.0 }
    }

    /// Lets a pin interrupt at the edges of `trigger`. Thread only.
    pub(crate) fn enable_interrupt(self, pin: u8, trigger: Trigger) -> Result<(), Error> {
        #[cfg(edgepipe_pm)]
        self.check_awake()?;
        let edge = raw::ZR_GPIO_INT_ENABLE | raw::ZR_GPIO_INT_EDGE;
        // With `LEVELS_LOGICAL` the driver swaps high and low for a pin that `configure_input` made active-low.
        let flags = match trigger {
            Trigger::Both => edge | raw::ZR_GPIO_INT_LOW_0 | raw::ZR_GPIO_INT_HIGH_1,
            Trigger::Rising => edge | raw::ZR_GPIO_INT_LEVELS_LOGICAL | raw::ZR_GPIO_INT_HIGH_1,
            Trigger::Falling => edge | raw::ZR_GPIO_INT_LEVELS_LOGICAL | raw::ZR_GPIO_INT_LOW_0,
        };
        self.configure_interrupt(pin, flags)
    }

    /// Lets a pin interrupt no more. Thread only.
    pub(crate) fn disable_interrupt(self, pin: u8) -> Result<(), Error> {
        self.configure_interrupt(pin, raw::ZR_GPIO_INT_DISABLE)
    }

    fn configure_interrupt(self, pin: u8, flags: u32) -> Result<(), Error> {
        // SAFETY: the port is a static device, found ready by `Pin::configure_input`.
        Error::check(unsafe { raw::gpio_pin_interrupt_configure(self.0, pin, flags) }).map(drop)
    }
}

/// One pin of a port, with its devicetree flags.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Pin {
    pub(crate) port: Port,
    /// Its number in the port.
    pub(crate) number: u8,
    dt_flags: u16,
}

impl Pin {
    pub(crate) const fn new(port: &'static raw::device, number: u8, dt_flags: u16) -> Self {
        Self {
            port: Port(port),
            number,
            dt_flags,
        }
    }

    /// Whether both are the same pin, whatever its flags.
    pub(crate) fn is_same(self, other: Self) -> bool {
        self.port == other.port && self.number == other.number
    }

    /// The pin's bit in a port's word. The number must be below 32.
    pub(crate) const fn mask(self) -> u32 {
        1 << self.number
    }

    pub(crate) const fn is_active_low(self) -> bool {
        self.dt_flags & raw::GPIO_ACTIVE_LOW as u16 != 0
    }

    /// Makes the pin an input, as its devicetree flags say. Thread only. An open-drain line is one when it is an output;
    /// Zephyr does not allow that flag otherwise.
    pub(crate) fn configure_input(&self) -> Result<(), Error> {
        // SAFETY: the port is a static device; `device_is_ready` only reads it.
        if !unsafe { raw::device_is_ready(self.port.0) } {
            return Err(Error::NO_DEVICE);
        }
        #[cfg(edgepipe_pm)]
        self.port.check_can_wake()?;
        let of_outputs = raw::GPIO_SINGLE_ENDED | raw::GPIO_LINE_OPEN_DRAIN;
        let flags = u32::from(self.dt_flags) & !of_outputs | raw::ZR_GPIO_INPUT;
        // SAFETY: the port is a static, ready device.
        Error::check(unsafe { raw::gpio_pin_configure(self.port.0, self.number, flags) }).map(drop)
    }

    /// Makes the pin an output with this logical level. Thread only.
    pub(crate) fn configure_output(&self, high: bool) -> Result<(), Error> {
        let level = match high {
            true => raw::ZR_GPIO_OUTPUT_INIT_HIGH,
            false => raw::ZR_GPIO_OUTPUT_INIT_LOW,
        };
        let output = raw::ZR_GPIO_OUTPUT | raw::ZR_GPIO_OUTPUT_INIT_LOGICAL | level;
        let flags = u32::from(self.dt_flags) | output;
        // SAFETY: the port is a static device, found ready by `configure_input`.
        Error::check(unsafe { raw::gpio_pin_configure(self.port.0, self.number, flags) }).map(drop)
    }

    /// As [`Port::enable_interrupt`].
    pub(crate) fn enable_interrupt(&self, trigger: Trigger) -> Result<(), Error> {
        self.port.enable_interrupt(self.number, trigger)
    }
}
