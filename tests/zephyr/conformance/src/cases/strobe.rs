//! Strobed data.

use edgepipe::{
    Capture, Config, ConfigError, Line, OpenError, Overflow, Readiness, StrobeDevice, Trigger, Wake,
};
use edgepipe_app::{Event, Player, Stimulus};
use embedded_io::Read;
use zephyr::time::Forever;

use super::super::platform;
use super::support::{PERIOD_US, low_lines, periods, strict};

/// The data line has the bits of `byte` in turn, least significant first; each is strobed.
struct Serial {
    byte: u8,
    step: u32,
}

impl Stimulus for Serial {
    fn next(&mut self) -> Option<Event> {
        // Three steps a bit: data, strobe up, strobe down.
        let (bit, part) = (self.step / 3, self.step % 3);
        if bit == 8 {
            return None;
        }
        self.step += 1;
        let at_us = u64::from(self.step) * PERIOD_US;
        Some(match part {
            0 => Event {
                at_us,
                line: 0,
                high: self.byte >> bit & 1 == 1,
            },
            part => Event {
                at_us,
                line: 1,
                high: part == 1,
            },
        })
    }
}

/// Line 0 is the data, line 1 the strobe.
fn lines() -> (Line, [Line; 1]) {
    let lines = low_lines();
    (lines[1].with_trigger(Trigger::Rising), [lines[0]])
}

fn play(player: &'static Player<Serial>, capture: &Capture, byte: u8) {
    player.start(capture, platform::pins(), Serial { byte, step: 0 });
}

pub(super) fn a_strobe_latches_the_data_lines_into_a_byte() {
    static DEVICE: StrobeDevice<8> = StrobeDevice::new();
    static PLAYER: Player<Serial> = Player::new();
    let (strobe, data) = lines();
    let (capture, mut reader) = DEVICE.open(strobe, &data, strict()).unwrap();
    play(&PLAYER, &capture, 0b1011_0010);

    assert_eq!(reader.wait_ready(Forever), Ok(Wake::Full));
    let mut bytes = [0xff; 16];
    assert_eq!(reader.read(&mut bytes), Ok(8));
    assert_eq!(bytes[..8], [0, 1, 0, 0, 1, 1, 0, 1]);
    let ledger = reader.ledger();
    assert_eq!((ledger.captured, ledger.delivered, ledger.wakes), (8, 8, 1));
}

/// Each line is read from its own port; neighbours on one port are read at once.
pub(super) fn data_lines_may_be_on_two_ports() {
    static DEVICE: StrobeDevice<8> = StrobeDevice::new();
    let (strobe, [data]) = lines();
    let other = platform::other_pin();
    assert!(other.prepare(true));
    let (_capture, mut reader) = DEVICE
        .open(strobe, &[data, other.line()], strict())
        .unwrap();
    let [data, strobe] = [0, 1].map(|pin| platform::pins()[pin]);
    for (level, byte) in [(false, 0b10), (true, 0b11)] {
        assert!(data.set(level) && strobe.set(true) && strobe.set(false));
        let mut bytes = [0];
        assert_eq!(reader.read(&mut bytes), Ok(1));
        assert_eq!(bytes, [byte]);
    }
    assert!(other.set(false) && strobe.set(true));
    assert_eq!(reader.read(&mut [0; 1]), Ok(1));
}

pub(super) fn strobed_bytes_that_find_no_room_are_counted() {
    static DEVICE: StrobeDevice<8> = StrobeDevice::new();
    static PLAYER: Player<Serial> = Player::new();
    let (strobe, data) = lines();
    let config = Config {
        capacity: Some(3),
        ready: Readiness::Any,
        overflow: Overflow::DropNewest,
        ..Config::DEFAULT
    };
    let (capture, mut reader) = DEVICE.open(strobe, &data, config).unwrap();
    play(&PLAYER, &capture, 0b0000_0110);
    PLAYER.wait_end();

    let ledger = reader.ledger();
    assert_eq!(
        (ledger.captured, ledger.pending, ledger.lost.full),
        (8, 3, 5)
    );
    assert_eq!(reader.ready(), Some(Wake::Overflow));
    let mut bytes = [0xff; 8];
    assert_eq!(
        reader.read(&mut bytes),
        Ok(3),
        "a stream of bytes has no gap records"
    );
    assert_eq!(bytes[..3], [0, 1, 1]);
    assert_eq!(reader.ready(), None);
    assert!(reader.ledger().balances());
}

pub(super) fn a_strobed_tail_is_flushed_by_the_deadline() {
    static DEVICE: StrobeDevice<64> = StrobeDevice::new();
    static PLAYER: Player<Serial> = Player::new();
    let (strobe, data) = lines();
    let config = Config {
        flush_after: Some(periods(100)),
        ..Config::DEFAULT
    };
    let (capture, mut reader) = DEVICE.open(strobe, &data, config).unwrap();
    play(&PLAYER, &capture, 0);
    assert_eq!(reader.wait_ready(periods(1_000)), Ok(Wake::Deadline));
    assert_eq!(reader.read(&mut [0; 64]), Ok(8));
}

pub(super) fn strobed_lines_that_cannot_be_captured_are_refused() {
    static DEVICE: StrobeDevice<8> = StrobeDevice::new();
    let (strobe, data) = lines();
    let cannot = |data: &[Line]| DEVICE.open(strobe, data, Config::DEFAULT).err();
    assert_eq!(cannot(&[]), Some(OpenError::Config(ConfigError::NoLine)));
    let twice = OpenError::Config(ConfigError::LineTwice { line: 1 });
    assert_eq!(cannot(&[strobe]), Some(twice));
    let too_many = ConfigError::TooManyLines { lines: 9, most: 8 };
    assert_eq!(cannot(&[data[0]; 9]), Some(OpenError::Config(too_many)));
    drop(DEVICE.open(strobe, &data, Config::DEFAULT).unwrap());
}
