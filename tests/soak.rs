//! Runs the soak of `tests/zephyr/soak/` on the simulated kernel, and checks how much memory it takes.
//!
//! `EDGEPIPE_SOAK_EDGES` is the least number of edges to play, and `EDGEPIPE_SOAK_SEED` the seed of
//! the first round. A long run:
//!
//! ```sh
//! EDGEPIPE_SOAK_EDGES=100000000 cargo test --release --test soak -- --nocapture
//! ```

#[path = "zephyr/soak/src/soak/mod.rs"]
mod soak;

use std::{env, fs};

use edgepipe_app::EmulatedPin;
use soak::Totals;
use zephyr::sim::{self, Options};

/// Growth that the allocator may cause.
const SLACK_KIB: u64 = 512;

#[test]
fn every_edge_of_very_many_is_accounted_for_in_bounded_memory() {
    let edges = variable("EDGEPIPE_SOAK_EDGES").unwrap_or(1_000_000);
    let seed = variable("EDGEPIPE_SOAK_SEED").unwrap_or(1);
    let options = Options {
        // All rounds are played in one kernel.
        ticks_max: u64::MAX,
        calls_max: u64::MAX,
        ..Options::default()
    };
    let played = sim::try_run(options, move || play(seed, edges));
    if let Err(fault) = played {
        panic!("{fault}");
    }
}

fn play(seed: u64, edges: u64) {
    sim::spawn("close at end", 0, || soak::close_at_end());
    // SAFETY: the simulated kernel's ports are emulated controllers.
    let pin = |pin| unsafe { EmulatedPin::new(sim::gpio(0), pin) };
    let pins = (0..soak::LINES as u8).map(pin).collect();

    let mut totals = Totals::default();
    soak::run(&mut totals, &pins, seed, edges / 10);
    let early = peak_kib();
    soak::run(&mut totals, &pins, seed, edges);
    println!("{totals}");
    match early.zip(peak_kib()) {
        Some((early, late)) => {
            println!("memory    {early} KiB at most in the first tenth, {late} KiB in all");
            assert!(late <= early + SLACK_KIB, "it grows with the edges");
        }
        None => println!("SKIP: only Linux tells the most memory that a process has had"),
    }
}

fn variable(name: &str) -> Option<u64> {
    let text = env::var(name).ok()?;
    let number = text.parse();
    Some(number.unwrap_or_else(|_| panic!("{name} is a number, not {text:?}")))
}

/// The most memory that this process has had so far.
fn peak_kib() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let mut lines = status.lines();
    let peak = lines.find_map(|line| line.strip_prefix("VmHWM:"))?;
    peak.trim().strip_suffix(" kB")?.parse().ok()
}
