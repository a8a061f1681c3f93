//! The C interface, called as from C. It is one test, because there is one session per process.
#![cfg(unix)]

mod common;

use std::ffi::{CString, c_char, c_int};
use std::fs;
use std::ptr::null;

use common::{directory, events, header, open as recording};
use edgepipe_host::ffi::*;

fn pointers(strings: &[CString]) -> Vec<*const c_char> {
    strings.iter().map(|string| string.as_ptr()).collect()
}

fn open(arguments: &[&str]) -> c_int {
    let strings: Vec<_> = [&["edgepipe"], arguments]
        .concat()
        .iter()
        .map(|text| CString::new(*text).unwrap())
        .collect();
    let argv = pointers(&strings);
    // SAFETY: as many valid C strings as `argv` is long.
    unsafe { edgepipe_host_open(argv.len() as c_int, argv.as_ptr()) }
}

fn config() -> HostConfig {
    let mut config = HostConfig::default();
    // SAFETY: `config` is valid for writing.
    unsafe { edgepipe_host_config(&mut config) };
    config
}

fn begin(names: &[&str], initial_levels: u32) -> c_int {
    let strings: Vec<_> = names
        .iter()
        .map(|name| CString::new(*name).unwrap())
        .collect();
    let pointers = pointers(&strings);
    let array = if names.is_empty() {
        null()
    } else {
        pointers.as_ptr()
    };
    // SAFETY: null, or `lines` valid C strings.
    unsafe { edgepipe_host_begin(array, names.len() as u32, initial_levels) }
}

fn next() -> (c_int, HostEvent) {
    let mut event = HostEvent::default();
    // SAFETY: `event` is valid for writing.
    let status = unsafe { edgepipe_host_next(&mut event) };
    (status, event)
}

fn edge(at_us: u64, line: u8, level: u8) -> u64 {
    let edge = HostEdge {
        line,
        level,
        ..HostEdge::default()
    };
    // SAFETY: a reference is a valid pointer.
    unsafe { edgepipe_host_edge(at_us, &edge) }
}

fn finish(summary: &HostSummary) -> c_int {
    // SAFETY: a reference is a valid pointer.
    unsafe { edgepipe_host_finish(summary) }
}

#[test]
fn a_run_through_the_c_interface_is_a_run() {
    let directory = directory();
    let input = directory.path().join("in.vcd");
    let output = directory.path().join("out.vcd");
    fs::write(&input, header(2) + "#0\n1!\n0\"\n#5\n1\"\n#20\n").unwrap();
    let (input, output) = (input.to_str().unwrap(), output.to_str().unwrap());

    // Before any session, calls do no harm.
    assert_eq!(config(), HostConfig::default());
    assert_eq!(
        (begin(&["a"], 0), next().0, finish(&HostSummary::default())),
        (1, -1, 1)
    );
    assert_eq!(edge(0, 0, 0), 0);
    // SAFETY: nothing is read through a null pointer.
    let opened = unsafe { edgepipe_host_open(3, null()) };
    assert_eq!(opened, 0, "no arguments at all are the defaults");

    // Each kind of failure has its status.
    assert_eq!(open(&["--capacity", "0"]), 2);
    assert_eq!(open(&["--stimulus", "/none.vcd"]), 1);
    assert_eq!(open(&["--version"]), -1);

    // A replay.
    assert_eq!(
        open(&[
            "--stimulus",
            input,
            "--capture",
            output,
            "--ready",
            "4",
            "--headroom",
            "3",
            "--deliver",
            "direct",
            "--overflow=freeze",
            "--trigger=falling",
            "--flush-after=2ms",
            "--idle-after=3ms",
            "--debounce=1ms",
            "--json"
        ]),
        0
    );
    let mut unit = [0; 27];
    unit[..2].copy_from_slice(b"us");
    let expected = HostConfig {
        flush_after_us: 2_000,
        idle_after_us: 3_000,
        lines: 2,
        initial_levels: 0b01,
        capacity: 16,
        headroom: 3,
        threshold: 4,
        debounce_us: 1_000,
        json: 1,
        pipe: 0,
        freeze: 1,
        trigger: 2,
        unit,
    };
    assert_eq!(config(), expected);
    assert_eq!(begin(&[], 0), 0);
    assert_eq!(
        next(),
        (
            1,
            HostEvent {
                at_us: 5,
                line: 1,
                level: 1
            }
        )
    );
    assert_eq!(edge(5, 1, 1), 5);
    assert_eq!(next().0, 0);
    let mut summary = HostSummary {
        captured: 1,
        delivered: 1,
        ..Default::default()
    };
    summary.edges_per_line[1] = 1;
    assert_eq!(finish(&summary), 0);
    assert_eq!(events(&mut recording(output)), [(5, 1, true)]);
    assert_eq!(finish(&summary), 1, "the session is closed");

    // A session with the application's own lines, discarded halfway: the capture file is still the
    // one before.
    assert_eq!(open(&["--capture", output]), 0);
    assert_eq!(config().lines, 0);
    assert_eq!((config().pipe, config().headroom), (1, 16));
    assert_eq!(begin(&["button"], 1), 0);
    edge(1, 0, 0);
    edgepipe_host_discard();
    assert_eq!(events(&mut recording(output)), [(5, 1, true)]);
    assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 2);

    // A page. A reason that there is not is the end.
    let page = directory.path().join("out.html");
    assert_eq!(open(&["--report", page.to_str().unwrap(), "--json"]), 0);
    edgepipe_host_woken(1, 1, 2);
    assert_eq!(begin(&["button"], 1), 0);
    edge(7, 0, 0);
    edgepipe_host_woken(8, 1, 5);
    edgepipe_host_woken(9, 0, 99);
    assert_eq!(finish(&summary), 0);
    let page = fs::read_to_string(page).unwrap();
    assert!(page.contains(r#""title":"built-in stimulus""#));
    assert!(page.contains(r#""reasons":["idle","closed"],"reads":2"#));

    // A wrong edge is reported at the end.
    assert_eq!(
        (open(&["--capture", output]), begin(&["button"], 1)),
        (0, 0)
    );
    edge(1, 32, 0);
    assert_eq!(finish(&summary), 1);
}
