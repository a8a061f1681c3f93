//! The fuzzer's kept inputs, checked by an ordinary test.

use std::{fs, path::Path};

use edgepipe_checks::{channel, options, record, recording, sr, stream, sump, vcd};

/// Checks every input that is kept for `target`.
fn replay(target: &str, check: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../corpus")
        .join(target);
    let entries = fs::read_dir(&folder).expect("every target has its inputs");
    let mut inputs: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    inputs.sort();
    assert!(!inputs.is_empty(), "{} is empty", folder.display());
    for input in inputs {
        // Shown if the check fails.
        println!("{}", input.display());
        check(&fs::read(&input).unwrap());
    }
}

#[test]
fn channel() {
    replay("channel", channel::check);
}

#[test]
fn options() {
    replay("options", options::check_quietly);
}

#[test]
fn record() {
    replay("record", record::check);
}

#[test]
fn recording() {
    replay("recording", recording::check);
}

#[test]
fn sr() {
    replay("sr", sr::check);
}

#[test]
fn stream() {
    replay("stream", stream::check);
}

#[test]
fn sump() {
    replay("sump", sump::check);
}

#[test]
fn vcd() {
    replay("vcd", vcd::check);
}
