//! Ctrl-C.

use std::sync::{
    Once,
    atomic::{AtomicBool, Ordering::Relaxed},
};

static REQUESTED: AtomicBool = AtomicBool::new(false);

/// From now on Ctrl-C does not end the program: it [asks](is_requested) to stop.
pub(crate) fn catch() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // An error means that somebody else has a handler, which then says what Ctrl-C does.
        let _ = ctrlc::set_handler(|| REQUESTED.store(true, Relaxed));
    });
}

/// Whether there was a Ctrl-C since it is caught.
pub(crate) fn is_requested() -> bool {
    REQUESTED.load(Relaxed)
}
