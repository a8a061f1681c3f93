//! `struct edgepipe_sample` and `struct edgepipe_gap`.

use edgepipe::Gap;

/// A sample, in the layout of C.
#[repr(C)]
pub(crate) struct CSample {
    time_ns: u64,
    lost_before: u32,
    levels_before: u32,
    value: u32,
    after_gap: u8,
}

impl CSample {
    pub(crate) fn new(value: u32, time_ns: u64, gap: Option<Gap>) -> Self {
        Self {
            time_ns,
            lost_before: gap.map_or(0, |gap| gap.lost),
            levels_before: gap.map_or(0, |gap| gap.levels),
            value,
            after_gap: gap.is_some().into(),
        }
    }
}

/// A hole, in the layout of C.
#[repr(C)]
pub(crate) struct CGap {
    lost: u32,
    levels: u32,
}

impl From<Gap> for CGap {
    fn from(Gap { lost, levels }: Gap) -> Self {
        Self { lost, levels }
    }
}
