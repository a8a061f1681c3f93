//! The model of an analyser: its client's commands, and what the client gets.

use edgepipe_sump::Probe;

use super::signal::{Settings, Signal};

#[derive(Debug)]
pub(super) struct Model {
    probe: Probe,
    edges_max: usize,
    /// Of a command that is not complete.
    command: Vec<u8>,
    settings: Settings,
    id: &'static [u8],
    metadata: Vec<u8>,
    state: State,
}

#[derive(Debug)]
enum State {
    Idle,
    Asked,
    Armed(Box<Signal>),
    Sending(Sending),
    /// Something that takes too much memory to follow.
    Unknown,
}

/// An acquisition on its way to the client.
#[derive(Debug)]
struct Sending {
    groups: Vec<u32>,
    is_counted: bool,
    /// What the client should see, the newest sample last.
    samples: Vec<u32>,
    bytes: Vec<u8>,
    count: usize,
}

impl Model {
    pub(super) fn new(probe: Probe, edges_max: usize) -> Self {
        Self {
            probe,
            edges_max,
            command: Vec::new(),
            settings: Self::reset(),
            id: b"",
            metadata: Vec::new(),
            state: State::Idle,
        }
    }

    fn reset() -> Settings {
        Settings {
            registers: [].into(),
            read: 4,
            delay: 4,
        }
    }

    pub(super) fn is_followed(&self) -> bool {
        !matches!(self.state, State::Unknown)
    }

    /// Whether a begin is wanted, and whether edges are.
    pub(super) fn state(&self) -> (bool, bool) {
        let is_asked = matches!(self.state, State::Asked);
        (is_asked, is_asked || matches!(self.state, State::Armed(_)))
    }

    pub(super) fn receive(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.command.push(byte);
            if self.command[0] < 0x80 || self.command.len() == 5 {
                let command = std::mem::take(&mut self.command);
                self.obey(&command);
            }
        }
    }

    fn obey(&mut self, command: &[u8]) {
        match command {
            [0] => {
                self.settings = Self::reset();
                (self.id, self.metadata) = (b"", Vec::new());
                self.state = State::Idle;
            }
            [1] => self.state = State::Asked,
            [2] => (self.id, self.state) = (b"1ALS", State::Idle),
            [4] => (self.metadata, self.state) = (metadata(&self.probe), State::Idle),
            [register, value @ ..] if value.len() == 4 => {
                let value = u32::from_le_bytes(value.try_into().unwrap());
                self.set(*register, value);
                self.state = State::Idle;
            }
            _ => {}
        }
    }

    fn set(&mut self, register: u8, value: u32) {
        let samples = |count: u32| ((u64::from(count) + 1) * 4).min(1 << 30);
        match register {
            0x81 => {
                self.settings.read = samples(value & 0xffff);
                self.settings.delay = samples(value >> 16);
            }
            0x83 => self.settings.delay = samples(value),
            0x84 => self.settings.read = samples(value),
            0xd2 => {
                let fourth = self.settings.registers.entry(0xce);
                fourth.and_modify(|config| *config |= value & 1 << 27);
            }
            _ => {
                self.settings.registers.insert(register, value);
            }
        }
    }

    pub(super) fn begin(&mut self, now: u64, levels: u32) {
        if matches!(self.state, State::Asked) {
            let levels = self.channels(levels);
            let signal = Signal::new(self.settings.clone(), self.edges_max, now, levels);
            self.state = State::Armed(Box::new(signal));
        }
    }

    pub(super) fn edge(&mut self, time: u64, line: u8, high: bool) {
        let lines = self.probe.lines;
        self.acquire(time, |signal| {
            if line < lines {
                let bit = 1 << line;
                let others = signal.levels() & !bit;
                signal.change(if high { others | bit } else { others });
            }
        });
    }

    pub(super) fn gap(&mut self, time: u64, lost: u32, levels: u32) {
        let levels = self.channels(levels);
        self.acquire(time, |signal| {
            signal.lose(lost);
            if !signal.is_complete {
                signal.change(levels);
            }
        });
    }

    pub(super) fn advance(&mut self, now: u64) {
        self.acquire(now, |_| {});
    }

    /// Time that is not followed.
    pub(super) fn leap(&mut self) {
        if matches!(self.state, State::Armed(_)) {
            self.state = State::Unknown;
        }
    }

    fn acquire(&mut self, time: u64, work: impl FnOnce(&mut Signal)) {
        let told = self.told();
        let State::Armed(signal) = &mut self.state else {
            return;
        };
        signal.advance(time);
        if !signal.is_complete {
            work(signal);
        }
        if signal.is_complete {
            self.state = State::Sending(Sending {
                groups: self.settings.groups(),
                is_counted: self.settings.is_counted(),
                samples: signal.seen(told),
                bytes: Vec::new(),
                count: 0,
            });
        } else if signal.is_too_long() {
            self.state = State::Unknown;
        }
    }

    fn lines(&self) -> u32 {
        (0..self.probe.lines).map(|line| 1 << line).sum()
    }

    fn told(&self) -> u32 {
        if self.probe.lines < 32 {
            1 << self.probe.lines
        } else {
            0
        }
    }

    fn channels(&self, levels: u32) -> u32 {
        levels & self.lines() | self.told()
    }

    /// The analyser has sent these bytes, where there was room for so many.
    pub(super) fn transmitted(&mut self, bytes: &[u8], room: usize) {
        let (id, bytes) = bytes.split_at(self.id.len().min(bytes.len()));
        assert_eq!(id, &self.id[..id.len()]);
        self.id = &self.id[id.len()..];
        let (metadata, bytes) = bytes.split_at(self.metadata.len().min(bytes.len()));
        assert!(self.metadata.starts_with(metadata));
        self.metadata.drain(..metadata.len());
        let room = room - id.len() - metadata.len();
        match &mut self.state {
            State::Sending(sending) => {
                sending.receive(bytes);
                if bytes.len() < room {
                    assert!(sending.samples.is_empty(), "missing: {:?}", sending.samples);
                    self.state = State::Idle;
                }
            }
            State::Unknown => {}
            _ => assert_eq!(bytes, b""),
        }
    }
}

impl Sending {
    /// What the client does.
    fn receive(&mut self, bytes: &[u8]) {
        let width = self.groups.len();
        if width == 0 {
            assert_eq!(bytes, b"");
            self.samples.clear();
        }
        self.bytes.extend(bytes);
        while width > 0 && self.bytes.len() >= width {
            let word: Vec<u8> = self.bytes.drain(..width).collect();
            let top = word[width - 1] & 0x80;
            if self.is_counted && top > 0 {
                assert_eq!(self.count, 0, "a count after a count");
                for (place, byte) in word.iter().enumerate() {
                    self.count |= usize::from(*byte) << (8 * place);
                }
                self.count -= 1 << (8 * width - 1);
                continue;
            }
            for _ in 0..=std::mem::take(&mut self.count) {
                let sample = self.samples.pop().expect("no more samples are due");
                for (place, (byte, group)) in word.iter().zip(&self.groups).enumerate() {
                    let mut due = (sample >> (8 * group)) as u8;
                    if self.is_counted && place == width - 1 {
                        due &= 0x7f;
                    }
                    assert_eq!(*byte, due, "with {} more to come", self.samples.len());
                }
            }
        }
    }
}

fn metadata(probe: &Probe) -> Vec<u8> {
    let mut bytes = format!("\x01{}\0\x02{}\0\x21", probe.name, "0.1.0").into_bytes();
    bytes.extend(probe.memory.to_be_bytes());
    bytes.push(0x23);
    bytes.extend(probe.rate_max.to_be_bytes());
    bytes.extend([0x40, 32.min(probe.lines + 1), 0x41, 2, 0]);
    bytes
}
