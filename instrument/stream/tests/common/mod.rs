//! Streams, and what they must tell.

use edgepipe_stream::{Cause, Decoder, Encoder, Event, FRAME_MAX, Head};

/// What is given to an encoder.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Given {
    Edge(u64, u8, bool),
    Gap(u32, u32),
    Tick(u64),
}

pub(crate) const HEAD: Head<'static> = Head {
    session: 0x0bad_cafe,
    rate_hz: 1_000_000,
    device: "test device",
    lines: &["TX", "RX", "D0", "D1", "IRQ"],
};

/// The bytes of a session, and what happened in it, edge by edge: `None` was lost by the board.
#[derive(Clone, Debug, Default)]
pub(crate) struct Stream {
    pub(crate) bytes: Vec<u8>,
    pub(crate) edges: Vec<Option<(u64, u8, bool)>>,
    pub(crate) levels_after: Vec<u32>,
}

impl Stream {
    pub(crate) fn of(head: Head<'_>, given: &[Given]) -> Self {
        let mut encoder = Encoder::new(head, 0, 0).unwrap();
        let mut stream = Self::default();
        let mut levels = 0;
        for &given in given {
            while !encoder.has_room() {
                stream.send(&mut encoder, 40);
            }
            match given {
                Given::Edge(ticks, line, high) => {
                    encoder.edge(ticks, line, high).unwrap();
                    levels = levels & !(1 << line) | u32::from(high) << line;
                    stream.edges.push(Some((ticks, line, high)));
                    stream.levels_after.push(levels);
                }
                Given::Gap(lost, after) => {
                    encoder.gap(lost, after).unwrap();
                    levels = after;
                    stream.edges.extend((0..lost).map(|_| None));
                    stream.levels_after.extend((0..lost).map(|_| levels));
                }
                Given::Tick(now) => {
                    encoder.tick(now);
                    stream.send(&mut encoder, 1_000);
                }
            }
        }
        encoder.flush();
        stream.send(&mut encoder, 10_000);
        stream
    }

    fn send(&mut self, encoder: &mut Encoder<'_>, most: usize) {
        let mut bytes = vec![0; most];
        let count = encoder.transmit(&mut bytes);
        self.bytes.extend(&bytes[..count]);
    }
}

/// What a host heard of one or several sessions. It panics at the first wrong word.
#[derive(Debug)]
pub(crate) struct Host<'a> {
    sessions: &'a [Stream],
    decoder: Decoder,
    now: Heard,
}

#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Heard {
    pub(crate) heads: usize,
    pub(crate) restarts: usize,
    /// The place in the session: edges that were told, or told to be lost.
    pub(crate) number: usize,
    pub(crate) edges: usize,
    pub(crate) lost_by_board: u64,
    pub(crate) lost_on_line: u64,
}

impl<'a> Host<'a> {
    pub(crate) fn new(sessions: &'a [Stream]) -> Self {
        Self {
            sessions,
            decoder: Decoder::new(),
            now: Heard::default(),
        }
    }

    pub(crate) fn hear(&mut self, bytes: &[u8]) -> Heard {
        let (sessions, now) = (self.sessions, &mut self.now);
        self.decoder
            .decode(bytes, |event| now.check(sessions, event));
        self.now
    }

    pub(crate) fn in_doubt(&self) -> bool {
        self.decoder.in_doubt()
    }
}

impl Heard {
    fn check(&mut self, sessions: &[Stream], event: Event<'_>) {
        let Some(stream) = sessions.get(self.restarts) else {
            panic!("{event:?} of a session that never was");
        };
        match event {
            Event::Head(_, at) => {
                self.heads += 1;
                assert_eq!(self.heads, self.restarts + 1);
                self.number = if self.restarts > 0 {
                    0
                } else {
                    at.number as usize
                };
            }
            Event::Restart => self.restarts += 1,
            Event::Edge { ticks, line, high } => {
                assert_eq!(
                    stream.edges[self.number],
                    Some((ticks, line, high)),
                    "{}",
                    self.number
                );
                self.number += 1;
                self.edges += 1;
            }
            Event::Loss {
                lost,
                levels,
                until,
                cause,
            } => {
                self.number += lost as usize;
                match cause {
                    Cause::Board => self.lost_by_board += lost,
                    Cause::Line => self.lost_on_line += lost,
                }
                // A loss of the board may follow directly, and then the levels are those after it.
                let next = &stream.edges[self.number..];
                let after = next.iter().take_while(|edge| edge.is_none()).count();
                let mut known = stream.levels_after[self.number - 1..]
                    .iter()
                    .take(1 + after);
                assert!(known.any(|known| levels == *known), "{event:?}");
                let next = next.get(after).copied().flatten();
                assert!(next.is_none_or(|(ticks, ..)| until <= ticks));
            }
            Event::Alive { ticks } => {
                let next = stream.edges.get(self.number).copied().flatten();
                assert!(next.is_none_or(|(at, ..)| ticks <= at), "{ticks} {next:?}");
            }
            Event::Version(version) => panic!("version {version}"),
        }
    }
}

/// A random session with bursts and pauses, some losses, and all in the order of time.
pub(crate) fn random(random: &mut fastrand::Rng, count: usize) -> Vec<Given> {
    let (mut now, mut given) = (0, Vec::new());
    for _ in 0..count {
        now += match random.u8(..) {
            0..150 => random.u64(..8),
            150..240 => random.u64(..5_000),
            240..255 => random.u64(..100_000),
            255 => 1 << random.u32(20..40),
        };
        given.push(match random.u8(..) {
            0..4 => Given::Gap(random.u32(1..9), random.u32(..32)),
            4..20 => Given::Tick(now),
            _ => Given::Edge(now, random.u8(..5), random.bool()),
        });
    }
    // Two signs of life, so that the last edges are counted even if one is damaged.
    given.extend([Given::Tick(now + 300_000), Given::Tick(now + 600_000)]);
    given
}

/// The most edges of a frame: one byte each.
pub(crate) const EDGES_MAX: usize = FRAME_MAX;
