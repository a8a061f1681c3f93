//! native_sim: the stimulus and capture files of the Linux host, through `app/files/edgepipe_host.h`.
//!
//! The runner has read the command line by the time Zephyr boots (`host_options.c`).

use core::{
    ffi::{CStr, c_char, c_int},
    mem::MaybeUninit,
};

use edgepipe::{Config, Delivery, Edge, LINES_MAX, Readiness};
use edgepipe_app::{Builtin, Event, Stimulus, Summary, builtin};

/// `struct edgepipe_host_config`.
#[repr(C)]
struct HostConfig {
    has_stimulus: u8,
    json: u8,
    pipe: u8,
    lines: u32,
    initial_levels: u32,
    capacity: u32,
    headroom: u32,
    threshold: u32,
}

/// `struct edgepipe_host_event`.
#[repr(C)]
struct HostEvent {
    at_us: u64,
    line: u8,
    level: u8,
}

/// `struct edgepipe_host_summary`.
#[repr(C)]
struct HostSummary {
    captured: u64,
    delivered: u64,
    pending: u64,
    lost: u64,
    wakes: u64,
    edges_per_line: [u64; LINES_MAX],
}

extern "C" {
    fn edgepipe_host_config(out: *mut HostConfig);
    fn edgepipe_host_begin(names: *const *const c_char, lines: u32, initial_levels: u32) -> c_int;
    fn edgepipe_host_next(out: *mut HostEvent) -> c_int;
    fn edgepipe_host_edge(at_us: u64, line: u8, level: u8);
    fn edgepipe_host_finish(summary: *const HostSummary) -> c_int;
    /// native_sim's own end; declared in Zephyr's `nsi_main.h`.
    fn nsi_exit(status: c_int) -> !;
}

/// The lines and the configuration of the capture.
pub(crate) struct Setup {
    pub(crate) count: usize,
    pub(crate) initial_levels: u32,
    pub(crate) config: Config,
    pub(crate) input: Input,
}

pub(crate) fn open(config: Config) -> Result<Setup, i32> {
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
    let ready = match host.threshold {
        0 => Readiness::Full,
        records => Readiness::Records(records),
    };
    let (count, initial_levels, input) = if host.has_stimulus != 0 {
        (host.lines, host.initial_levels, Input::File)
    } else {
        let count = builtin::LINES.len() as u32;
        (
            count,
            builtin::INITIAL_LEVELS,
            Input::Builtin(Builtin::default()),
        )
    };
    const NAMES: [&CStr; builtin::LINES.len()] = [c"TX", c"BUTTON"];
    let names = NAMES.map(CStr::as_ptr);
    // SAFETY: the names are strings that end with a zero byte, one for each line of the built-in
    // stimulus; with a stimulus file they are not read.
    match unsafe { edgepipe_host_begin(names.as_ptr(), count, initial_levels) } {
        0 => Ok(Setup {
            count: count as usize,
            initial_levels,
            config: Config {
                capacity: Some(host.capacity + host.headroom),
                headroom: Some(host.headroom),
                ready,
                deliver: match host.pipe {
                    0 => Delivery::Direct,
                    _ => Delivery::Pipe,
                },
                ..config
            },
            input,
        }),
        status => Err(status),
    }
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

pub(crate) fn edge(at_us: u64, edge: &Edge) {
    // SAFETY: the call has no preconditions.
    unsafe { edgepipe_host_edge(at_us, edge.line, bool::from(edge.level).into()) }
}

pub(crate) fn finish(summary: &Summary) -> i32 {
    let summary = HostSummary {
        captured: summary.ledger.captured,
        delivered: summary.ledger.delivered,
        pending: summary.ledger.pending,
        lost: summary.ledger.lost.total(),
        wakes: summary.ledger.wakes,
        edges_per_line: summary.edges_per_line,
    };
    // SAFETY: `summary` is a whole `struct edgepipe_host_summary`.
    unsafe { edgepipe_host_finish(&summary) }
}

pub(crate) fn exit(status: i32) {
    // SAFETY: the call has no preconditions; it ends the process.
    unsafe { nsi_exit(status) }
}
