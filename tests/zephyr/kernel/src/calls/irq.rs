//! Interrupt masking and spinlocks.

use zephyr::sync::SpinMutex;

use super::log::Log;
use super::objects::{
    LONG, NO_WAIT, Pipe, Sem, irq_lock, irq_unlock, reschedule, sched_lock, sched_unlock, sleep,
    ticks, yield_now,
};
use super::platform::{call_in_isr, spawn};
use super::thread::echo;

pub(super) fn no_switch_under_a_spinlock_nor_at_its_release_but_at_the_next_look(log: Log) {
    static MUTEX: SpinMutex<u32> = SpinMutex::new(0);
    let (sem, other) = (Sem::new(0, 1), Sem::new(0, 1));
    let high = echo(log, "high", -1, sem, 1);
    let Ok(guard) = MUTEX.lock();
    sem.give();
    log.add("held");
    drop(guard);
    log.add("released");
    other.give();
    log.add("nobody-woken");
    call_in_isr(&mut || log.add("isr"));
    log.add("main");
    high.join();
}

pub(super) fn interrupt_locks_nest_by_their_keys(log: Log) {
    let sem = Sem::new(0, 9);
    let high = echo(log, "high", -1, sem, 1);
    let outer = irq_lock();
    let inner = irq_lock();
    irq_unlock(inner);
    sem.give();
    log.add("still-locked");
    irq_unlock(outer);
    yield_now();
    log.add("main");
    high.join();
}

pub(super) fn an_interrupt_lock_belongs_to_its_thread(log: Log) {
    let sem = Sem::new(0, 1);
    let high = echo(log, "high", -1, sem, 2);
    let other = spawn(1, move || {
        sem.give();
        log.add("other");
    });
    let key = irq_lock();
    // While this thread waits, others run without its mask.
    sleep(ticks(5));
    sem.give();
    log.add("locked-again");
    irq_unlock(key);
    high.join();
    other.join();
}

pub(super) fn spinlocks_nest_in_order_and_work_in_an_isr(log: Log) {
    static OUTER: SpinMutex<u32> = SpinMutex::new(1);
    static INNER: SpinMutex<u32> = SpinMutex::new(2);
    let Ok(first) = OUTER.lock();
    let Ok(mut second) = INNER.lock();
    *second += *first;
    drop(second);
    drop(first);
    call_in_isr(&mut || {
        let Ok(inner) = INNER.lock();
        let seen = *inner;
        drop(inner);
        log.add(seen);
    });
}

pub(super) fn a_pipe_wakes_under_a_spinlock_who_runs_when_the_scheduler_looks(log: Log) {
    static MUTEX: SpinMutex<u32> = SpinMutex::new(0);
    let pipe = Pipe::new(4);
    let reader = spawn(-1, move || {
        log.add(pipe.read_into(&mut [0; 2], LONG));
        pipe.write(&[1; 4], NO_WAIT);
        log.add(pipe.write(&[2; 2], LONG));
    });
    let Ok(guard) = MUTEX.lock();
    pipe.write(&[0; 2], NO_WAIT);
    log.add("written");
    reschedule();
    log.add("held");
    drop(guard);
    log.add("released");
    reschedule();
    let Ok(guard) = MUTEX.lock();
    pipe.read_into(&mut [0; 3], NO_WAIT);
    log.add("read");
    drop(guard);
    reschedule();
    log.add("main");
    reader.join();
}

pub(super) fn a_scheduler_lock_keeps_the_cpu_until_the_last_unlock(log: Log) {
    let sem = Sem::new(0, 1);
    let high = echo(log, "high", -1, sem, 1);
    sched_lock();
    sched_lock();
    sem.give();
    log.add("given");
    call_in_isr(&mut || log.add("isr"));
    sched_unlock();
    reschedule();
    log.add("still-locked");
    sched_unlock();
    log.add("main");
    high.join();
}
