//! zephyr-lang-rust's `zephyr::sync::channel::bounded`, whose `try_send` may be called in an interrupt.

use core::{cell::UnsafeCell, ffi::CStr};

use zephyr::sync::channel::{Receiver, Sender, bounded};

use crate::mechanism::{CAPACITY, Mechanism, Queue, Record};

#[no_mangle]
static mechanism_rust_channel: Mechanism = Mechanism::of::<RustChannel>();

struct RustChannel;

type Ends = (Sender<Record>, Receiver<Record>);

struct Shared(UnsafeCell<Option<Ends>>);

// SAFETY: written once, before any handler is registered.
unsafe impl Sync for Shared {}

static SHARED: Shared = Shared(UnsafeCell::new(None));

#[inline]
fn ends() -> &'static Ends {
    // SAFETY: see `Shared`; `reset` has run before.
    unsafe { (*SHARED.0.get()).as_ref().unwrap_unchecked() }
}

impl Queue for RustChannel {
    const NAME: &'static CStr = c"zephyr::sync::channel";
    const WAITS: bool = true;

    fn reset() {
        // SAFETY: no handler is registered now.
        unsafe {
            (*SHARED.0.get()).get_or_insert_with(|| bounded(CAPACITY));
        }
        while Self::next().is_some() {}
    }

    #[inline]
    fn put(record: Record) {
        let _ = ends().0.try_send(record);
    }

    fn first() -> Record {
        ends().1.recv().unwrap_or_default()
    }

    fn next() -> Option<Record> {
        ends().1.try_recv().ok()
    }
}
