//! Bad input: an exit status, one line with the error and its place, and no half-written file.

use std::{ffi::OsStr, fs, path::Path};

use super::common::edgepipe;

/// A recording of one wire with the given body.
fn recording(body: &str) -> String {
    format!("$timescale 1 us $end\n$var wire 1 ! a $end\n$enddefinitions $end\n{body}")
}

/// Runs with `vcd` as the stimulus; returns the message, without the file's name.
fn refusal(vcd: &str) -> String {
    let scratch = tempfile::tempdir().expect("a scratch folder");
    let stimulus = scratch.path().join("in.vcd");
    let capture = scratch.path().join("out.vcd");
    fs::write(&stimulus, vcd).expect("a scratch file");
    let run = edgepipe(&[
        "--stimulus".as_ref(),
        stimulus.as_os_str(),
        "--capture".as_ref(),
        capture.as_os_str(),
        "--json".as_ref(),
    ]);
    assert_eq!(run.status, 1, "{}", run.stderr);
    assert_eq!(run.stdout, "");
    assert_eq!(run.stderr.lines().count(), 1, "{}", run.stderr);
    let left = fs::read_dir(scratch.path()).expect("the folder").count();
    assert_eq!(left, 1, "only the stimulus is there");
    let name = stimulus.to_str().expect("UTF-8");
    run.stderr
        .trim_end()
        .strip_prefix(name)
        .expect("it begins with the file")
        .to_owned()
}

fn usage(arguments: &[&str]) -> String {
    let arguments: Vec<&OsStr> = arguments.iter().map(OsStr::new).collect();
    let run = edgepipe(&arguments);
    assert_eq!((run.status, run.stdout.as_str()), (2, ""));
    assert_eq!(run.stderr.lines().count(), 1, "{}", run.stderr);
    run.stderr
}

#[test]
fn a_malformed_recording_is_refused_with_its_line() {
    assert!(refusal(&recording("#0\n0!\n#5\nrubbish\n")).starts_with(":7: "));
    assert!(refusal("this is no VCD\n").starts_with(":1: "));
}

#[test]
fn a_truncated_recording_is_refused_with_its_line() {
    assert!(refusal(&recording("#0\n0!\n#")).starts_with(":6: "));
    assert!(refusal("$timescale 1 us $end\n$var wire 1 ! a $end\n").starts_with(":2: "));
}

#[test]
fn a_recording_whose_times_run_backwards_is_refused_with_its_line() {
    assert!(refusal(&recording("#0\n0!\n#9\n1!\n#8\n0!\n")).starts_with(":8: "));
}

#[test]
fn a_recording_with_no_wire_or_too_many_is_refused() {
    assert!(refusal("$timescale 1 us $end\n$enddefinitions $end\n").contains("wire"));
    let wires: String = (0..33)
        .map(|n| format!("$var wire 1 w{n} a{n} $end\n"))
        .collect();
    let vcd = format!("$timescale 1 us $end\n{wires}$enddefinitions $end\n");
    assert!(refusal(&vcd).contains("32"));
}

#[test]
fn a_missing_recording_is_refused() {
    let run = edgepipe(&["--stimulus".as_ref(), "no/such.vcd".as_ref()]);
    assert_eq!(run.status, 1);
    assert!(run.stderr.starts_with("no/such.vcd: "), "{}", run.stderr);
}

#[test]
fn an_unwritable_capture_is_refused() {
    let run = edgepipe(&["--capture".as_ref(), "no/such/out.vcd".as_ref()]);
    assert_eq!(run.status, 1);
    assert!(
        run.stderr.starts_with("no/such/out.vcd: "),
        "{}",
        run.stderr
    );
    assert!(!Path::new("no").exists());
}

#[test]
fn a_command_line_that_cannot_be_right_is_refused() {
    assert!(usage(&["--capacity", "0"]).contains("--capacity"));
    assert!(usage(&["--capacity", "65537"]).contains("65536"));
    assert!(usage(&["--ready", "0"]).contains("--ready"));
    assert!(usage(&["--ready", "9", "--capacity", "8"]).contains("--ready"));
    assert!(usage(&["--ready", "sometimes"]).contains("sometimes"));
    assert!(usage(&["--frobnicate"]).contains("--frobnicate"));
}
