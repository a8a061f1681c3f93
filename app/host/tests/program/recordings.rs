//! Recordings as tools write them, replayed with the default options: every edge comes back, at its time.

use std::{
    ffi::OsStr,
    fmt::Write,
    fs,
    path::Path,
    time::{Duration, Instant},
};

use super::common::{Run, edgepipe};

/// Replays `recording`, and returns the run and the capture.
fn replay(recording: impl AsRef<[u8]>, options: &[&str]) -> (Run, String) {
    let scratch = tempfile::tempdir().expect("a scratch folder");
    let (input, output) = (
        scratch.path().join("in.vcd"),
        scratch.path().join("out.vcd"),
    );
    fs::write(&input, recording).expect("a scratch file");
    let mut arguments: Vec<&OsStr> = vec![
        "--json".as_ref(),
        "--stimulus".as_ref(),
        input.as_ref(),
        "--capture".as_ref(),
        output.as_ref(),
    ];
    arguments.extend(options.iter().map(|option| -> &OsStr { option.as_ref() }));
    let run = edgepipe(&arguments);
    (
        run,
        fs::read_to_string(Path::new(&output)).unwrap_or_default(),
    )
}

/// A recording of wires `D0`, `D1` and so on.
fn header(unit: &str, wires: usize) -> String {
    let mut text = format!("$timescale {unit} $end\n$scope module capture $end\n");
    for wire in 0..wires {
        writeln!(text, "$var wire 1 {} D{wire} $end", id(wire)).expect("a string");
    }
    text + "$upscope $end\n$enddefinitions $end\n"
}

/// The id code that the writer of captures gives to a wire.
fn id(wire: usize) -> String {
    let first = char::from(b'!' + (wire % 94) as u8);
    match wire / 94 {
        0 => first.into(),
        rest => format!("{first}{}", id(rest - 1)),
    }
}

/// A bus of eight wires, sampled at 24 MHz: at each sample the wires follow a counter, so up to eight change together,
/// and pulses of one sample are common. Times are rounded to the nanosecond, as sigrok writes them.
fn bus_at_24_mhz(samples: u64) -> String {
    let mut text = header("1 ns", 8) + "#0\n";
    for wire in 0..8 {
        writeln!(text, "0{}", id(wire)).expect("a string");
    }
    let mut before = 0;
    for sample in 1..=samples {
        let now = ((sample * 73) >> (sample % 3)) as u8;
        let changed = now ^ before;
        if changed != 0 {
            writeln!(text, "#{}", (sample * 125 + 1) / 3).expect("a string");
        }
        for wire in (0..8).filter(|wire| changed >> wire & 1 == 1) {
            writeln!(text, "{}{}", now >> wire & 1, id(wire)).expect("a string");
        }
        before = now;
    }
    text
}

#[test]
fn a_bus_at_24_mhz_comes_back_to_the_nanosecond() {
    let recording = bus_at_24_mhz(20_000);
    let (run, capture) = replay(&recording, &[]);
    assert_eq!((run.status, run.stderr.as_str()), (0, ""));
    assert_eq!(run.json["lost"], 0);
    assert!(capture == recording, "the capture differs");
}

#[test]
fn wires_that_change_together_lose_nothing_by_default() {
    let mut recording = header("1 ms", 32) + "#0\n";
    for time in 0..500 {
        if time > 0 {
            writeln!(recording, "#{time}").expect("a string");
        }
        for wire in 0..32 {
            writeln!(recording, "{}{}", time & 1, id(wire)).expect("a string");
        }
    }
    let (run, capture) = replay(&recording, &[]);
    assert_eq!((run.status, &run.json["lost"]), (0, &0.into()));
    assert!(capture == recording, "the capture differs");
}

#[test]
fn ten_days_take_no_longer_than_their_edges() {
    let mut recording = header("1 us", 1) + "#0\n0!\n";
    for edge in 1..=1_000_u64 {
        writeln!(recording, "#{}\n{}!", edge * 864_000_001, edge & 1).expect("a string");
    }
    let begin = Instant::now();
    let (run, capture) = replay(&recording, &[]);
    let took = begin.elapsed();
    assert_eq!((run.status, &run.json["delivered"]), (0, &1_000.into()));
    assert!(capture == recording, "the capture differs");
    // The whole test suite may run beside this, without optimisation.
    assert!(took < Duration::from_secs(20), "{took:?}");
}

#[test]
fn five_of_200_wires_can_be_chosen_and_renamed() {
    let mut recording = header("1 us", 200) + "#0\n";
    for wire in 0..200 {
        writeln!(recording, "0{}", id(wire)).expect("a string");
    }
    for time in 1..=1_000 {
        writeln!(
            recording,
            "#{time}\n{}{}",
            (time / 200) & 1 ^ 1,
            id(time % 200)
        )
        .expect("a string");
    }
    let (run, _) = replay(&recording, &[]);
    assert_eq!(run.status, 1);
    assert_eq!(run.stderr.lines().count(), 1);
    assert!(run.stderr.contains("--wires"), "{}", run.stderr);

    let (run, capture) = replay(&recording, &["--wires", "D199,CLK=D0,D17,D18,D42"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert_eq!(
        run.json["lines"],
        serde_json::json!(["D199", "CLK", "D17", "D18", "D42"])
    );
    assert_eq!(run.json["delivered"], 24);
    assert!(capture.contains(" CLK $end"), "{capture}");
}

#[test]
fn a_loss_is_said_and_marked_and_has_a_status_of_its_own() {
    let mut recording = header("1 ms", 3) + "#0\n0!\n0\"\n0#\n";
    for time in 1..=100 {
        writeln!(recording, "#{time}\n{0}!\n{0}\"\n{0}#", time & 1).expect("a string");
    }
    let narrow = ["--capacity=2", "--headroom=0", "--deliver=direct"];
    let (run, capture) = replay(&recording, &narrow);
    let lost = run.json["lost"].as_u64().expect("a number");
    assert!(lost > 0);
    assert_eq!(
        (run.status, &run.json["lost_by"]["full"]),
        (3, &lost.into())
    );
    assert!(
        run.stderr
            .starts_with(&format!("{lost} of 300 edges were lost")),
        "{}",
        run.stderr
    );
    assert!(capture.contains("x!"), "{capture}");
    let (run, _) = replay(&recording, &[&narrow[..], &["--allow-loss"]].concat());
    assert_eq!((run.status, run.stderr.as_str()), (0, ""));
}

#[test]
fn the_wires_of_a_recording_can_be_listed() {
    let scratch = tempfile::tempdir().expect("a scratch folder");
    let path = scratch.path().join("in.vcd");
    fs::write(&path, bus_at_24_mhz(100)).expect("a scratch file");
    let run = edgepipe(&["--stimulus".as_ref(), path.as_os_str(), "--list".as_ref()]);
    assert_eq!((run.status, run.stderr.as_str()), (0, ""));
    assert_eq!(run.stdout.lines().count(), 1 + 8, "{}", run.stdout);
}

#[test]
fn the_whole_contract_works_on_32_wires() {
    // Each wire bounces for 2 ms, and is stable for 20 ms.
    let mut recording = header("1 ms", 32) + "#0\n";
    for wire in 0..32 {
        writeln!(recording, "0{}", id(wire)).expect("a string");
    }
    // High from 102 on, and low again from 125 on.
    for bounce in [100, 101, 102, 123, 124, 125] {
        writeln!(recording, "#{bounce}").expect("a string");
        let level = 1 - bounce % 2;
        for wire in 0..32 {
            writeln!(recording, "{level}{}", id(wire)).expect("a string");
        }
    }
    recording += "#200\n";
    let options = [
        "--debounce=5ms",
        "--flush-after=2ms",
        "--overflow=freeze",
        "--trigger=rising",
        "--deliver=direct",
        "--capacity=64",
    ];
    let (run, _) = replay(&recording, &options);
    assert_eq!((run.status, run.stderr.as_str()), (0, ""), "{}", run.stdout);
    assert_eq!(run.json["captured"], 32);
}

/// What is due after the last edge still happens, because the recording goes on.
#[test]
fn a_recording_is_played_to_its_end() {
    let quiet = header("1 ms", 1) + "#0\n0!\n#100\n1!\n#400\n";
    for option in ["--debounce=5ms", "--flush-after=5ms", "--idle-after=5ms"] {
        let (run, capture) = replay(&quiet, &[option]);
        assert_eq!(
            (run.status, &run.json["delivered"]),
            (0, &1.into()),
            "{option}"
        );
        assert!(capture.ends_with("#100\n1!\n#400\n"), "{capture}");
        let wakes = u64::from(option != "--debounce=5ms");
        assert_eq!(run.json["wakes"], wakes, "{option}");
    }
}
