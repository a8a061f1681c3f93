//! How long do calls mask interrupts?

use zephyr::printkln;

use crate::{
    CAPACITIES,
    calls::{CALLS, Call},
    harness::{join_reader, make, masked_in, start_reader},
    kind::{self, Kind, Setup},
};

/// Measures the maximum of all capacities, for an interrupt that Zephyr's locks mask and for one that
/// they do not.
pub fn measure(kind: &'static Kind) {
    for call in CALLS {
        let [most, zero_latency] = [false, true].map(|zero_latency| {
            let of = |capacity| measure_one(kind, capacity, call, zero_latency);
            CAPACITIES.map(of).into_iter().max().unwrap_or(0)
        });
        let what = format_args!("bench: masked {} call={}", kind.name, call.name);
        printkln!("{what} most {most}");
        printkln!("{what} zero-latency {zero_latency}");
    }
}

fn measure_one(kind: &'static Kind, capacity: u32, call: &Call, zero_latency: bool) -> u32 {
    let setup = Setup::new(kind, capacity);
    (call.before)(&setup);
    let most = if call.sleeps {
        // The edge that wakes it is included.
        let most = masked_in(zero_latency, || {
            start_reader(call.call);
            make(1);
        });
        join_reader();
        most
    } else {
        masked_in(zero_latency, || (call.call)())
    };
    (call.after)();
    kind::close();
    most
}
