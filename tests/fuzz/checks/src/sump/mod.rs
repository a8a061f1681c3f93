//! The logic analyser behaves like a simple model of it, whatever bytes the client sends and whatever the lines do.
//!
//! The model is in `model.rs` and `signal.rs`. It keeps every sample.

mod model;
mod op;
mod signal;

use arbitrary::Unstructured;
use edgepipe_sump::{Analyzer, Memory, Probe};

use model::Model;
use op::{Case, Op};

/// Checks the operations that `data` encodes.
pub fn check(data: &[u8]) {
    let Ok(case) = Case::of(&mut Unstructured::new(data)) else {
        return;
    };
    let probe = Probe {
        name: "probe",
        lines: case.lines % 32 + 1,
        rate_max: 10_000_000,
        memory: 1 << 20,
    };
    match case.memory {
        op::Memory::Least => run::<1>(probe, &case.ops),
        op::Memory::Small => run::<6>(probe, &case.ops),
        op::Memory::Large => run::<300>(probe, &case.ops),
    }
}

fn run<const EDGES: usize>(probe: Probe, ops: &[Op]) {
    let mut memory = Memory::<EDGES>::new();
    let mut analyzer = Analyzer::new(probe, &mut memory);
    let mut model = Model::new(probe, EDGES);
    let mut now = 0_u64;
    for op in ops {
        // Only a negative step is smaller than what the acquisition has seen, and the next one counts from there.
        let at = |after: &i16| now.saturating_add_signed((*after).into());
        match op {
            Op::Bytes(bytes) => {
                analyzer.receive(bytes);
                model.receive(bytes);
            }
            Op::Run(setup) => {
                let bytes = setup.bytes();
                analyzer.receive(&bytes);
                model.receive(&bytes);
            }
            Op::Begin(levels) => {
                analyzer.begin(now, *levels);
                model.begin(now, *levels);
            }
            Op::Edge(after, line, high) => {
                let (time, line) = (at(after), line % 40);
                analyzer.edge(time, line, *high);
                model.edge(time, line, *high);
                now = now.max(time);
            }
            Op::Gap(after, lost, levels) => {
                let time = at(after);
                analyzer.gap(time, *lost, *levels);
                model.gap(time, *lost, *levels);
                now = now.max(time);
            }
            Op::Pass(after) => {
                now += u64::from(*after);
                analyzer.advance(now);
                model.advance(now);
            }
            Op::Leap(time) => {
                analyzer.advance(*time);
                model.leap();
            }
            Op::Transmit(most) => {
                let mut out = vec![0; usize::from(*most)];
                let count = analyzer.transmit(&mut out);
                model.transmitted(&out[..count], out.len());
            }
        }
        if model.is_followed() {
            let seen = (analyzer.wants_begin(), analyzer.is_armed());
            assert_eq!(seen, model.state(), "{op:?}");
        }
    }
    scan(&mut analyzer);
}

/// Whatever came before, the client finds the device.
fn scan(analyzer: &mut Analyzer<'_>) {
    analyzer.receive(&[0, 0, 0, 0, 0, 2]);
    let mut out = [0; 100];
    let count = analyzer.transmit(&mut out);
    assert_eq!(&out[..count], b"1ALS");
    analyzer.receive(&[4]);
    let count = analyzer.transmit(&mut out);
    assert!(out[..count].starts_with(b"\x01probe\0") && out[..count].ends_with(&[0]));
    assert_eq!(analyzer.transmit(&mut out), 0);
    assert!(!analyzer.is_armed());
}
