//! Ctrl-C.

use std::sync::{
    Once,
    atomic::{AtomicBool, Ordering::Relaxed},
};

static REQUESTED: AtomicBool = AtomicBool::new(false);

/// From now on Ctrl-C does not end the program, but [requests a stop](is_requested).
pub fn catch() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // An error means that another handler is set, which then decides what Ctrl-C does.
        let _ = ctrlc::set_handler(|| REQUESTED.store(true, Relaxed));
    });
}

/// Whether there was a Ctrl-C since [`catch`].
pub fn is_requested() -> bool {
    REQUESTED.load(Relaxed)
}
