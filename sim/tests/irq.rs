//! Interrupt masking and spinlocks.

mod common;

use common::*;
use zephyr::raw::{k_spin_lock, k_spin_unlock, k_spinlock, zr_irq_lock, zr_irq_unlock};
use zephyr::sync::SpinMutex;

fn irq_lock() -> i32 {
    // SAFETY: no preconditions.
    unsafe { zr_irq_lock() }
}

fn irq_unlock(key: i32) {
    // SAFETY: no preconditions.
    unsafe { zr_irq_unlock(key) }
}

/// A higher thread that logs when it has taken `sem`.
fn waiter(sem: Sem, log: &Log) {
    let log = log.clone();
    sim::spawn("high", -1, move || {
        while sem.take(FOREVER) == 0 {
            log.add("high");
        }
    });
}

#[test]
fn no_switch_under_a_spinlock_nor_at_its_release_but_at_the_next_look() {
    let log = Log::default();
    let seen = log.clone();
    sim::run(move || {
        let (sem, other) = (Sem::new(0, 1), Sem::new(0, 1));
        waiter(sem, &log);
        let mutex = SpinMutex::new(0);
        let guard = mutex.lock().unwrap();
        sem.give();
        log.add("held");
        drop(guard);
        log.add("released");
        other.give();
        log.add("nobody-woken");
        sim::call_in_isr(|| log.add("isr"));
        log.add("main");
    });
    assert_eq!(seen.text(), "held released nobody-woken isr high main");
}

#[test]
fn interrupt_locks_nest_by_their_keys() {
    let log = Log::default();
    let seen = log.clone();
    sim::run(move || {
        let sem = Sem::new(0, 9);
        waiter(sem, &log);
        let outer = irq_lock();
        let inner = irq_lock();
        assert_eq!((outer, inner), (0, 1));
        irq_unlock(inner);
        sem.give();
        log.add("still-locked");
        irq_unlock(outer);
        yield_now();
        log.add("main");
    });
    assert_eq!(seen.text(), "still-locked high main");
}

#[test]
fn an_interrupt_lock_belongs_to_its_thread() {
    let log = Log::default();
    let seen = log.clone();
    sim::run(move || {
        let sem = Sem::new(0, 1);
        waiter(sem, &log);
        let gave = log.clone();
        sim::spawn("other", 1, move || {
            sem.give();
            gave.add("other");
        });
        let key = irq_lock();
        // Waiting gives the lock up for as long as others run.
        sleep(ticks(5));
        sem.give();
        log.add("locked-again");
        irq_unlock(key);
    });
    assert_eq!(seen.text(), "high other locked-again");
}

#[test]
fn spinlocks_nest_in_order_and_work_in_an_isr() {
    sim::run(|| {
        let (outer, inner) = (SpinMutex::new(1), SpinMutex::new(2));
        let first = outer.lock().unwrap();
        let mut second = inner.lock().unwrap();
        *second += *first;
        drop(second);
        drop(first);
        sim::call_in_isr(|| assert_eq!(*inner.lock().unwrap(), 3));
    });
}

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
