//! Rust's half of `same.c`: reads the other capture.

use edgepipe::{Capture, Edge, Gap, Level, Pulses, Reader};
use edgepipe_devicetree::edges;
use zephyr::sync::SpinMutex;

/// `struct edgepipe_edge`.
#[repr(C)]
pub struct CEdge {
    time_ns: u64,
    lost_before: u32,
    levels_before: u32,
    line: u8,
    level: u8,
    sequence: u8,
    after_gap: u8,
}

/// `struct edgepipe_pulse`.
#[repr(C)]
pub struct CPulse {
    start_ns: u64,
    duration_ns: u64,
    lost_before: u32,
    levels_before: u32,
    line: u8,
    level: u8,
    after_gap: u8,
}

static OPEN: SpinMutex<Option<(Capture, Reader)>> = SpinMutex::new(None);
static PULSES: SpinMutex<Pulses<2>> = SpinMutex::new(Pulses::new());

#[no_mangle]
extern "C" fn same_open() -> bool {
    let opened = edges!(labels::by_rust).open().ok();
    let Ok(mut open) = OPEN.lock();
    *open = opened;
    open.is_some()
}

#[no_mangle]
extern "C" fn same_close() {
    let Ok(mut open) = OPEN.lock();
    let ended = open.take();
    // Ended without the lock.
    drop(open);
    drop(ended);
}

/// # Safety
///
/// `out` can be written for `count` edges.
#[no_mangle]
unsafe extern "C" fn same_read(out: *mut CEdge, count: usize) -> usize {
    let Ok(mut open) = OPEN.lock();
    let (_, reader) = open.as_mut().expect("it was opened");
    let mut read = 0;
    let mut edge = [Edge::default()];
    while read < count && reader.try_read_edges(&mut edge) == Ok(1) {
        let [edge] = edge;
        let edge = CEdge {
            time_ns: edge.timestamp_ns,
            lost_before: edge.lost_before(),
            levels_before: edge.gap.map_or(0, |gap| gap.levels),
            line: edge.line,
            level: (edge.level == Level::High).into(),
            sequence: edge.sequence,
            after_gap: edge.gap.is_some().into(),
        };
        // SAFETY: by the duty above.
        unsafe { out.add(read).write(edge) };
        read += 1;
    }
    read
}

#[no_mangle]
extern "C" fn same_pulse(edge: &CEdge, out: &mut CPulse) -> bool {
    let edge = Edge {
        timestamp_ns: edge.time_ns,
        gap: (edge.after_gap != 0).then_some(Gap {
            lost: edge.lost_before,
            levels: edge.levels_before,
        }),
        line: edge.line,
        level: Level::from(edge.level != 0),
        sequence: edge.sequence,
    };
    let Ok(mut pulses) = PULSES.lock();
    let Some(pulse) = pulses.next(&edge) else {
        return false;
    };
    *out = CPulse {
        start_ns: pulse.start_ns,
        duration_ns: pulse.duration_ns,
        lost_before: pulse.gap.map_or(0, |gap| gap.lost),
        levels_before: pulse.gap.map_or(0, |gap| gap.levels),
        line: pulse.line,
        level: (pulse.level == Level::High).into(),
        after_gap: pulse.gap.is_some().into(),
    };
    true
}
