//! Recordings of sigrok: any zip is opened or refused. Samples give the edges that a simple loop finds.

use std::io::{Cursor, Write};

use edgepipe_recording::Event;
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

use crate::recording;

/// Checks `data`, whose first byte says what the others are: 0, the whole file; 1, the metadata, a zero byte and the
/// samples; any other, samples, after one byte for the number of the first piece's bytes.
pub fn check(data: &[u8]) {
    match data {
        [] => {}
        [0, file @ ..] => recording::check(file),
        [1, rest @ ..] => {
            let mut parts = rest.splitn(2, |&byte| byte == 0);
            let metadata = parts.next().unwrap_or_default();
            let samples = parts.next().unwrap_or_default();
            recording::check(&archive(metadata, &[samples]));
        }
        [kind, rest @ ..] => {
            let (&first, samples) = rest.split_first().unwrap_or((&0, &[]));
            check_samples(usize::from(kind % 8 + 1), usize::from(first), samples);
        }
    }
}

/// Checks samples of `size` bytes, of which the first piece has `first` bytes.
fn check_samples(size: usize, first: usize, samples: &[u8]) {
    let samples = &samples[..samples.len() / size * size];
    let channels = (8 * size).min(32);
    let mut metadata =
        format!("[device 1]\ncapturefile=logic-1\nsamplerate=24 MHz\nunitsize={size}\n");
    for channel in 1..=channels {
        metadata += &format!("probe{channel}=D{channel}\n");
    }
    let (first, second) = samples.split_at(first.min(samples.len()));
    let file = archive(metadata.as_bytes(), &[first, second]);
    let (names, events) = recording::opened(&file).expect("samples are a recording");
    assert_eq!(names.len(), channels);
    assert_eq!(events, edges(samples, size, channels));
}

/// All edges, found one bit at a time.
fn edges(samples: &[u8], size: usize, channels: usize) -> Vec<Event> {
    let samples: Vec<_> = samples.chunks(size).collect();
    let level =
        |sample: usize, channel: usize| samples[sample][channel / 8] >> (channel % 8) & 1 == 1;
    let mut edges = Vec::new();
    for sample in 1..samples.len() {
        for channel in 0..channels {
            if level(sample, channel) != level(sample - 1, channel) {
                edges.push(Event {
                    time: sample as u64,
                    wire: channel as u8,
                    level: level(sample, channel),
                });
            }
        }
    }
    edges
}

/// An `.sr`, not packed.
fn archive(metadata: &[u8], pieces: &[&[u8]]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let mut add = |name: &str, content: &[u8]| {
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::STORE);
        zip.start_file(name, options).expect("a new entry");
        zip.write_all(content).expect("memory");
    };
    add("metadata", metadata);
    for (piece, number) in pieces.iter().zip(1..) {
        add(&format!("logic-1-{number}"), piece);
    }
    zip.finish().expect("memory").into_inner()
}
