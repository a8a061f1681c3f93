//! The PWM output of a CO2 sensor, an MH-Z19B with a range of 2000 ppm. In each cycle of 1004 ms it is high for 2 ms,
//! and for half a millisecond more for each ppm.

use core::fmt;

use edgepipe::{Edge, Level, Pulse, Pulses};

const RANGE_PPM: u64 = 2_000;

/// At each end of a cycle, high and low.
const END_NS: u64 = 2_000_000;

/// How long a cycle may be: 1004 ms, 5 % more or less.
const SHORTEST_NS: u64 = 954_000_000;
const LONGEST_NS: u64 = 1_054_000_000;

#[derive(Debug, Default)]
pub(crate) struct Co2 {
    pulses: Pulses<1>,
    /// For how long it was high in this cycle, once that is known.
    high_ns: Option<u64>,
}

/// A cycle that is none: it has this many nanoseconds, of which it is high for so many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Wrong {
    pub(crate) cycle_ns: u64,
    pub(crate) high_ns: u64,
}

impl Co2 {
    /// What the cycle says that `edge` ends, in ppm. A cycle with a hole in it says nothing.
    pub(crate) fn edge(&mut self, edge: &Edge) -> Option<Result<u64, Wrong>> {
        let pulse = self.pulses.next(edge)?;
        if pulse.gap.is_some() {
            self.high_ns = None;
        }
        match pulse.level {
            Level::High => {
                self.high_ns = Some(pulse.duration_ns);
                None
            }
            Level::Low => Some(ppm(self.high_ns.take()?, pulse)),
        }
    }
}

fn ppm(high_ns: u64, low: Pulse) -> Result<u64, Wrong> {
    let cycle_ns = high_ns.saturating_add(low.duration_ns);
    let ends = [high_ns, low.duration_ns];
    if !(SHORTEST_NS..=LONGEST_NS).contains(&cycle_ns) || ends.iter().any(|ns| *ns < END_NS) {
        return Err(Wrong { cycle_ns, high_ns });
    }
    let full_ns = cycle_ns - 2 * END_NS;
    Ok((RANGE_PPM * (high_ns - END_NS) + full_ns / 2) / full_ns)
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [cycle, high] = [self.cycle_ns, self.high_ns].map(|ns| ns / 1_000_000);
        write!(f, "{cycle} ms, {high} of them high, are no cycle")
    }
}
