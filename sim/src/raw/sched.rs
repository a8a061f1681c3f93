//! When the scheduler looks.

use crate::kernel::{call, thread};

/// Lets the scheduler look: a thread runs that was made ready where it could not, such as with a
/// spinlock held. Nothing in an ISR, at whose end it looks anyway, nor with interrupts masked.
pub unsafe extern "C-unwind" fn k_reschedule() {
    call("k_reschedule", (), || {
        thread::reschedule();
    });
}

/// Has the thread be cooperative. Thread only.
pub unsafe extern "C-unwind" fn k_sched_lock() {
    call("k_sched_lock", (), thread::lock_scheduler);
}

/// Undoes one `k_sched_lock`, and lets the scheduler look. Thread only.
pub unsafe extern "C-unwind" fn k_sched_unlock() {
    call("k_sched_unlock", (), thread::unlock_scheduler);
}
