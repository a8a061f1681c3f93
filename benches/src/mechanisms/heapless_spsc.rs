//! `heapless::spsc::Queue`, which wakes no thread, and a semaphore.

use core::{cell::UnsafeCell, ffi::CStr};

use heapless::spsc;

use crate::mechanism::{CAPACITY, Mechanism, Queue, Record};

#[no_mangle]
static mechanism_heapless_spsc: Mechanism = Mechanism::of::<HeaplessSpsc>();

struct HeaplessSpsc;

/// It has one place more than records, because one is never filled.
struct Shared(UnsafeCell<spsc::Queue<Record, { CAPACITY + 1 }>>);

// SAFETY: only the interrupt puts, and only one thread takes, like the two ends into which the queue can
// be split.
unsafe impl Sync for Shared {}

static SHARED: Shared = Shared(UnsafeCell::new(spsc::Queue::new()));

fn queue() -> &'static mut spsc::Queue<Record, { CAPACITY + 1 }> {
    // SAFETY: see `Shared`.
    unsafe { &mut *SHARED.0.get() }
}

impl Queue for HeaplessSpsc {
    const NAME: &'static CStr = c"heapless::spsc";
    const WAITS: bool = false;

    fn reset() {
        while Self::next().is_some() {}
    }

    #[inline]
    fn put(record: Record) {
        let _ = queue().enqueue(record);
    }

    fn first() -> Record {
        unreachable!("it waits for a semaphore")
    }

    fn next() -> Option<Record> {
        queue().dequeue()
    }
}
