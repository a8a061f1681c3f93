//! Streams: any bytes are read. What an encoder made is read as it was given; if it is damaged, no edge is wrong, and what
//! is missing is counted.

use arbitrary::{Arbitrary, Unstructured};
use edgepipe_stream::{Decoder, Encoder, Event, Head, LINES_MAX};

/// The longest gap, in edges: each is an entry of a list.
const GAP_MAX: u8 = 20;

#[derive(Arbitrary, Debug)]
enum Op {
    /// So long after the last edge or tick.
    Edge {
        since: u32,
        line: u8,
        high: bool,
    },
    /// As a debounced edge.
    EarlyEdge {
        ticks: u64,
        line: u8,
        high: bool,
    },
    Gap {
        lost: u8,
        levels: u32,
    },
    Tick {
        since: u32,
    },
    Transmit {
        bytes: u8,
    },
    Announce,
    Flush,
}

/// What is done to the bytes of the stream.
#[derive(Arbitrary, Debug)]
enum Damage {
    Flip { place: u16, with: u8 },
    CutOut { from: u16, bytes: u8 },
    Insert { place: u16, bytes: [u8; 3] },
}

/// An edge that was given, or `None` for one that the board lost.
type Given = Option<(u64, u8, bool)>;

/// Checks the bytes as a stream, and as what happens to an encoder.
pub fn check(data: &[u8]) {
    Decoder::new().decode(data, |_| {});
    let mut input = Unstructured::new(data);
    if let (Ok(lines), Ok(damage), Ok(ops)) = (
        input.int_in_range(1..=LINES_MAX),
        input.arbitrary::<Vec<Damage>>(),
        input.arbitrary_iter::<Op>(),
    ) {
        let (bytes, given) = encode(lines, ops.flatten());
        assert_eq!(read(&bytes, &given), given.len(), "all is told");
        let damaged = damage.iter().fold(bytes, apply);
        read(&damaged, &given);
    }
}

fn encode(lines: usize, ops: impl Iterator<Item = Op>) -> (Vec<u8>, Vec<Given>) {
    let head = Head {
        session: 0x1234_5678,
        rate_hz: 1_000,
        device: "fuzz",
        lines: &["a line"; LINES_MAX][..lines],
    };
    let mut encoder = Encoder::new(head, 0, u32::MAX).expect("a good head");
    let (mut bytes, mut given) = (Vec::new(), Vec::new());
    transmit(&mut encoder, usize::MAX, &mut bytes);
    let mut now = 0_u64;
    for op in ops {
        let had_room = encoder.has_room();
        let taken = match op {
            Op::Edge { since, line, high } => {
                now = now.saturating_add(since.into());
                edge(&mut encoder, (now, line % lines as u8, high), &mut given)
            }
            Op::EarlyEdge { ticks, line, high } => {
                edge(&mut encoder, (ticks, line % lines as u8, high), &mut given)
            }
            Op::Gap { lost, levels } => {
                let lost = lost % GAP_MAX;
                let taken = encoder.gap(lost.into(), levels).is_ok();
                given.extend((0..lost).filter(|_| taken).map(|_| None));
                taken
            }
            Op::Tick { since } => {
                now = now.saturating_add(since.into());
                encoder.tick(now);
                true
            }
            Op::Transmit { bytes: count } => {
                transmit(&mut encoder, count.into(), &mut bytes);
                true
            }
            Op::Announce => {
                encoder.announce();
                true
            }
            Op::Flush => {
                encoder.flush();
                true
            }
        };
        assert!(taken || !had_room, "there was room");
    }
    encoder.flush();
    transmit(&mut encoder, usize::MAX, &mut bytes);
    (bytes, given)
}

fn edge(encoder: &mut Encoder<'_>, edge: (u64, u8, bool), given: &mut Vec<Given>) -> bool {
    let taken = encoder.edge(edge.0, edge.1, edge.2).is_ok();
    if taken {
        given.push(Some(edge));
    }
    taken
}

/// Moves up to `most` bytes.
fn transmit(encoder: &mut Encoder<'_>, most: usize, bytes: &mut Vec<u8>) {
    let mut left = most;
    let mut buffer = [0; 100];
    while left > 0 && encoder.has_output() {
        let room = left.min(buffer.len());
        let count = encoder.transmit(&mut buffer[..room]);
        assert!(count > 0, "it had said that there is something");
        bytes.extend(&buffer[..count]);
        left -= count;
    }
}

fn apply(mut bytes: Vec<u8>, damage: &Damage) -> Vec<u8> {
    let place = |place: u16| usize::from(place) % bytes.len();
    match *damage {
        Damage::Flip { place: at, with } => {
            let at = place(at);
            bytes[at] ^= with;
        }
        Damage::CutOut { from, bytes: count } => {
            let from = place(from);
            let to = (from + usize::from(count)).min(bytes.len() - 1);
            bytes.drain(from..to.max(from));
        }
        Damage::Insert {
            place: at,
            bytes: new,
        } => {
            let at = place(at);
            bytes.splice(at..at, new);
        }
    }
    bytes
}

/// Reads a stream, of which every edge must be right. Returns up to which edge it was told.
fn read(bytes: &[u8], given: &[Given]) -> usize {
    let mut number = 0;
    let mut joined = false;
    Decoder::new().decode(bytes, |event| match event {
        Event::Head(_, at) => {
            assert!(!joined, "one session has one head");
            joined = true;
            number = at.number as usize;
        }
        Event::Edge { ticks, line, high } => {
            assert_eq!(given[number], Some((ticks, line, high)), "edge {number}");
            number += 1;
        }
        Event::Loss { lost, .. } => number += lost as usize,
        Event::Alive { .. } => {}
        Event::Restart | Event::Version(_) => panic!("{event:?}"),
    });
    assert!(number <= given.len());
    number
}
