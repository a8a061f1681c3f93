//! Recordings of real devices, through the program and back.
//!
//! The recordings lie beside the repository, if at all; without them each test says so.

use std::{fs, path::Path};

use super::common::{Run, edgepipe, recordings};
use edgepipe_host::{Event, Stimulus};

/// Recording, edges.
const EXPECTED: [(&str, u64); 5] = [
    ("dht11", 172),
    ("uart_9600", 344),
    ("ir_nec", 340),
    ("wiegand", 136),
    ("rotary", 12_732),
];

fn events(path: &Path) -> Vec<Event> {
    let mut stimulus = Stimulus::open(path).expect("a recording");
    std::iter::from_fn(|| stimulus.next_event().expect("a recording")).collect()
}

#[test]
fn every_recording_is_captured_without_loss_and_with_the_expected_wakes() {
    let Some(folder) = recordings() else { return };
    for (name, edges) in EXPECTED {
        let recording = folder.join(name).with_extension("vcd");
        for capacity in [1, 4, 7, 64] {
            let capacity_text = capacity.to_string();
            let Run { status, json, .. } = edgepipe(&[
                "--stimulus".as_ref(),
                recording.as_os_str(),
                "--capacity".as_ref(),
                capacity_text.as_ref(),
                "--json".as_ref(),
            ]);
            assert_eq!(status, 0);
            let number = |key: &str| json[key].as_u64().expect(key);
            assert_eq!(number("captured"), edges, "{name}");
            assert_eq!(number("delivered"), edges, "{name}");
            assert_eq!((number("pending"), number("lost")), (0, 0), "{name}");
            assert_eq!(
                number("wakes"),
                edges / capacity + 1,
                "{name} at capacity {capacity}"
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
        // Both are in whole microseconds, to which a recording is rounded as it is read.
        assert_eq!(captured, events(&recording), "{name}");
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
    assert_eq!(run.json["wakes"], 340 / 10 + 1);
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
