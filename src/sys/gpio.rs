//! GPIO pins, ports and interrupt callbacks.

use core::{
    cell::UnsafeCell,
    mem::{MaybeUninit, offset_of},
};

use zephyr::raw;

use crate::{ConfigError, Error, Trigger};

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
    /// The physical level of every pin of the port, pin 0 in bit 0.
    ///
    /// # Context
    ///
    /// ISR or thread; never blocks on a controller that can interrupt in the first place.
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

    fn configure_interrupt(self, pin: u8, flags: u32) -> Result<(), Error> {
        // SAFETY: the port is a static device, found ready by `Pin::configure_input`.
        Error::check(unsafe { raw::gpio_pin_interrupt_configure(self.0, pin, flags) }).map(drop)
    }
}

/// One pin of a port, with its devicetree flags.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Pin {
    port: Port,
    pin: u8,
    dt_flags: u16,
}

impl Pin {
    pub(crate) const fn new(port: &'static raw::device, pin: u8, dt_flags: u16) -> Self {
        Self {
            port: Port(port),
            pin,
            dt_flags,
        }
    }

    /// Refuses a number that no port has; `line` is the line's, for the error.
    pub(crate) const fn check(self, line: usize) -> Result<(), ConfigError> {
        if self.pin < 32 {
            Ok(())
        } else {
            Err(ConfigError::PinOutOfRange { line })
        }
    }

    /// Whether both are the same pin, whatever its flags.
    pub(crate) fn is_same(self, other: Self) -> bool {
        self.port == other.port && self.pin == other.pin
    }

    pub(crate) const fn port(self) -> Port {
        self.port
    }

    /// The pin's number in its port.
    pub(crate) const fn number(self) -> u8 {
        self.pin
    }

    /// The pin's bit in a port's word. The number must be below 32.
    pub(crate) const fn mask(self) -> u32 {
        1 << self.pin
    }

    pub(crate) const fn is_active_low(self) -> bool {
        self.dt_flags & raw::GPIO_ACTIVE_LOW as u16 != 0
    }

    /// Makes the pin an input, as its devicetree flags say.
    ///
    /// # Context
    ///
    /// Thread.
    pub(crate) fn configure_input(&self) -> Result<(), Error> {
        // SAFETY: the port is a static device; `device_is_ready` only reads it.
        if !unsafe { raw::device_is_ready(self.port.0) } {
            return Err(Error::NO_DEVICE);
        }
        let flags = u32::from(self.dt_flags) | raw::ZR_GPIO_INPUT;
        // SAFETY: the port is a static, ready device.
        Error::check(unsafe { raw::gpio_pin_configure(self.port.0, self.pin, flags) }).map(drop)
    }

    /// Lets the pin interrupt at the edges of `trigger`.
    ///
    /// # Context
    ///
    /// Thread.
    pub(crate) fn enable_interrupt(&self, trigger: Trigger) -> Result<(), Error> {
        let edge = raw::ZR_GPIO_INT_ENABLE | raw::ZR_GPIO_INT_EDGE;
        // The `LEVELS_LOGICAL` forms have the driver swap high and low for an active-low pin, which
        // it knows from `configure_input`.
        self.configure_interrupt(match trigger {
            Trigger::Both => edge | raw::ZR_GPIO_INT_LOW_0 | raw::ZR_GPIO_INT_HIGH_1,
            Trigger::Rising => edge | raw::ZR_GPIO_INT_LEVELS_LOGICAL | raw::ZR_GPIO_INT_HIGH_1,
            Trigger::Falling => edge | raw::ZR_GPIO_INT_LEVELS_LOGICAL | raw::ZR_GPIO_INT_LOW_0,
        })
    }

    fn configure_interrupt(&self, flags: u32) -> Result<(), Error> {
        self.port.configure_interrupt(self.pin, flags)
    }
}

/// What to do when pins of a port interrupt.
pub(crate) trait Handler: Sync {
    /// The port.
    fn port(&self) -> Port;

    /// Called with the pins that interrupted, pin 0 in bit 0.
    ///
    /// # Context
    ///
    /// ISR.
    fn handle(&self, pins: u32);
}

/// A callback that can be installed on one port at a time.
///
/// Its source calls [`install`](Self::install), [`forget`](Self::forget) and [`remove`](Self::remove),
/// one after the other: there is one at a time, because a channel is opened only when it has no
/// handles of an earlier use, and closed once.
#[repr(C)]
pub(crate) struct Callback<H> {
    /// INVARIANT: `pin_mask` is not 0 while a port knows the callback.
    ///
    /// The first field, so that its address, which the interrupt handler gets, is that of all.
    raw: UnsafeCell<raw::gpio_callback>,
    /// INVARIANT: written by `install` and `forget` only, which is while nobody reads it; there
    /// while a port knows the callback.
    handler: UnsafeCell<Option<H>>,
}

// SAFETY: `raw` is written by the one source, while no port knows the callback; in between the port
// owns it. `handler` is written by that source too, by the invariant while nobody reads it.
unsafe impl<H: Sync + Send> Sync for Callback<H> {}

impl<H: Handler + Send + 'static> Callback<H> {
    pub(crate) const fn new() -> Self {
        Self {
            // SAFETY: all-zero bytes are a valid `gpio_callback`: no handler, no pins.
            raw: UnsafeCell::new(unsafe { core::mem::zeroed() }),
            handler: UnsafeCell::new(None),
        }
    }

    /// Has `handler` called when one of some pins of its port interrupts; `pins` says which, at least
    /// one, when the handler is where it stays.
    ///
    /// To be called while nobody holds what [`handler`](Self::handler) returned: the channel has no
    /// handles of an earlier use then.
    ///
    /// # Context
    ///
    /// Thread.
    pub(crate) fn install(
        &'static self,
        handler: H,
        pins: impl FnOnce(&H) -> u32,
    ) -> Result<(), Error> {
        // SAFETY: this is the only writer, and no port knows the callback: its source calls one
        // after the other. The callback is static, as the port's list needs; the port is a static
        // device.
        unsafe {
            let handler = (*self.handler.get()).insert(handler);
            let (port, pins) = (handler.port(), pins(handler));
            raw::gpio_init_callback(self.raw.get(), Some(trampoline::<H>), pins);
            let code = raw::gpio_add_callback(port.0, self.raw.get());
            Error::check(code).map(drop).inspect_err(|_| self.clear())
        }
    }

    /// Forgets a handler that was removed.
    ///
    /// To be called when [`install`](Self::install) may be.
    pub(crate) fn forget(&'static self) {
        // SAFETY: as in `install`.
        unsafe { *self.handler.get() = None }
    }

    /// The handler, if there is one; also after it was removed, until it is forgotten.
    #[inline]
    pub(crate) fn handler(&'static self) -> Option<&'static H> {
        // SAFETY: by the invariant nobody writes it.
        unsafe { (*self.handler.get()).as_ref() }
    }

    /// Disables the interrupts of the pins and takes the callback off its port; the handler is not
    /// called afterwards. Does nothing to a callback that is not installed.
    ///
    /// # Context
    ///
    /// Thread. On one CPU no handler is running then.
    pub(crate) fn remove(&'static self) {
        let Some(port) = self.handler().map(H::port) else {
            return;
        };
        // SAFETY: its source calls one after the other, and a port only reads it.
        let pins = unsafe { (*self.raw.get()).pin_mask };
        if pins == 0 {
            return;
        }
        let mut left = pins;
        while left != 0 {
            let pin = left.trailing_zeros() as u8;
            // An error cannot be helped: without its callback, an enabled pin does no harm.
            let _ = port.configure_interrupt(pin, raw::ZR_GPIO_INT_DISABLE);
            left &= left - 1;
        }
        // SAFETY: the callback is static and on the list of its port, which is a static device.
        unsafe { raw::gpio_remove_callback(port.0, self.raw.get()) };
        self.clear();
    }

    /// No port knows the callback.
    #[inline]
    fn clear(&'static self) {
        // SAFETY: so nobody else reads or writes it.
        unsafe { (*self.raw.get()).pin_mask = 0 }
    }
}

/// Gets from the callback that a port knows to the handler beside it.
unsafe extern "C" fn trampoline<H: Handler>(
    _port: *const raw::device,
    callback: *mut raw::gpio_callback,
    pins: raw::gpio_port_pins_t,
) {
    // SAFETY: only `Callback::<H>::install` gives this function to a port, and the callback it
    // gives with it is the `raw` field of a static `Callback<H>`, whose handler is there while the
    // port knows it.
    let handler = unsafe {
        let callback = callback
            .byte_sub(offset_of!(Callback<H>, raw))
            .cast::<Callback<H>>();
        (*(*callback).handler.get()).as_ref().unwrap_unchecked()
    };
    handler.handle(pins);
}
