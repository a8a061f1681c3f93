//! Synchronisation that works between threads and interrupts.

mod spinmutex;

pub use spinmutex::{SpinMutex, SpinMutexGuard};

pub mod atomic {
    //! Atomics that every Zephyr target has.

    pub use portable_atomic::*;
}
