//! Counting semaphores, like `kernel/sem.c`.

use core::ffi::c_int;

use super::clock::Timeout;
use super::poll::Registration;
use super::queue::Queue;
use super::thread::{self, ThreadId, Wait};
use super::{err, irq, with};
use crate::raw::{EAGAIN, EBUSY, EINVAL};

#[derive(Debug)]
pub(crate) struct Sem {
    pub(super) count: u32,
    limit: u32,
    pub(super) takers: Queue<ThreadId>,
    pub(super) pollers: Queue<Registration>,
}

/// Makes the semaphore at `address` live and returns its handle, or the errno for a bad limit.
pub(crate) fn init(address: usize, count: u32, limit: u32) -> Result<u64, c_int> {
    if limit == 0 || count > limit {
        return Err(err(EINVAL));
    }
    let sem = Sem {
        count,
        limit,
        takers: Queue::default(),
        pollers: Queue::default(),
    };
    Ok(with(|k| k.sems.bind(address, sem)))
}

/// The index of the semaphore at `address`, if it is live.
pub(crate) fn find(address: usize, handle: u64) -> Option<usize> {
    with(|k| k.sems.find(address, handle))
}

/// Wakes a taker. If none waits, counts up and notifies a poller.
pub(crate) fn give(sem: usize) {
    let reschedule = with(|k| {
        k.gives += 1;
        let this = &mut k.sems[sem];
        if let Some(taker) = this.takers.first() {
            k.wake(taker, 0);
            return true;
        }
        this.count += u32::from(this.count != this.limit);
        k.notify_poller(sem)
    });
    if reschedule {
        thread::reschedule();
    }
}

/// Takes the semaphore, waiting for it as long as `timeout` allows.
pub(crate) fn take(sem: usize, timeout: Timeout) -> c_int {
    irq::may_wait(timeout);
    let taken = with(|k| {
        if let Some(less) = k.sems[sem].count.checked_sub(1) {
            k.sems[sem].count = less;
            return Some(0);
        }
        if timeout == Timeout::NoWait {
            return Some(err(EBUSY));
        }
        k.pend(Wait::Sem(sem), timeout);
        None
    });
    taken.unwrap_or_else(thread::wait)
}

/// Wakes all takers with `-EAGAIN`, empties the semaphore, and notifies a poller, which finds it
/// empty.
pub(crate) fn reset(sem: usize) {
    let reschedule = with(|k| {
        let mut woken = false;
        while let Some(taker) = k.sems[sem].takers.first() {
            k.wake(taker, err(EAGAIN));
            woken = true;
        }
        k.sems[sem].count = 0;
        k.notify_poller(sem) || woken
    });
    if reschedule {
        thread::reschedule();
    }
}

/// How often it could be taken now.
pub(crate) fn count(sem: usize) -> u32 {
    with(|k| k.sems[sem].count)
}

/// How often semaphores were given so far, all together.
pub(crate) fn gives() -> u64 {
    with(|k| k.gives)
}

/// Every semaphore's address, and how often it could be taken now.
pub(crate) fn counts() -> Vec<(usize, u32)> {
    with(|k| {
        k.sems
            .iter()
            .map(|(address, sem)| (address, sem.count))
            .collect()
    })
}
