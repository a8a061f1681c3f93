//! Which pins are captured: a pin has one owner.

use core::{cell::UnsafeCell, ptr};

use super::Port;
use crate::sys::lock::Lock;

/// The first of all claims that are held; each links to the next.
#[cfg(target_os = "none")]
static HELD: Lock<First> = Lock::new(First(ptr::null()));

// On the host each thread has a kernel of its own.
#[cfg(not(target_os = "none"))]
std::thread_local! {
    static HELD: Lock<First> = const { Lock::new(First(ptr::null())) };
}

fn with_held<R>(body: impl FnOnce(&mut First) -> R) -> R {
    #[cfg(target_os = "none")]
    return body(&mut HELD.lock());
    #[cfg(not(target_os = "none"))]
    HELD.with(|held| body(&mut held.lock()))
}

struct First(*const Claim);

// SAFETY: the claims are statics, and their links are touched only with `HELD` locked.
unsafe impl Send for First {}

/// The claim to some pins of one port.
pub(crate) struct Claim(UnsafeCell<Links>);

struct Links {
    port: Port,
    /// INVARIANT: not 0 while the claim is linked from `HELD`.
    pins: u32,
    next: *const Claim,
}

// SAFETY: the links are touched only with `HELD` locked.
unsafe impl Sync for Claim {}
// SAFETY: as above.
unsafe impl Send for Claim {}

impl Claim {
    pub(crate) const fn new() -> Self {
        Self(UnsafeCell::new(Links {
            port: Port::NONE,
            pins: 0,
            next: ptr::null(),
        }))
    }

    /// Claims `pins` of `port`, at least one; fails with those that have another owner. To be called while the claim is
    /// not held. Thread only, never blocks. Interrupts are masked for some instructions for each claim that is held.
    pub(crate) fn hold(&'static self, port: Port, pins: u32) -> Result<(), u32> {
        with_held(|first| {
            let others = first.others(port, pins);
            if others != 0 {
                return Err(others);
            }
            let next = first.0;
            // SAFETY: `HELD` is locked.
            unsafe { *self.0.get() = Links { port, pins, next } }
            first.0 = self;
            Ok(())
        })
    }

    /// Releases the pins, if the claim is held.
    pub(crate) fn release(&'static self) {
        with_held(|first| {
            // SAFETY: `HELD` is locked.
            let links = unsafe { &mut *self.0.get() };
            if links.pins != 0 {
                links.pins = 0;
                first.remove(self, links.next);
            }
        });
    }
}

impl First {
    /// Those of `pins` of `port` for which a claim is held.
    fn others(&self, port: Port, pins: u32) -> u32 {
        let mut held = self.0;
        let mut others = 0;
        while !held.is_null() {
            // SAFETY: claims that are held are statics, and `HELD` is locked.
            let links = unsafe { &*(*held).0.get() };
            if links.port == port {
                others |= links.pins & pins;
            }
            held = links.next;
        }
        others
    }

    /// Removes `claim`, which links to `next`.
    fn remove(&mut self, claim: *const Claim, next: *const Claim) {
        let mut link = &mut self.0;
        while !link.is_null() {
            if *link == claim {
                *link = next;
                return;
            }
            // SAFETY: as in `others`. It is not `claim`, at which the loop ends.
            link = unsafe { &mut (*(**link).0.get()).next };
        }
    }
}
