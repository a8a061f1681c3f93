//! Interrupt masking and spinlocks, used in ways that Zephyr only asserts against.

mod common;

use common::*;
use zephyr::raw::{k_spin_lock, k_spin_unlock, k_spinlock};
use zephyr::sync::SpinMutex;

#[test]
fn a_spin_mutex_works_without_a_kernel() {
    static SHARED: SpinMutex<u32> = SpinMutex::new(1);
    *SHARED.lock().unwrap() += 1;
    sim::run(|| *SHARED.lock().unwrap() += 1);
    assert_eq!(*SHARED.lock().unwrap(), 3);
}

#[test]
#[should_panic(expected = "held outside this kernel")]
fn taking_a_lock_twice_without_a_kernel_panics() {
    let mutex = SpinMutex::new(());
    let _guard = mutex.lock();
    let _ = mutex.lock();
}

#[test]
fn taking_a_spinlock_again_is_a_fault() {
    let fault = fault(|| {
        let mutex = SpinMutex::new(());
        let _guard = mutex.lock();
        let _ = mutex.lock();
    });
    assert_eq!(fault.kind, FaultKind::RecursiveSpinlock);
}

#[test]
fn releasing_spinlocks_out_of_order_is_a_fault() {
    let fault = fault(|| {
        let (outer, inner) = (object::<k_spinlock>(), object::<k_spinlock>());
        // SAFETY: both are leaked.
        unsafe {
            let key = k_spin_lock(outer);
            k_spin_lock(inner);
            k_spin_unlock(outer, key);
        }
    });
    assert_eq!(fault.kind, FaultKind::WrongUnlock);
}

#[test]
fn waiting_with_a_spinlock_held_is_a_fault_even_if_it_would_not_wait() {
    let calls: [fn(Sem); 4] = [
        |sem| {
            sem.take(FOREVER);
        },
        |sem| {
            poll_one(sem, ticks(1));
        },
        |_| {
            sleep(ticks(1));
        },
        |_| yield_now(),
    ];
    for call in calls {
        let fault = fault(move || {
            let sem = Sem::new(1, 1);
            let mutex = SpinMutex::new(());
            let _guard = mutex.lock();
            assert_eq!(poll_one(sem, NO_WAIT), 0, "no wait is fine");
            call(sem);
        });
        assert_eq!(fault.kind, FaultKind::WaitWithSpinlock);
    }
}

#[test]
fn an_interrupt_while_interrupts_are_masked_is_a_fault() {
    let fault = fault(|| {
        irq_lock();
        sim::call_in_isr(|| {});
    });
    assert_eq!(fault.kind, FaultKind::Masked);
}

#[test]
fn a_lock_left_by_a_fault_in_an_isr_is_free_in_the_next_run() {
    static SHARED: SpinMutex<u32> = SpinMutex::new(7);
    let first = fault(|| {
        // The expiry function is a C frame, so its stack and the guard on it are leaked.
        let timer = Timer::new(|| {
            let _guard = SHARED.lock();
            sleep(ticks(1));
        });
        timer.start(ticks(1), NO_WAIT);
        sleep(FOREVER);
    });
    assert_eq!(first.kind, FaultKind::WaitInIsr);
    assert_eq!(sim::run(|| *SHARED.lock().unwrap()), 7);
}
