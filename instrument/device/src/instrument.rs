//! The analyser and the stream as one.

use edgepipe_stream::{Encoder, Head};
use edgepipe_sump::{Analyzer, Memory, Probe};

use crate::commands::{Commands, START, STOP};
use crate::ticks::ticks;

/// Names of the lines in the stream.
const NAMES: [&str; 32] = [
    "D0", "D1", "D2", "D3", "D4", "D5", "D6", "D7", "D8", "D9", "D10", "D11", "D12", "D13", "D14",
    "D15", "D16", "D17", "D18", "D19", "D20", "D21", "D22", "D23", "D24", "D25", "D26", "D27",
    "D28", "D29", "D30", "D31",
];

/// A logic analyser and a recorder.
///
/// All times are in nanoseconds, on one clock that never goes back. One turn of the caller's loop:
///
/// 1. [`receive`](Self::receive) what the client sent.
/// 2. If [`wants_edges`](Self::wants_edges) has become true, begin to capture. If [`wants_begin`](Self::wants_begin),
///    [`begin`](Self::begin).
/// 3. Read the clock. While [`has_room`](Self::has_room) and there are some, pass on [edges](Self::edge) and
///    [losses](Self::gap). If there are no more, [`advance`](Self::advance) to the time that was read.
/// 4. [`transmit`](Self::transmit).
///
/// # Context
///
/// Thread only; never blocks. Each call does a bounded amount of work.
#[derive(Debug)]
pub struct Instrument<'a> {
    name: &'static str,
    lines: u8,
    commands: Commands,
    analyzer: Analyzer<'a>,
    stream: Stream,
}

#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "there is one, in a static")]
enum Stream {
    Off,
    /// The client has started it.
    Wanted,
    On {
        encoder: Encoder<'static>,
        rate_hz: u32,
    },
}

/// Where a use of the lines begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Begin {
    /// The time now.
    pub now_ns: u64,
    /// The level of each line, line 0 in bit 0.
    pub levels: u32,
    /// The resolution of the times, 1 to 10⁹. The stream counts in this unit.
    pub rate_hz: u32,
}

impl<'a> Instrument<'a> {
    /// An idle instrument, for a static.
    ///
    /// # Panics
    ///
    /// As [`Analyzer::new`]. In a static or constant this is an error of the compiler.
    pub const fn new<const EDGES: usize>(probe: Probe, memory: &'a mut Memory<EDGES>) -> Self {
        Self {
            name: probe.name,
            lines: probe.lines,
            commands: Commands::new(),
            analyzer: Analyzer::new(probe, memory),
            stream: Stream::Off,
        }
    }

    /// Takes bytes from the client, in pieces of any size. All bytes are accepted.
    ///
    /// Returns whether the client has stopped what is being sent: then discard bytes that are still on the way, so that
    /// the next answer is the first thing that the client reads.
    pub fn receive(&mut self, bytes: &[u8]) -> bool {
        let mut is_stopped = false;
        for &byte in bytes {
            let is_command = self.commands.is_command(byte);
            is_stopped |= is_command && byte == STOP;
            match (&mut self.stream, byte) {
                (Stream::Off, START) if is_command => {
                    self.reset_analyzer();
                    self.stream = Stream::Wanted;
                }
                (Stream::Off, _) => self.analyzer.receive(&[byte]),
                (_, STOP) => {
                    self.stop();
                    is_stopped = true;
                }
                (Stream::On { encoder, .. }, START) => encoder.announce(),
                _ => {}
            }
        }
        is_stopped
    }

    /// Whether edges are wanted: by the stream until it is stopped, by the analyser until its acquisition is complete.
    ///
    /// It may become false in any call.
    pub fn wants_edges(&self) -> bool {
        !matches!(self.stream, Stream::Off) || self.analyzer.is_armed()
    }

    /// Whether to call [`begin`](Self::begin).
    pub fn wants_begin(&self) -> bool {
        matches!(self.stream, Stream::Wanted) || self.analyzer.wants_begin()
    }

    /// From now on edges come. No effect unless [`wants_begin`](Self::wants_begin).
    pub fn begin(&mut self, begin: Begin) {
        let Stream::Wanted = self.stream else {
            self.analyzer.begin(begin.now_ns, begin.levels);
            return;
        };
        let rate_hz = begin.rate_hz;
        let now = ticks(begin.now_ns, rate_hz);
        let head = Head {
            // The time differs from that of any other start.
            session: now as u32,
            rate_hz,
            device: self.name,
            lines: NAMES.get(..self.lines.into()).unwrap_or(&NAMES),
        };
        self.stream = match Encoder::new(head, now, begin.levels) {
            Ok(encoder) => Stream::On { encoder, rate_hz },
            // Only for a rate of 0, which no clock has.
            Err(_) => Stream::Off,
        };
    }

    /// Back to idle, as if the client had stopped everything. For a caller that cannot capture.
    pub fn stop(&mut self) {
        self.stream = Stream::Off;
        self.commands = Commands::new();
        self.reset_analyzer();
    }

    /// Whether one more edge, and a loss before it, may be passed on now. If not, it will be after
    /// [`transmit`](Self::transmit).
    pub fn has_room(&self) -> bool {
        match &self.stream {
            Stream::On { encoder, .. } => encoder.has_room(),
            _ => true,
        }
    }

    /// An edge: `line` became `high` or low at `time_ns`. Lost if there is no [room](Self::has_room).
    pub fn edge(&mut self, time_ns: u64, line: u8, high: bool) {
        match &mut self.stream {
            // It fails only without room, or for a line that the instrument does not have.
            Stream::On { encoder, rate_hz } => {
                let _ = encoder.edge(ticks(time_ns, *rate_hz), line, high);
            }
            _ => self.analyzer.edge(time_ns, line, high),
        }
    }

    /// Before `time_ns`, `lost` edges were lost, and then the lines had these `levels`.
    pub fn gap(&mut self, time_ns: u64, lost: u32, levels: u32) {
        match &mut self.stream {
            Stream::On { encoder, .. } => {
                let _ = encoder.gap(lost, levels);
            }
            _ => self.analyzer.gap(time_ns, lost, levels),
        }
    }

    /// Time has passed: all edges before `now_ns` have been given. To be called every 100 ms at least while edges are wanted.
    pub fn advance(&mut self, now_ns: u64) {
        match &mut self.stream {
            Stream::On { encoder, rate_hz } => encoder.tick(ticks(now_ns, *rate_hz)),
            _ => self.analyzer.advance(now_ns),
        }
    }

    /// Puts the next bytes for the client into `out`, and returns how many; 0 if there are none now.
    ///
    /// They are gone from the instrument, so send them all.
    pub fn transmit(&mut self, out: &mut [u8]) -> usize {
        match &mut self.stream {
            Stream::On { encoder, .. } => encoder.transmit(out),
            _ => self.analyzer.transmit(out),
        }
    }

    fn reset_analyzer(&mut self) {
        self.analyzer.receive(&[STOP; 5]);
    }
}
