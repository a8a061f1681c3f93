//! Recordings of real devices, through the program and back.
//!
//! The recordings are next to the repository, if they are installed; without them each test says
//! so.

use std::{
    ffi::OsStr,
    fmt::Write,
    fs,
    path::Path,
    process::{Command, Stdio},
    thread,
    time::Duration,
};

use super::common::{Run, edgepipe, recordings};
use edgepipe_host::{Recording, Wires};

/// Recording, edges.
const EXPECTED: [(&str, u64); 5] = [
    ("dht11", 172),
    ("uart_9600", 344),
    ("ir_nec", 340),
    ("wiegand", 136),
    ("rotary", 12_732),
];

/// Time in picoseconds, wire, level.
fn events(path: &Path) -> Vec<(u64, u8, bool)> {
    let mut recording = Recording::open(path, &Wires::default()).expect("a recording");
    let (numerator, denominator) = recording.unit().fraction();
    let picoseconds = numerator * 1_000_000_000_000 / denominator;
    std::iter::from_fn(|| recording.next_event().expect("a recording"))
        .map(|event| (event.time * picoseconds, event.wire, event.level))
        .collect()
}

#[test]
fn every_recording_is_captured_without_loss_and_with_the_expected_wakes() {
    let Some(folder) = recordings() else { return };
    for (name, edges) in EXPECTED {
        let recording = folder.join(name).with_extension("vcd");
        let each = [1, 4, 7, 64].map(|capacity| [(capacity, "pipe"), (capacity, "direct")]);
        for (capacity, deliver) in each.into_iter().flatten() {
            let capacity_text = capacity.to_string();
            let Run { status, json, .. } = edgepipe(&[
                "--stimulus".as_ref(),
                recording.as_os_str(),
                "--capacity".as_ref(),
                capacity_text.as_ref(),
                "--deliver".as_ref(),
                deliver.as_ref(),
                "--json".as_ref(),
            ]);
            assert_eq!(status, 0);
            let number = |key: &str| json[key].as_u64().expect(key);
            assert_eq!(number("captured"), edges, "{name}");
            assert_eq!(number("delivered"), edges, "{name}");
            assert_eq!((number("pending"), number("lost")), (0, 0), "{name}");
            assert_eq!(
                number("wakes"),
                edges / capacity,
                "{name} at capacity {capacity}, {deliver}"
            );
            let per_line = json["edges_per_line"].as_array().expect("edges_per_line");
            assert_eq!(
                per_line.iter().filter_map(|n| n.as_u64()).sum::<u64>(),
                edges,
                "{name}"
            );
        }
    }
}

#[test]
fn a_capture_has_the_edges_of_the_recording_at_the_same_times() {
    let Some(folder) = recordings() else { return };
    let scratch = tempfile::tempdir().expect("a scratch folder");
    for (name, edges) in EXPECTED {
        let recording = folder.join(name).with_extension("vcd");
        let capture = scratch.path().join(name);
        let run = edgepipe(&[
            "--stimulus".as_ref(),
            recording.as_os_str(),
            "--capture".as_ref(),
            capture.as_os_str(),
            "--json".as_ref(),
        ]);
        assert_eq!(run.status, 0);
        let captured = events(&capture);
        assert_eq!(captured.len() as u64, edges);
        assert_eq!(captured, events(&recording), "{name}");
    }
}

#[test]
fn sigrok_decodes_the_same_from_a_capture_as_from_its_recording() {
    const DECODERS: [(&str, &str); 5] = [
        ("dht11", "am230x:sda=SDA:device=dht11"),
        ("uart_9600", "uart:rx=TX:baudrate=9600"),
        ("ir_nec", "ir_nec:ir=IR"),
        ("wiegand", "wiegand:d0=0:d1=1"),
        ("rotary", "graycode:d0=0:d1=1"),
    ];
    let Some(folder) = recordings() else { return };
    if Command::new("sigrok-cli")
        .arg("--version")
        .output()
        .is_err()
    {
        println!("SKIP: no sigrok-cli");
        return;
    }
    let decode = |path: &Path, decoder: &str| {
        let output = Command::new("sigrok-cli")
            .args(["-I", "vcd", "-P", decoder, "-i"])
            .arg(path)
            .output()
            .expect("sigrok-cli was there");
        // Not its status: some decoders' Python crashes at its end, after the message.
        output.stdout
    };
    let scratch = tempfile::tempdir().expect("a scratch folder");
    let capture = scratch.path().join("out.vcd");
    for (name, decoder) in DECODERS {
        let recording = folder.join(name).with_extension("vcd");
        let run = edgepipe(&[
            "--stimulus".as_ref(),
            recording.as_os_str(),
            "--capture".as_ref(),
            capture.as_os_str(),
        ]);
        assert_eq!(run.status, 0, "{name}");
        let message = decode(&recording, decoder);
        assert!(!message.is_empty(), "{name}");
        assert!(decode(&capture, decoder) == message, "{name}");
    }
}

#[test]
fn a_threshold_wakes_the_reader_more_often_than_a_full_buffer() {
    let Some(folder) = recordings() else { return };
    let recording = folder.join("ir_nec.vcd");
    let run = edgepipe(&[
        "--stimulus".as_ref(),
        recording.as_os_str(),
        "--capacity".as_ref(),
        "64".as_ref(),
        "--ready".as_ref(),
        "10".as_ref(),
        "--json".as_ref(),
    ]);
    assert_eq!(run.json["wakes"], 340 / 10);
}

#[test]
fn the_same_run_gives_the_same_bytes() {
    let scratch = tempfile::tempdir().expect("a scratch folder");
    let capture = |name: &str| {
        let path = scratch.path().join(name);
        assert_eq!(
            edgepipe(&["--capture".as_ref(), path.as_os_str()]).status,
            0
        );
        fs::read(path).expect("a capture")
    };
    assert_eq!(capture("first"), capture("second"));
}

#[cfg(unix)]
#[test]
fn an_interrupt_ends_the_replay_and_leaves_a_whole_capture() {
    let scratch = tempfile::tempdir().expect("a scratch folder");
    let (recording, capture) = (
        scratch.path().join("long.vcd"),
        scratch.path().join("out.vcd"),
    );
    // A replay of some seconds.
    let mut text =
        String::from("$timescale 1 us $end\n$var wire 1 ! A $end\n$enddefinitions $end\n#0\n0!\n");
    for edge in 1..=3_000_000 {
        writeln!(text, "#{edge}\n{}!", edge % 2).expect("a string takes everything");
    }
    fs::write(&recording, text).expect("there is room");
    let mut running = Command::new(env!("CARGO_BIN_EXE_edgepipe"))
        .args([OsStr::new("--stimulus"), recording.as_os_str()])
        .args([OsStr::new("--capture"), capture.as_os_str()])
        .arg("--json")
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program starts");
    // Wait until the capture has begun: then its temporary file exists.
    while fs::read_dir(scratch.path()).expect("it is there").count() < 2 {
        assert_eq!(
            running.try_wait().expect("it can be asked"),
            None,
            "it runs"
        );
        thread::sleep(Duration::from_millis(5));
    }
    let interrupt = Command::new("kill")
        .args(["-INT", &running.id().to_string()])
        .status();
    assert!(interrupt.expect("there is a kill").success());
    let output = running.wait_with_output().expect("it ends");
    assert!(output.status.success(), "{output:?}");
    let summary: serde_json::Value = serde_json::from_slice(&output.stdout).expect("a summary");
    let delivered = summary["delivered"].as_u64().expect("a number");
    assert!(delivered < 3_000_000, "{summary}");
    assert_eq!(summary["captured"], delivered, "{summary}");
    assert_eq!(events(&capture).len() as u64, delivered);
}
