//! The `.sr` of sigrok and PulseView.

mod common;

use std::fs;
use std::io::{Cursor, Write};

use common::{directory, events, open, path_of, refused, triples};
use edgepipe_recording::{Recording, Wires};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

const METADATA: &str = "[global]\nsigrok version=0.5.2\n\n[device 1]\ncapturefile=logic-1\ntotal probes=3\n\
    samplerate=24 MHz\ntotal analog=0\nprobe1=CLK (in)\nprobe3=D 2\nunitsize=1\n";

/// A zip, not packed.
fn zipped(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in entries {
        let options =
            SimpleFileOptions::default().compression_method(zip::CompressionMethod::STORE);
        zip.start_file(*name, options).unwrap();
        zip.write_all(content).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn with_metadata(metadata: &str, samples: &[u8]) -> Vec<u8> {
    zipped(&[
        ("version", b"2"),
        ("metadata", metadata.as_bytes()),
        ("logic-1-1", samples),
    ])
}

#[test]
fn samples_are_edges_at_the_number_of_the_sample() {
    let sr = with_metadata(METADATA, &[0b101, 0b101, 0b110, 0b010, 0b001]);
    let mut recording = open(&directory(), sr).unwrap();
    assert_eq!(recording.names(), ["CLK (in)", "D 2"]);
    assert_eq!(recording.initial_levels(), 0b11);
    assert_eq!(recording.unit().to_string(), "1/24 us");
    assert_eq!(recording.unit().fraction(), (1, 24_000_000));
    assert_eq!(
        (recording.duration(), recording.step(), recording.edges()),
        (5, 1, 3)
    );
    assert_eq!(
        triples(&mut recording),
        [(2, 0, false), (3, 1, false), (4, 0, true)]
    );
}

#[test]
fn samples_may_be_in_pieces_or_in_one() {
    let samples = [0, 1, 1, 0, 4, 5, 5];
    let pieces = |pieces: &[(&str, &[u8])]| {
        let mut entries: Vec<(&str, &[u8])> = vec![("metadata", METADATA.as_bytes())];
        entries.extend(pieces);
        triples(&mut open(&directory(), zipped(&entries)).unwrap())
    };
    let one = pieces(&[("logic-1", &samples)]);
    assert_eq!(one.len(), 4);
    assert_eq!(pieces(&[("logic-1-1", &samples)]), one);
    // In the order of their numbers.
    let names: Vec<_> = (1..=12).map(|n| format!("logic-1-{n}")).collect();
    let mut many: Vec<(&str, &[u8])> = names
        .iter()
        .enumerate()
        .map(|(n, name)| (name.as_str(), samples.get(n..=n).unwrap_or_default()))
        .collect();
    many.sort();
    assert_eq!(pieces(&many), one);
}

#[test]
fn a_sample_may_have_up_to_eight_bytes_and_may_be_cut_by_a_piece() {
    for bytes in 1..=8 {
        let bits = 8 * bytes;
        let metadata = METADATA
            .replace("unitsize=1", &format!("unitsize={bytes}"))
            .replace("probe3", &format!("probe{bits}"));
        // The highest bit is set in every third sample.
        let mut samples = Vec::new();
        for n in 0..100_000_u64 {
            let sample = u64::from(n % 3 == 0) << (bits - 1);
            samples.extend(&sample.to_le_bytes()[..bytes]);
        }
        let (first, second) = samples.split_at(samples.len() / 2 + 1);
        let sr = zipped(&[
            ("metadata", metadata.as_bytes()),
            ("logic-1-1", first),
            ("logic-1-2", second),
        ]);
        let mut recording = open(&directory(), sr).unwrap();
        assert_eq!((recording.edges(), recording.duration()), (66_666, 100_000));
        assert!(
            events(&mut recording)
                .iter()
                .all(|event| event.wire == 1 && event.level == (event.time % 3 == 0))
        );
    }
}

#[test]
fn wires_that_are_not_chosen_cost_nothing_and_change_nothing() {
    let samples: Vec<u8> = (0..10_000_u32)
        .map(|n| (n % 2 + n / 1_000 % 2 * 4) as u8)
        .collect();
    let directory = directory();
    let path = directory.path().join("in.sr");
    fs::write(&path, with_metadata(METADATA, &samples)).unwrap();
    let mut recording = Recording::open(&path, &"D=D*".parse().unwrap()).unwrap();
    assert_eq!(recording.names(), ["D"]);
    assert_eq!(recording.step(), 1_000);
    assert_eq!(events(&mut recording).len(), 9);
}

/// `spi.sr` was made from `spi.vcd` by sigrok.
#[test]
fn sigrok_sees_the_same_edges() {
    let open = |name| Recording::open(&path_of("corpus").join(name), &Wires::default()).unwrap();
    let (mut sr, mut vcd) = (open("spi.sr"), open("spi.vcd"));
    assert_eq!(sr.names(), vcd.names());
    assert_eq!(sr.initial_levels(), vcd.initial_levels());
    assert_eq!(sr.unit(), vcd.unit());
    assert_eq!(triples(&mut sr), triples(&mut vcd));
}

#[test]
fn a_recording_without_samples_is_a_recording() {
    let recording = open(&directory(), with_metadata(METADATA, &[])).unwrap();
    assert_eq!(
        (recording.edges(), recording.duration(), recording.step()),
        (0, 0, 0)
    );
}

#[test]
fn what_is_missing_or_damaged_is_said() {
    let metadata = METADATA.as_bytes();
    refused(
        zipped(&[("a.txt", b"a")]),
        "in.vcd: a zip, but not sigrok's .sr: it has no 'metadata'",
    );
    refused(
        zipped(&[("meta.json", b"{}")]),
        "in.vcd: a capture of Saleae Logic, not sigrok's .sr",
    );
    refused(
        zipped(&[("metadata", metadata)]),
        "in.vcd: 'logic-1' is missing",
    );
    refused(
        zipped(&[
            ("metadata", metadata),
            ("logic-1-1", &[0]),
            ("logic-1-3", &[0]),
        ]),
        "in.vcd: 'logic-1-2' is missing",
    );
    refused(
        with_metadata(
            &METADATA
                .replace("capturefile=logic-1\n", "")
                .replace("analog=0", "analog=1"),
            &[],
        ),
        "in.vcd: it has analog channels only, and no logic",
    );
    refused(
        with_metadata(&METADATA.replace("samplerate=24 MHz\n", ""), &[]),
        "in.vcd: no sample rate, so its times have no unit",
    );
    refused(
        with_metadata(&METADATA.replace("unitsize=1", "unitsize=9"), &[]),
        "in.vcd: samples of 9 bytes: 1 to 8 can be read",
    );
    refused(
        with_metadata(&METADATA.replace("unitsize=1", "unitsize=2"), &[0; 5]),
        "in.vcd: truncated: the last sample is not whole",
    );
    refused(
        with_metadata(
            &METADATA
                .replace("probe1=CLK (in)\nprobe3=D 2\n", "")
                .replace("=3", "=0"),
            &[0],
        ),
        "in.vcd: no one-bit wire",
    );
    let mut sr = with_metadata(METADATA, b"samples");
    let at = sr.windows(7).position(|bytes| bytes == b"samples").unwrap();
    sr[at] ^= 1;
    refused(sr, "in.vcd: 'logic-1-1' is damaged: the checksum is wrong");
}

#[test]
fn damaged_archives_never_panic() {
    let good = fs::read(path_of("corpus/spi.sr")).unwrap();
    let directory = directory();
    let check = |bytes: &[u8]| match open(&directory, bytes) {
        Ok(mut recording) => drop(events(&mut recording)),
        Err(error) => assert!(!error.to_string().contains('\n'), "{error}"),
    };
    for length in 0..good.len() {
        let error = open(&directory, &good[..length]).unwrap_err().to_string();
        assert!(
            error.contains("truncated") || length < 4,
            "{length}: {error}"
        );
    }
    for seed in 0..1_000 {
        let mut random = fastrand::Rng::with_seed(seed);
        let mut bytes = good.clone();
        for _ in 0..random.usize(1..6) {
            let at = random.usize(0..bytes.len());
            bytes[at] = random.u8(..);
        }
        check(&bytes);
    }
}
