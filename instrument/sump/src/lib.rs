#![doc = include_str!("../README.md")]
#![no_std]
#![forbid(unsafe_code)]

mod acquisition;
mod changes;
mod command;
mod losses;
mod probe;
mod replies;
mod samples;
mod settings;
mod text;
mod trigger;
mod words;

pub use changes::Memory;
pub use probe::Probe;

use acquisition::{Acquisition, Complete};
use command::{Command, Parser};
use replies::Replies;
use settings::Settings;
use words::Words;

/// A logic analyser.
///
/// It is a state machine without a clock and without a port. Bytes from the client and edges go in; bytes for the client
/// come out. All times are in nanoseconds, on one clock that never goes back.
///
/// One turn of the caller's loop:
///
/// 1. `receive` what the client sent.
/// 2. If `wants_begin`, `begin` with the time and the levels now.
/// 3. While `is_armed`, pass on each edge and each loss in the order of their times; then `advance` to a time before which
///    all edges have been passed on.
/// 4. `transmit` until it gives nothing.
///
/// # Context
///
/// Thread only, because of the time that it takes; it never blocks. Each call does a bounded amount of work, and needs
/// a small, constant stack.
#[derive(Debug)]
pub struct Analyzer<'a> {
    probe: Probe,
    parser: Parser,
    settings: Settings,
    replies: Replies,
    state: State,
    acquisition: Acquisition<'a>,
}

#[derive(Debug)]
enum State {
    Idle,
    /// The client has asked for an acquisition.
    Asked,
    Armed,
    Sending(Words),
}

impl<'a> Analyzer<'a> {
    /// An idle analyser, for a static.
    ///
    /// # Panics
    ///
    /// If a field of `probe` is out of its range, or there is no memory. In a static or constant this is an error of the
    /// compiler.
    pub const fn new<const EDGES: usize>(probe: Probe, memory: &'a mut Memory<EDGES>) -> Self {
        assert!(probe.is_valid(), "a field of the probe is out of its range");
        assert!(EDGES > 0, "there is no memory for edges");
        Self {
            probe,
            parser: Parser::new(),
            settings: Settings::new(),
            replies: Replies::NONE,
            state: State::Idle,
            acquisition: Acquisition::new(memory),
        }
    }

    /// Takes bytes from the client, in pieces of any size.
    ///
    /// Any bytes are accepted. A command ends what was going on: an acquisition, or its transmission. Unknown commands
    /// change nothing. After five zero bytes the analyser is idle, whatever came before.
    pub fn receive(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            if let Some(command) = self.parser.take(byte) {
                self.obey(command);
            }
        }
    }

    fn obey(&mut self, command: Command) {
        self.state = State::Idle;
        match command {
            Command::Reset => {
                self.settings = Settings::new();
                self.replies = Replies::NONE;
            }
            Command::Run => self.state = State::Asked,
            Command::Id => self.replies.want_id(),
            Command::Metadata => self.replies.want_metadata(),
            Command::Set(register, value) => self.settings.set(register, value),
        }
    }

    /// Whether the client has asked for an acquisition that has not begun: call `begin`.
    pub fn wants_begin(&self) -> bool {
        matches!(self.state, State::Asked)
    }

    /// Whether edges are wanted: since the client asked for an acquisition, until it is complete or stopped.
    ///
    /// Any call that takes edges, time or bytes may make it false.
    pub fn is_armed(&self) -> bool {
        matches!(self.state, State::Asked | State::Armed)
    }

    /// Begins the acquisition: its first sample is taken at `now_ns`, and bit n of `levels` is the level of line n then.
    ///
    /// Does nothing unless `wants_begin`.
    pub fn begin(&mut self, now_ns: u64, levels: u32) {
        if self.wants_begin() {
            let levels = self.channels(levels);
            self.acquisition.begin(now_ns, levels);
            self.state = State::Armed;
        }
    }

    /// An edge: `line` became `high` or low at `time_ns`.
    ///
    /// A time before the one of an earlier call counts as that one. An edge to the level that the line has already, or of
    /// a line that the probe does not have, changes nothing. Does nothing before `begin`, and after the acquisition.
    pub fn edge(&mut self, time_ns: u64, line: u8, high: bool) {
        let bit = 1u32.checked_shl(line.into()).unwrap_or(0) & self.probe.mask();
        self.acquire(|acquisition, settings| {
            acquisition.advance(settings, time_ns)?;
            let others = acquisition.levels() & !bit;
            acquisition.change(settings, if high { others | bit } else { others })
        });
    }

    /// Before `time_ns`, `lost` edges were lost; then the lines have these `levels`.
    ///
    /// The client sees it in the channel above the lines, from `time_ns` on. Does nothing before `begin`, and after the
    /// acquisition.
    pub fn gap(&mut self, time_ns: u64, lost: u32, levels: u32) {
        let levels = self.channels(levels);
        self.acquire(|acquisition, settings| {
            acquisition.advance(settings, time_ns)?;
            acquisition.lose(lost)?;
            acquisition.change(settings, levels)
        });
    }

    /// Time has passed: all edges before `now_ns` have been given.
    ///
    /// An acquisition ends here if its last sample is due. Does nothing before `begin`, and after the acquisition.
    pub fn advance(&mut self, now_ns: u64) {
        self.acquire(|acquisition, settings| acquisition.advance(settings, now_ns));
    }

    fn acquire(
        &mut self,
        work: impl FnOnce(&mut Acquisition<'a>, &Settings) -> Result<(), Complete>,
    ) {
        if let State::Armed = self.state
            && let Err(Complete) = work(&mut self.acquisition, &self.settings)
        {
            self.state = State::Sending(Words::new(&self.acquisition));
        }
    }

    /// Puts the next bytes for the client into `out`, and returns how many; 0 if there are none now.
    ///
    /// `out` may have any size. The analyser does not keep the bytes, so send them all.
    pub fn transmit(&mut self, out: &mut [u8]) -> usize {
        let mut count = self.replies.transmit(&self.probe, out);
        let told = self.probe.told();
        while let State::Sending(words) = &mut self.state
            && let Some(place) = out.get_mut(count)
        {
            match words.next_byte(&self.acquisition, &self.settings, told) {
                Some(byte) => {
                    *place = byte;
                    count += 1;
                }
                None => self.state = State::Idle,
            }
        }
        count
    }

    /// Levels of the lines, and the channel above them, high.
    fn channels(&self, levels: u32) -> u32 {
        levels & self.probe.mask() | self.probe.told()
    }
}
