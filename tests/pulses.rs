//! Pulses in C, of `edgepipe/pulses.h`, are those of `Pulses`, for the same edges.

use std::fmt::Write;
use std::fs::{self, File};
use std::path::Path;
use std::process::Command;

use edgepipe::{Edge, Gap, Level, Pulses};

/// Edges of lines 0 to 3, and a few of lines beyond all, with holes. Some step back in time.
fn edges() -> Vec<Edge> {
    let mut random = fastrand::Rng::with_seed(1);
    let mut timestamp_ns = 1 << 40;
    (0..10_000)
        .map(|_| {
            timestamp_ns = match random.u32(..50) {
                0 => timestamp_ns - random.u64(..1_000),
                1 => timestamp_ns + random.u64(..1 << 40),
                _ => timestamp_ns + random.u64(..1_000_000),
            };
            let gap = Gap {
                lost: [0, 1, 300, u32::MAX][random.usize(..4)],
                levels: random.u32(..),
            };
            Edge {
                timestamp_ns,
                gap: (random.u32(..20) == 0).then_some(gap),
                line: [0, 0, 0, 1, 1, 2, 3, 31, 32, 255][random.usize(..10)],
                level: Level::from(random.bool()),
                sequence: 0,
            }
        })
        .collect()
}

/// What `pulses.c` prints, of Rust's pulses.
fn in_rust<const LINES: usize>(edges: &[Edge]) -> String {
    let mut text = String::new();
    for pulse in Pulses::<LINES>::new().of(edges) {
        let gap = pulse.gap.unwrap_or_default();
        writeln!(
            text,
            "{} {} {} {} {} {} {}",
            pulse.start_ns,
            pulse.duration_ns,
            pulse.line,
            u8::from(pulse.level == Level::High),
            u8::from(pulse.gap.is_some()),
            gap.lost,
            gap.levels,
        )
        .unwrap();
    }
    text
}

#[test]
fn c_makes_the_same_pulses_of_the_same_edges() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let scratch = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let (program, input) = (scratch.join("pulses"), scratch.join("edges.txt"));
    let built = Command::new("cc")
        .args([
            "-std=c11",
            "-Wall",
            "-Wextra",
            "-Werror",
            "-fsanitize=undefined",
        ])
        .arg("-I")
        .arg(root.join("bindings/c/include"))
        .arg("-o")
        .arg(&program)
        .arg(root.join("tests/pulses/pulses.c"))
        .status()
        .expect("there is a C compiler");
    assert!(built.success());

    let edges = edges();
    let mut text = String::new();
    for edge in &edges {
        let gap = edge.gap.unwrap_or_default();
        writeln!(
            text,
            "{} {} {} {} {} {}",
            edge.timestamp_ns,
            edge.line,
            u8::from(edge.level == Level::High),
            u8::from(edge.gap.is_some()),
            gap.lost,
            gap.levels,
        )
        .unwrap();
    }
    fs::write(&input, text).unwrap();
    for (lines, expected) in [
        ("1", in_rust::<1>(&edges)),
        ("2", in_rust::<2>(&edges)),
        ("32", in_rust::<32>(&edges)),
    ] {
        let run = Command::new(&program)
            .arg(lines)
            .stdin(File::open(&input).unwrap())
            .output()
            .unwrap();
        assert!(run.status.success(), "{:?}", run.status);
        assert!(expected.lines().count() > 1_000);
        assert_eq!(String::from_utf8(run.stdout).unwrap(), expected);
    }
}
