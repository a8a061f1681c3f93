//! A flow meter, whose wheel makes a pulse for each part of a litre. The rate is that of the mean period of many
//! pulses.

use core::fmt;

use edgepipe::Edge;

/// Of a YF-S201.
const PULSES_PER_LITRE: u64 = 450;

const TEN_SECONDS_NS: u64 = 10_000_000_000;

#[derive(Debug, Default)]
pub(crate) struct Flow {
    /// All pulses; lost ones count, too.
    pub(crate) pulses: u64,
    /// When the first period began, and when the last one ended; `None` while it stands still.
    span_ns: Option<(u64, u64)>,
    /// How many periods that are.
    periods: u64,
}

/// The mean of some periods, in nanoseconds; not 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Period(pub(crate) u64);

impl Flow {
    pub(crate) fn pulse(&mut self, edge: &Edge) {
        let count = u64::from(edge.lost_before()) + 1;
        let now_ns = edge.timestamp_ns;
        self.pulses += count;
        match &mut self.span_ns {
            Some((_, last_ns)) => {
                *last_ns = now_ns;
                self.periods += count;
            }
            None => self.span_ns = Some((now_ns, now_ns)),
        }
    }

    /// The mean period since the last call, if there was one.
    pub(crate) fn take_period(&mut self) -> Option<Period> {
        let periods = core::mem::take(&mut self.periods);
        let (since_ns, last_ns) = self.span_ns?;
        self.span_ns = Some((last_ns, last_ns));
        let mean_ns = last_ns.saturating_sub(since_ns).checked_div(periods)?;
        (mean_ns > 0).then_some(Period(mean_ns))
    }

    /// No pulse came for a while: the time until the next one is no period.
    pub(crate) fn stop(&mut self) {
        self.span_ns = None;
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tenths = |dividend: u64| dividend.saturating_add(self.0 / 2) / self.0;
        let hertz = tenths(TEN_SECONDS_NS);
        let litres = tenths(60 * TEN_SECONDS_NS / PULSES_PER_LITRE);
        write!(f, "{}.{} Hz, ", hertz / 10, hertz % 10)?;
        write!(f, "{}.{} l/min", litres / 10, litres % 10)
    }
}
