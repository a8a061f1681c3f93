//! The C interface that the `native_sim` runner calls; `edgepipe_host.h` is its other half.
//!
//! There is one session per process, behind a mutex: the runner starts before Zephyr's threads and
//! outlives them. A panic does not cross into C: it is reported like any other failure.

use std::ffi::{CStr, OsStr, c_char, c_int};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, PoisonError};

use crate::{
    Captured, Counts, Deliver, Error, Event, LINES_MAX, Lines, Options, Overflow, Session, Trigger,
    Woken,
};

/// `struct edgepipe_host_summary`.
pub type HostSummary = Counts;

/// `struct edgepipe_host_edge`.
pub type HostEdge = Captured;

/// Size of [`HostConfig::unit`].
const UNIT_MAX: usize = 27;

/// `struct edgepipe_host_config`: the parts of the command line that the application needs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[repr(C)]
pub struct HostConfig {
    /// The deadline of the oldest record in microseconds, 0 for none.
    pub flush_after_us: u64,
    /// How long no edge must come for the reader to wake, in microseconds, 0 for never.
    pub idle_after_us: u64,
    /// Lines of the stimulus, 0 without one.
    pub lines: u32,
    /// Their levels at time 0, bit *n* for line *n*.
    pub initial_levels: u32,
    /// Size of the buffer, in records.
    pub capacity: u32,
    /// Room for records behind the capacity.
    pub headroom: u32,
    /// Records that wake the reader, 0 for a full buffer.
    pub threshold: u32,
    /// The time for which a level must be stable in microseconds, 0 for none.
    pub debounce_us: u32,
    /// 1 if the summary is printed as JSON.
    pub json: u8,
    /// 1 if records are delivered through a pipe; 0 if the reader takes them.
    pub pipe: u8,
    /// 1 if all edges are lost from the first that finds no room until the buffer is read empty.
    pub freeze: u8,
    /// 0 for both edges, 1 for rising ones, 2 for falling ones.
    pub trigger: u8,
    /// The unit of the times that `edgepipe_host_edge` returns, as text that ends with a zero byte.
    pub unit: [u8; UNIT_MAX],
}

/// `struct edgepipe_host_event`: an [`Event`] in the layout of C.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[repr(C)]
pub struct HostEvent {
    /// When, in microseconds of simulated time from the recording's time 0.
    pub at_us: u64,
    /// Which line, counted from 0.
    pub line: u8,
    /// 1 for high, 0 for low.
    pub level: u8,
}

// The header asserts the same numbers.
const _: () = assert!(size_of::<HostConfig>() == 72);
const _: () = assert!(size_of::<HostEdge>() == 12);
const _: () = assert!(size_of::<HostEvent>() == 16);
const _: () = assert!(size_of::<HostSummary>() == 344);

static SESSION: Mutex<Option<Session>> = Mutex::new(None);

/// Runs `body` on the process's session, and turns a panic into an error.
fn with_session<T>(
    body: impl FnOnce(&mut Option<Session>) -> Result<T, Error>,
) -> Result<T, Error> {
    catch_unwind(AssertUnwindSafe(|| {
        // A session that a panic left half changed does no harm: it is dropped below.
        body(&mut SESSION.lock().unwrap_or_else(PoisonError::into_inner))
    }))
    .unwrap_or_else(|_| {
        *SESSION.lock().unwrap_or_else(PoisonError::into_inner) = None;
        Err(Error::failure(
            "internal error: please report the lines above",
        ))
    })
}

fn opened(session: &mut Option<Session>) -> Result<&mut Session, Error> {
    session
        .as_mut()
        .ok_or_else(|| Error::failure("no session: edgepipe_host_open comes first"))
}

/// 0 or, after printing the error, its exit status.
fn status(result: Result<(), Error>) -> c_int {
    match result {
        Ok(()) => 0,
        Err(error) => c_int::from(error.report()),
    }
}

/// Reads the command line and opens the stimulus; see `edgepipe_host.h`.
///
/// # Safety
///
/// `argv` is null or points to `argc` pointers to C strings, all valid during the call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn edgepipe_host_open(argc: c_int, argv: *const *const c_char) -> c_int {
    let opened = with_session(|session| {
        // Dropped first: an unfinished session still holds its temporary file.
        *session = None;
        let count = usize::try_from(argc).unwrap_or(0);
        // SAFETY: `argv` is null or points to `argc` valid C strings, the caller's duty.
        let arguments = unsafe { strings(argv, count) };
        let arguments = arguments
            .into_iter()
            .map(|text| OsStr::from_bytes(text.to_bytes()));
        *session = Some(Session::open(Options::try_parse_from(arguments)?)?);
        Ok(())
    });
    match &opened {
        // 0 would mean "go on".
        Err(answer) if answer.exit_status() == 0 => match answer.report() {
            0 => -1,
            status => c_int::from(status),
        },
        _ => status(opened),
    }
}

/// Gets the parts of the command line that the application needs; see `edgepipe_host.h`.
///
/// # Safety
///
/// `out` is null or valid for writing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn edgepipe_host_config(out: *mut HostConfig) {
    let config = with_session(|session| {
        let session = opened(session)?;
        let (options, stimulus) = (session.options(), session.stimulus());
        let mut unit = [0; UNIT_MAX];
        // The last byte stays zero.
        for (place, byte) in unit[..UNIT_MAX - 1]
            .iter_mut()
            .zip(session.unit_text().bytes())
        {
            *place = byte;
        }
        Ok(HostConfig {
            flush_after_us: session.flush_after_us(),
            idle_after_us: session.idle_after_us(),
            lines: stimulus.map_or(0, |stimulus| stimulus.names().len() as u32),
            initial_levels: stimulus.map_or(0, |stimulus| stimulus.initial_levels()),
            capacity: options.capacity,
            headroom: options.headroom(),
            threshold: options.threshold(),
            debounce_us: session.debounce_us(),
            json: u8::from(options.json),
            pipe: u8::from(options.deliver == Deliver::Pipe),
            freeze: u8::from(options.overflow == Overflow::Freeze),
            trigger: match options.trigger {
                Trigger::Both => 0,
                Trigger::Rising => 1,
                Trigger::Falling => 2,
            },
            unit,
        })
    });
    if !out.is_null() {
        // SAFETY: not null, hence valid for writing, the caller's duty.
        unsafe { out.write(config.unwrap_or_default()) };
    }
}

/// Creates the capture file; see `edgepipe_host.h`.
///
/// # Safety
///
/// `names` is null or points to `lines` pointers to C strings, all valid during the call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn edgepipe_host_begin(
    names: *const *const c_char,
    lines: u32,
    initial_levels: u32,
) -> c_int {
    status(with_session(|session| {
        let session = opened(session)?;
        if names.is_null() {
            return session.begin(None);
        }
        // One more than is allowed is enough for the session to refuse it.
        let count = (lines as usize).min(LINES_MAX + 1);
        // SAFETY: `names` points to `lines` valid C strings, the caller's duty, and `count` is not
        // larger.
        let names = unsafe { strings(names, count) };
        let names = names
            .iter()
            .map(|name| name.to_string_lossy().into_owned())
            .collect();
        session.begin(Some(Lines {
            names,
            initial_levels,
        }))
    }))
}

/// Fetches the next event of the stimulus; see `edgepipe_host.h`.
///
/// # Safety
///
/// `out` is null or valid for writing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn edgepipe_host_next(out: *mut HostEvent) -> c_int {
    match with_session(|session| opened(session)?.next_event()) {
        Ok(Some(Event { at_us, line, level })) => {
            if !out.is_null() {
                let event = HostEvent {
                    at_us,
                    line,
                    level: u8::from(level),
                };
                // SAFETY: not null, hence valid for writing, the caller's duty.
                unsafe { out.write(event) };
            }
            1
        }
        Ok(None) => 0,
        Err(error) => {
            error.report();
            -1
        }
    }
}

/// When the stimulus ends, after its last event; see `edgepipe_host.h`.
#[unsafe(no_mangle)]
pub extern "C" fn edgepipe_host_end_us() -> u64 {
    with_session(|session| Ok(opened(session)?.end_us())).unwrap_or_default()
}

/// Takes one delivered edge; see `edgepipe_host.h`.
///
/// # Safety
///
/// `edge` points to a valid edge.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn edgepipe_host_edge(at_us: u64, edge: *const HostEdge) -> u64 {
    // SAFETY: null or valid, the caller's duty.
    let edge = unsafe { edge.as_ref() }.copied().unwrap_or_default();
    // The session keeps an error of the edge; `finish` reports it.
    with_session(|session| Ok(opened(session)?.edge(at_us, &edge))).unwrap_or_default()
}

/// Notes that the reader woke; see `edgepipe_host.h`.
#[unsafe(no_mangle)]
pub extern "C" fn edgepipe_host_woken(at_us: u64, edges: u64, reason: u8) {
    let _ = with_session(|session| {
        opened(session)?.woken(at_us, edges, Woken::from_number(reason));
        Ok(())
    });
}

/// Completes the capture and prints the summary; see `edgepipe_host.h`.
///
/// # Safety
///
/// `summary` is null or points to a valid summary.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn edgepipe_host_finish(summary: *const HostSummary) -> c_int {
    status(with_session(|session| {
        opened(session)?;
        // SAFETY: null or valid, the caller's duty.
        let counts = unsafe { summary.as_ref() }.copied().unwrap_or_default();
        match session.take() {
            Some(session) => session.finish(&counts, &mut io::stdout()),
            None => Ok(()),
        }
    }))
}

/// Forgets the session, and an unfinished capture with it; see `edgepipe_host.h`.
#[unsafe(no_mangle)]
pub extern "C" fn edgepipe_host_discard() {
    let _ = with_session(|session| {
        if session.take().is_some_and(|session| session.has_begun()) {
            return Err(Error::failure(
                "stopped before its end: there is no summary and no capture",
            ));
        }
        Ok(())
    })
    .map_err(|error| error.report());
}

/// The C strings of an array, up to the first null pointer.
///
/// # Safety
///
/// `array` is null or points to `count` pointers, each null or to a C string that outlives `'a`.
unsafe fn strings<'a>(array: *const *const c_char, count: usize) -> Vec<&'a CStr> {
    if array.is_null() {
        return Vec::new();
    }
    (0..count)
        // SAFETY: `index` is below `count`, the length of the array.
        .map(|index| unsafe { *array.add(index) })
        .take_while(|string| !string.is_null())
        // SAFETY: not null, hence a C string that outlives `'a`.
        .map(|string| unsafe { CStr::from_ptr(string) })
        .collect()
}
