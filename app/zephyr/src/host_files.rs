//! native_sim: the stimulus and capture files of the Linux host, through `app/files/edgepipe_host.h`.
//!
//! The runner has read the command line by the time Zephyr boots (`host_options.c`).

use core::{
    ffi::{CStr, c_char, c_int},
    mem::MaybeUninit,
    ptr::null,
};

use edgepipe::{Config, Delivery, Edge, LINES_MAX, Overflow, Readiness, Trigger, Wake};
use edgepipe_app::{Builtin, Event, Sink, Stimulus, Summary, builtin};
use zephyr::time::Duration;

use crate::world::{Setup, UNIT_MAX, Unit};

/// `struct edgepipe_host_config`.
#[repr(C)]
struct HostConfig {
    flush_after_us: u64,
    idle_after_us: u64,
    lines: u32,
    initial_levels: u32,
    capacity: u32,
    headroom: u32,
    threshold: u32,
    debounce_us: u32,
    json: u8,
    pipe: u8,
    freeze: u8,
    trigger: u8,
    unit: [u8; UNIT_MAX],
}

/// `struct edgepipe_host_event`.
#[repr(C)]
struct HostEvent {
    at_us: u64,
    line: u8,
    level: u8,
}

/// `struct edgepipe_host_edge`.
#[repr(C)]
struct HostEdge {
    lost_before: u32,
    levels_before: u32,
    line: u8,
    level: u8,
}

/// `struct edgepipe_host_summary`.
#[repr(C)]
struct HostSummary {
    captured: u64,
    delivered: u64,
    pending: u64,
    lost_full: u64,
    lost_frozen: u64,
    lost_closed: u64,
    lost_unreadable: u64,
    missed_rising: u64,
    missed_falling: u64,
    high_water: u64,
    wakes: u64,
    edges_per_line: [u64; LINES_MAX],
}

extern "C" {
    fn edgepipe_host_config(out: *mut HostConfig);
    fn edgepipe_host_begin(names: *const *const c_char, lines: u32, initial_levels: u32) -> c_int;
    fn edgepipe_host_next(out: *mut HostEvent) -> c_int;
    fn edgepipe_host_end_us() -> u64;
    fn edgepipe_host_edge(at_us: u64, edge: *const HostEdge) -> u64;
    fn edgepipe_host_woken(at_us: u64, edges: u64, reason: u8);
    fn edgepipe_host_finish(summary: *const HostSummary) -> c_int;
    /// native_sim's own end; declared in Zephyr's `nsi_main.h`.
    fn nsi_exit(status: c_int) -> !;
}

/// The command line has the whole configuration, and the devicetree's is not used.
pub(crate) fn open(_devicetree: Config) -> Result<Setup, i32> {
    let mut host = MaybeUninit::uninit();
    // SAFETY: the call initialises all of `host`.
    let host: HostConfig = unsafe {
        edgepipe_host_config(host.as_mut_ptr());
        host.assume_init()
    };
    if host.json != 0 {
        // Only the summary may be on standard output, and the log goes there too.
        log::set_max_level(log::LevelFilter::Off);
    }
    const OWN: [&CStr; builtin::LINES.len()] = [c"TX", c"BUTTON"];
    let own = OWN.map(CStr::as_ptr);
    let (names, count, initial_levels, input) = match host.lines {
        0 => {
            let builtin = Input::Builtin(Builtin::default());
            (own.as_ptr(), OWN.len(), builtin::INITIAL_LEVELS, builtin)
        }
        lines => (null(), lines as usize, host.initial_levels, Input::File),
    };
    // SAFETY: the names are null, or `count` strings that end with a zero byte.
    match unsafe { edgepipe_host_begin(names, count as u32, initial_levels) } {
        0 => Ok(Setup {
            count,
            initial_levels,
            config: config(&host),
            trigger: match host.trigger {
                0 => Trigger::Both,
                1 => Trigger::Rising,
                _ => Trigger::Falling,
            },
            debounce_us: host.debounce_us,
            unit: unit(&host.unit),
            input,
        }),
        status => Err(status),
    }
}

/// A time in microseconds; 0 is none.
fn time(us: u64) -> Option<Duration> {
    (us > 0).then(|| Duration::micros_at_least(us))
}

fn config(host: &HostConfig) -> Config {
    Config {
        capacity: Some(host.capacity + host.headroom),
        headroom: Some(host.headroom),
        ready: match host.threshold {
            0 => Readiness::Full,
            records => Readiness::Records(records),
        },
        flush_after: time(host.flush_after_us),
        idle_after: time(host.idle_after_us),
        overflow: match host.freeze {
            0 => Overflow::DropNewest,
            _ => Overflow::Freeze,
        },
        deliver: match host.pipe {
            0 => Delivery::Direct,
            _ => Delivery::Pipe,
        },
        clock: None,
    }
}

fn unit(bytes: &[u8; UNIT_MAX]) -> Unit {
    let text = CStr::from_bytes_until_nul(bytes).unwrap_or_default();
    Unit::try_from(text.to_str().unwrap_or_default()).unwrap_or_default()
}

/// The source of the stimulus.
pub(crate) enum Input {
    File,
    Builtin(Builtin),
}

impl Stimulus for Input {
    fn next(&mut self) -> Option<Event> {
        let Self::Builtin(builtin) = self else {
            return next_of_file();
        };
        builtin.next()
    }

    fn end_us(&self) -> u64 {
        match self {
            // SAFETY: the call has no preconditions.
            Self::File => unsafe { edgepipe_host_end_us() },
            Self::Builtin(builtin) => builtin.end_us(),
        }
    }
}

fn next_of_file() -> Option<Event> {
    let mut event = MaybeUninit::<HostEvent>::uninit();
    // SAFETY: the call initialises all of `event` when it returns 1.
    match unsafe { edgepipe_host_next(event.as_mut_ptr()) } {
        1 => {
            // SAFETY: as above.
            let HostEvent { at_us, line, level } = unsafe { event.assume_init() };
            Some(Event {
                at_us,
                line,
                high: level != 0,
            })
        }
        0 => None,
        _ => {
            exit(1);
            None
        }
    }
}

/// Where the edges go that are read.
pub(crate) struct Edges;

impl Sink for Edges {
    fn edge(&mut self, at_us: u64, edge: &Edge) -> u64 {
        let edge = HostEdge {
            lost_before: edge.lost_before(),
            levels_before: edge.gap.map_or(0, |gap| gap.levels),
            line: edge.line,
            level: bool::from(edge.level).into(),
        };
        // SAFETY: `edge` is a whole `struct edgepipe_host_edge`.
        unsafe { edgepipe_host_edge(at_us, &edge) }
    }

    fn batch(&mut self, edges: u64, wake: Wake, now_us: impl FnOnce() -> u64) {
        // SAFETY: the call has no preconditions.
        unsafe { edgepipe_host_woken(now_us(), edges, wake as u8) };
    }
}

pub(crate) fn finish(summary: &Summary) -> i32 {
    let ledger = &summary.ledger;
    let summary = HostSummary {
        captured: ledger.captured,
        delivered: ledger.delivered,
        pending: ledger.pending,
        lost_full: ledger.lost.full,
        lost_frozen: ledger.lost.frozen,
        lost_closed: ledger.lost.closed,
        lost_unreadable: ledger.lost.unreadable,
        missed_rising: ledger.missed.rising,
        missed_falling: ledger.missed.falling,
        high_water: ledger.high_water.into(),
        wakes: ledger.wakes,
        edges_per_line: summary.edges_per_line,
    };
    // SAFETY: `summary` is a whole `struct edgepipe_host_summary`.
    unsafe { edgepipe_host_finish(&summary) }
}

pub(crate) fn exit(status: i32) {
    // SAFETY: the call has no preconditions; it ends the process.
    unsafe { nsi_exit(status) }
}
