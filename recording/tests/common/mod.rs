//! Shared by the tests: a directory to write in, and small recordings.

// Each test file uses its own part of this.
#![allow(dead_code, reason = "each test file uses a part of it")]

use std::fs;
use std::path::{Path, PathBuf};

use edgepipe_recording::{Error, Event, Recording, Wires};
use tempfile::TempDir;

/// A file beside the tests.
pub(crate) fn path_of(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests")
        .join(name)
}

/// A directory that is removed after the test.
pub(crate) fn directory() -> TempDir {
    tempfile::tempdir().unwrap()
}

/// A header that declares `wires` one-bit wires with the id codes `!`, `"`, `#` and so on.
pub(crate) fn header(wires: u8) -> String {
    let mut text = String::from("$timescale 1 us $end\n$scope module top $end\n");
    for wire in 0..wires {
        text += &format!("$var wire 1 {} w{wire} $end\n", (b'!' + wire) as char);
    }
    text + "$upscope $end\n$enddefinitions $end\n"
}

/// Writes `content` as `in.vcd` and opens it.
pub(crate) fn open(directory: &TempDir, content: impl AsRef<[u8]>) -> Result<Recording, Error> {
    let path = directory.path().join("in.vcd");
    fs::write(&path, content).unwrap();
    Recording::open(&path, &Wires::default())
}

/// Opens `content` as `in.vcd` and checks the message, without the directory.
#[track_caller]
pub(crate) fn refused(content: impl AsRef<[u8]>, message: &str) {
    let directory = directory();
    let error = open(&directory, content).unwrap_err().to_string();
    let prefix = format!("{}/", directory.path().display());
    assert_eq!(error.strip_prefix(&prefix), Some(message));
}

/// All events.
pub(crate) fn events(recording: &mut Recording) -> Vec<Event> {
    std::iter::from_fn(|| recording.next_event().unwrap()).collect()
}

/// All events, as (time, wire, level).
pub(crate) fn triples(recording: &mut Recording) -> Vec<(u64, u8, bool)> {
    let events = events(recording).into_iter();
    events
        .map(|event| (event.time, event.wire, event.level))
        .collect()
}
