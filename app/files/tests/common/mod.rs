//! Shared by the tests: a directory to write in, small recordings, and the recordings of devices.

// Each test file uses its own part of this.
#![allow(dead_code, reason = "each test file uses a part of it")]

use std::path::{Path, PathBuf};

use edgepipe_host::{Header, Recording, TimeUnit, Wires};
use tempfile::TempDir;

/// A directory that is removed after the test.
pub(crate) fn directory() -> TempDir {
    tempfile::tempdir().unwrap()
}

/// A header that declares `wires` single-bit wires with the id codes `!`, `"`, `#` …
pub(crate) fn header(wires: u8) -> String {
    let mut text = String::from("$timescale 1 us $end\n$scope module top $end\n");
    for wire in 0..wires {
        text += &format!("$var wire 1 {} w{wire} $end\n", (b'!' + wire) as char);
    }
    text + "$upscope $end\n$enddefinitions $end\n"
}

/// Opens all wires of a recording.
pub(crate) fn open(path: impl AsRef<Path>) -> Recording {
    Recording::open(path.as_ref(), &Wires::default()).unwrap()
}

/// All events, as (time, wire, level).
pub(crate) fn events(recording: &mut Recording) -> Vec<(u64, u8, bool)> {
    let mut all = Vec::new();
    while let Some(event) = recording.next_event().unwrap() {
        all.push((event.time, event.wire, event.level));
    }
    all
}

/// The header of a capture of lines with these names, which are low, in microseconds.
pub(crate) fn lines(names: &[String]) -> Header<'_> {
    Header {
        names,
        initial_levels: 0,
        unit: TimeUnit::MICROSECOND,
        one_trigger: None,
    }
}

/// A recording of a real device, if it is installed next to the project.
pub(crate) fn recording(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/captures")
        .join(name);
    if path.is_file() {
        return Some(path);
    }
    println!("skipped: there is no {}", path.display());
    None
}

/// The recordings and their edges, as their README lists them.
pub(crate) const RECORDINGS: [(&str, u64); 5] = [
    ("dht11.vcd", 172),
    ("uart_9600.vcd", 344),
    ("ir_nec.vcd", 340),
    ("wiegand.vcd", 136),
    ("rotary.vcd", 12_732),
];
