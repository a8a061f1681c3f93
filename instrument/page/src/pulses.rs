//! How long pulses are.

use serde::Serialize;

/// Below this, each width has a bin of its own.
const EXACT: u64 = 16;
/// From there on, each doubling of the width has this many bins.
const BINS_PER_DOUBLING: u64 = 8;

/// The widths of the pulses of one line, of one level: the shortest, the longest, and a histogram.
///
/// A bin is at most an eighth as wide as its lowest width. So it takes little memory at any width.
#[derive(Debug, Clone, Default)]
pub(crate) struct Pulses {
    range: Option<(u64, u64)>,
    counts: Vec<u64>,
}

/// A bin of the histogram: so many pulses have a width from `from` to `to`, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(crate) struct Bin {
    pub(crate) from: u64,
    pub(crate) to: u64,
    pub(crate) pulses: u64,
}

impl Pulses {
    pub(crate) fn add(&mut self, width: u64) {
        let (shortest, longest) = self.range.unwrap_or((width, width));
        self.range = Some((shortest.min(width), longest.max(width)));
        let bin = bin_of(width);
        if bin >= self.counts.len() {
            self.counts.resize(bin + 1, 0);
        }
        self.counts[bin] += 1;
    }

    /// The shortest and the longest width; `None` without any pulse.
    pub(crate) fn range(&self) -> Option<(u64, u64)> {
        self.range
    }

    /// The bins that are not empty, from the shortest on.
    pub(crate) fn bins(&self) -> Vec<Bin> {
        let counts = self.counts.iter().enumerate();
        counts
            .filter(|(_, pulses)| **pulses > 0)
            .map(|(bin, &pulses)| Bin {
                from: lowest_of(bin),
                to: lowest_of(bin + 1).wrapping_sub(1),
                pulses,
            })
            .collect()
    }
}

fn bin_of(width: u64) -> usize {
    if width < EXACT {
        return width as usize;
    }
    let doublings = u64::from(width.ilog2() - EXACT.ilog2());
    let eighth = width >> (doublings + 1) & (BINS_PER_DOUBLING - 1);
    (EXACT + doublings * BINS_PER_DOUBLING + eighth) as usize
}

/// The lowest width in a bin. Of the bin behind the last one, that is 2⁶⁴, which wraps to 0.
fn lowest_of(bin: usize) -> u64 {
    let bin = bin as u64;
    if bin < EXACT {
        return bin;
    }
    let (doublings, eighth) = (
        (bin - EXACT) / BINS_PER_DOUBLING,
        (bin - EXACT) % BINS_PER_DOUBLING,
    );
    let lowest = u128::from(BINS_PER_DOUBLING + eighth) << (doublings + 1);
    lowest as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pulses(widths: &[u64]) -> Pulses {
        let mut pulses = Pulses::default();
        widths.iter().for_each(|&width| pulses.add(width));
        pulses
    }

    #[test]
    fn equal_widths_share_a_bin_and_others_have_their_own() {
        let pulses = pulses(&[104, 104, 208, 3, 104]);
        assert_eq!(pulses.range(), Some((3, 208)));
        let bins = pulses.bins();
        let bins: Vec<_> = bins.iter().map(|b| (b.from, b.to, b.pulses)).collect();
        assert_eq!(bins, [(3, 3, 1), (104, 111, 3), (208, 223, 1)]);
    }

    #[test]
    fn without_a_pulse_there_is_no_range() {
        let pulses = Pulses::default();
        assert_eq!((pulses.range(), pulses.bins()), (None, Vec::new()));
    }

    #[test]
    fn bins_join_without_a_gap_and_hold_their_widths() {
        for bin in 0..bin_of(u64::MAX) {
            let (from, next) = (lowest_of(bin), lowest_of(bin + 1));
            assert!(from < next, "bin {bin}");
            assert_eq!((bin_of(from), bin_of(next - 1)), (bin, bin));
            assert!(next - from <= (from / 8).max(1), "bin {bin}");
        }
    }

    #[test]
    fn the_longest_width_of_all_has_a_bin() {
        let bins = pulses(&[u64::MAX]).bins();
        assert_eq!((bins[0].to, bins[0].pulses), (u64::MAX, 1));
    }
}
