//! Interrupt callbacks, and the pins that they own.

use core::{cell::UnsafeCell, mem::offset_of, num::NonZero};

use zephyr::raw;

use super::{Claim, Port};
use crate::Error;

/// What to do when pins of a port interrupt.
pub(crate) trait Handler: Sync {
    fn port(&self) -> Port;

    /// Called in an ISR with the pins that interrupted, pin 0 in bit 0.
    fn handle(&self, pins: NonZero<u32>);
}

/// A callback that can be installed on one port at a time. Its source calls [`install`](Self::install),
/// [`forget`](Self::forget) and [`remove`](Self::remove) one after the other. There is one source at a time, because a
/// channel is opened only when it has no handles of an earlier use, and is closed once.
#[repr(C)]
pub(crate) struct Callback<H> {
    /// INVARIANT: only `install` and `forget` write it, while no code reads it; `Some` while a port knows the callback.
    ///
    /// First, so that the interrupt handler reaches its fields by short instructions.
    handler: UnsafeCell<Option<H>>,
    /// INVARIANT: `pin_mask` is not 0 while a port knows the callback.
    raw: UnsafeCell<raw::gpio_callback>,
    claim: Claim,
}

// SAFETY: only the one source writes `raw`, while no port knows the callback; in between the port owns it. Only that
// source writes `handler` too, by the invariant while no code reads it.
unsafe impl<H: Sync + Send> Sync for Callback<H> {}

impl<H: Handler + Send + 'static> Callback<H> {
    pub(crate) const fn new() -> Self {
        Self {
            // SAFETY: all-zero bytes are a valid `gpio_callback`: no handler, no pins.
            raw: UnsafeCell::new(unsafe { core::mem::zeroed() }),
            handler: UnsafeCell::new(None),
            claim: Claim::new(),
        }
    }

    /// Claims the pins that the callback is to be installed for, until it is removed, as [`Claim::hold`] does.
    pub(crate) fn claim(&'static self, port: Port, pins: u32) -> Result<(), u32> {
        self.claim.hold(port, pins)
    }

    /// Has `handler` called when one of some pins of its port interrupts. `pins` returns these pins, at least one, once
    /// the handler is at its final address. To be called while no code holds what [`handler`](Self::handler) returned:
    /// the channel has no handles of an earlier use then. Thread only.
    pub(crate) fn install(
        &'static self,
        handler: H,
        pins: impl FnOnce(&H) -> u32,
    ) -> Result<(), Error> {
        // SAFETY: this is the only writer, and no port knows the callback, because its source calls one method after
        // the other. The callback is static, as the port's list needs; the port is a static device.
        unsafe {
            let handler = (*self.handler.get()).insert(handler);
            let (port, pins) = (handler.port(), pins(handler));
            raw::gpio_init_callback(self.raw.get(), Some(trampoline::<H>), pins);
            let code = raw::gpio_add_callback(port.0, self.raw.get());
            Error::check(code).map(drop).inspect_err(|_| self.clear())
        }
    }

    /// Forgets a handler that was removed. To be called only when [`install`](Self::install) may be.
    pub(crate) fn forget(&'static self) {
        // SAFETY: as in `install`.
        unsafe { *self.handler.get() = None }
    }

    /// The handler, if there is one; also after it was removed, until it is forgotten.
    #[inline]
    pub(crate) fn handler(&'static self) -> Option<&'static H> {
        // SAFETY: by the invariant no code writes it meanwhile.
        unsafe { (*self.handler.get()).as_ref() }
    }

    /// Disables the interrupts of the pins, removes the callback from its port, and releases the pins, each as far as
    /// it was done. The handler is not called afterwards. Thread only: on one CPU no handler is running then.
    pub(crate) fn remove(&'static self) {
        self.uninstall();
        self.claim.release();
    }

    /// The pins for which the callback is installed, pin 0 in bit 0.
    #[inline]
    pub(crate) fn pins(&'static self) -> u32 {
        // SAFETY: its source calls one method after the other, and a port only reads it.
        unsafe { (*self.raw.get()).pin_mask }
    }

    /// Disables the interrupts of the pins. Thread only.
    pub(crate) fn disable(&'static self) {
        let Some(port) = self.handler().map(H::port) else {
            return;
        };
        let mut left = self.pins();
        while left != 0 {
            // An error is ignored: what an enabled pin does is ignored, too.
            let _ = port.disable_interrupt(left.trailing_zeros() as u8);
            left &= left - 1;
        }
    }

    fn uninstall(&'static self) {
        let Some(port) = self.handler().map(H::port) else {
            return;
        };
        if self.pins() == 0 {
            return;
        }
        self.disable();
        // SAFETY: the callback is static and on the list of its port, which is a static device.
        unsafe { raw::gpio_remove_callback(port.0, self.raw.get()) };
        self.clear();
    }

    /// Notes that no port knows the callback.
    #[inline]
    fn clear(&'static self) {
        // SAFETY: no port knows it, so no other code reads or writes it.
        unsafe { (*self.raw.get()).pin_mask = 0 }
    }
}

/// Calls the handler beside the callback that a port knows.
unsafe extern "C" fn trampoline<H: Handler>(
    _port: *const raw::device,
    callback: *mut raw::gpio_callback,
    pins: raw::gpio_port_pins_t,
) {
    // SAFETY: only `Callback::<H>::install` gives this function to a port, with the `raw` field of a static
    // `Callback<H>` as the callback. Its handler is `Some` while the port knows the callback.
    let handler = unsafe {
        let callback = callback.byte_sub(offset_of!(Callback<H>, raw));
        let callback = one_address(callback.cast::<Callback<H>>());
        match &*(*callback).handler.get() {
            Some(handler) => handler,
            None => core::hint::unreachable_unchecked(),
        }
    };
    // SAFETY: `gpio_fire_callbacks` calls only callbacks of which a pin has fired, and passes only such pins.
    handler.handle(unsafe { NonZero::new_unchecked(pins) });
}

/// Returns the same address, but hides from the compiler that it is near another one. Otherwise the compiler keeps both
/// in registers, which costs two instructions for each edge.
#[inline(always)]
fn one_address<T>(address: *mut T) -> *mut T {
    #[cfg(target_arch = "arm")]
    {
        let same;
        // SAFETY: it does nothing.
        unsafe {
            core::arch::asm!("/* {} */", inlateout(reg) address => same, options(pure, nomem, nostack, preserves_flags));
        }
        same
    }
    #[cfg(not(target_arch = "arm"))]
    address
}
