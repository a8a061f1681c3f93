//! Memory does not grow with the length of a run, nor with the number of runs.

mod common;

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use common::*;

struct Counting;

thread_local! {
    static ALLOCATIONS: Cell<u64> = const { Cell::new(0) };
}

// SAFETY: the system allocator does everything, and does not use the count.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.set(ALLOCATIONS.get() + 1);
        // SAFETY: the caller's promise is passed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, ptr: *mut u8, layout: Layout) {
        // SAFETY: the caller's promise is passed on.
        unsafe { System.dealloc(ptr, layout) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

#[test]
fn edges_and_waits_allocate_nothing_once_a_run_is_warm() {
    sim::run(|| {
        let (sem, pipe) = (Sem::new(0, 1), Pipe::new(64));
        Pin(0).configure(0);
        Pin(0).interrupt(BOTH);
        let record = move |_| {
            pipe.write(&[1; 8], NO_WAIT);
            sem.give();
        };
        Callback::new(1, record).add();
        let level = Cell::new(false);
        let feed = move || {
            level.set(!level.get());
            Pin(0).drive(level.get());
        };
        Timer::new(feed).start(ticks(10), ticks(10));
        let mut event = [event(Some(sem))];
        let mut round = || {
            for wait in [FOREVER, ticks(3), FOREVER] {
                poll(&mut event, wait);
                sem.take(NO_WAIT);
                pipe.read_into(&mut [0; 8], ticks(20));
            }
        };
        round();
        let before = ALLOCATIONS.get();
        for _ in 0..1000 {
            round();
        }
        assert_eq!(ALLOCATIONS.get(), before);
    });
}

#[test]
fn initialising_an_object_again_takes_no_new_slot() {
    sim::run(|| {
        let (sem, pipe) = (Sem::new(0, 1), Pipe(object()));
        let round = || {
            sem.init(0, 1);
            pipe.init(0);
        };
        round();
        let before = ALLOCATIONS.get();
        for _ in 0..1000 {
            round();
        }
        assert_eq!(ALLOCATIONS.get(), before);
    });
}
