//! Rescheduling points.

use crate::kernel::{call, thread};

/// Reschedules: a thread that was made ready where it could not run, such as under a spinlock, runs
/// now. Does nothing in an ISR, whose end is a rescheduling point, nor with interrupts masked.
pub unsafe extern "C-unwind" fn k_reschedule() {
    call("k_reschedule", (), || {
        thread::reschedule();
    });
}

/// Makes the thread cooperative. Thread only.
pub unsafe extern "C-unwind" fn k_sched_lock() {
    call("k_sched_lock", (), thread::lock_scheduler);
}

/// Undoes one `k_sched_lock`, and reschedules. Thread only.
pub unsafe extern "C-unwind" fn k_sched_unlock() {
    call("k_sched_unlock", (), thread::unlock_scheduler);
}
