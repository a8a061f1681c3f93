//! How long does it take until a driven line is captured again?

use zephyr::printkln;

use crate::{
    calls::{driven, line},
    harness::cost_of,
    kind::{self, Kind, Setup, opened},
};

/// Measures the whole call of `release`, less what an empty call takes. The port's driver does next to nothing.
pub fn measure(kind: &'static Kind, capacity: u32) {
    extern "C" fn release() {
        let _ = opened().capture().release(&line());
    }
    extern "C" fn nothing() {}
    driven(&Setup::new(kind, capacity));
    let cost = cost_of(release) - cost_of(nothing);
    kind::close();
    printkln!(
        "bench: release {} capacity={capacity} cost {cost}",
        kind.name
    );
}
