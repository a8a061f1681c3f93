//! Strobed data.

use edgepipe::{
    Capture, Config, ConfigError, Error, Line, OpenError, Overflow, Readiness, Sample,
    StrobeDevice, Timed, Trigger, Wake, sys::clock,
};
use edgepipe_app::{Event, Player, Stimulus};
use embedded_io::Read;
use zephyr::time::Forever;

use super::super::platform;
use super::samples::{Bus, Seen, Wire, each};
use super::support::{PERIOD_US, low_lines, periods, sleep_periods, strict};
use super::time::{ns_since, sleep_wraps};

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
    static DEVICE: StrobeDevice<u8, 8> = StrobeDevice::new();
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

/// A capture of samples, whatever their type.
fn check<T: Sample + Seen, const N: usize>(device: &'static StrobeDevice<T, N>, data: &[Wire]) {
    let bus = Bus::new(data);
    let (_capture, mut reader) = device.open(bus.strobe(), &bus.lines(), strict()).unwrap();
    let all = u32::MAX >> (32 - data.len());
    let single = (0..data.len()).map(|bit| 1 << bit);
    let mut samples = [T::NONE; 2];
    for value in single.chain([0, all, 0x5a5a_a5a5 & all, 0xc33c_3cc3 & all]) {
        bus.latch(value);
        assert_eq!(reader.read_samples(&mut samples), Ok(1));
        assert_eq!(samples[0].value(), value);
    }
}

pub(super) fn a_sample_has_a_bit_for_each_line() {
    static ONE: StrobeDevice<u8, 4> = StrobeDevice::new();
    static BYTE: StrobeDevice<u8, 4> = StrobeDevice::new();
    static NINE: StrobeDevice<u16, 4> = StrobeDevice::new();
    static WORD: StrobeDevice<Timed<u16>, 4> = StrobeDevice::new();
    check(&ONE, &[Wire::new(0, 3)]);
    check(&BYTE, &each(8, |bit| Wire::new(0, 4 + bit)));
    // Every other line is on the other port, and the pins are in reverse order.
    check(&NINE, &each(9, |bit| Wire::new(bit % 2, 29 - 3 * bit)));
    let active_low = |bit| Wire::new(0, 8 + bit).active_low(bit % 2 == 1);
    check(&WORD, &each(16, active_low));
}

pub(super) fn a_sample_can_have_lines_of_two_ports() {
    static SEVENTEEN: StrobeDevice<u32, 4> = StrobeDevice::new();
    static ALL: StrobeDevice<u32, 4> = StrobeDevice::new();
    static TIMED: StrobeDevice<Timed<u32>, 4> = StrobeDevice::new();
    let seventeen = each(17, |bit| match bit {
        0..9 => Wire::new(0, 20 + bit),
        _ => Wire::new(1, 40 - 2 * bit).active_low(bit % 3 == 0),
    });
    check(&SEVENTEEN, &seventeen);
    let all = each(32, |bit| match bit {
        0..16 => Wire::new(0, 15 + bit),
        _ => Wire::new(1, (5 * bit + 3) % 32).active_low(bit > 20),
    });
    check(&ALL, &all);
    check(&TIMED, &all);
}

pub(super) fn strobed_bytes_that_find_no_room_are_counted() {
    static DEVICE: StrobeDevice<u8, 8> = StrobeDevice::new();
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
    assert_eq!(reader.read(&mut bytes), Ok(3));
    assert_eq!(bytes[..3], [0, 1, 1]);
    assert_eq!(reader.ready(), None);
    assert!(reader.ledger().balances());
}

pub(super) fn a_strobed_tail_is_flushed_by_the_deadline() {
    static DEVICE: StrobeDevice<u8, 64> = StrobeDevice::new();
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

pub(super) fn the_times_of_samples_are_monotonic_across_wraps_of_the_counter() {
    static SHORT: StrobeDevice<Timed<u8>, 8> = StrobeDevice::new();
    static LONG: StrobeDevice<Timed<u32>, 8> = StrobeDevice::new();
    check_times(&SHORT);
    check_times(&LONG);
}

fn check_times<T: Sample + Seen>(device: &'static StrobeDevice<T, 8>) {
    let bus = Bus::new(&each(4, |bit| Wire::new(0, bit)));
    let opened = device.open(bus.strobe(), &bus.lines(), Config::DEFAULT);
    let (capture, mut reader) = opened.unwrap();
    let mut last_ns = capture.now_ns();
    let mut samples = [T::NONE; 2];
    // Three eighths at a time: more than a wrap.
    for value in 1..=3 {
        let ticks = clock::uptime_ticks();
        sleep_wraps(3);
        let before_ns = capture.now_ns();
        bus.latch(value);
        assert_eq!(reader.read_samples(&mut samples), Ok(1));
        let time_ns = samples[0].time_ns();
        assert_eq!(samples[0].value(), value);
        assert!(before_ns <= time_ns && time_ns <= capture.now_ns());
        let apart_ns = time_ns - last_ns;
        assert!(
            apart_ns.abs_diff(ns_since(ticks)) < 50_000_000,
            "{apart_ns} ns"
        );
        last_ns = time_ns;
    }
}

/// A sample without a time counts from an earlier one.
pub(super) fn the_deadline_of_a_timed_sample_counts_from_its_time() {
    static DEVICE: StrobeDevice<Timed<u16>, 8> = StrobeDevice::new();
    let bus = Bus::new(&each(4, |bit| Wire::new(0, bit)));
    let config = Config {
        flush_after: Some(periods(100)),
        ..Config::DEFAULT
    };
    let opened = DEVICE.open(bus.strobe(), &bus.lines(), config);
    let (_capture, mut reader) = opened.unwrap();
    bus.latch(1);
    sleep_periods(60);
    bus.latch(2);
    assert_eq!(reader.try_read(&mut [0; 8]), Ok(8));
    sleep_periods(60);
    assert_eq!(reader.ready(), None, "the second is 60 periods old");
    assert_eq!(reader.wait_ready(periods(60)), Ok(Wake::Deadline));
    let mut samples = [Timed::default(); 2];
    assert_eq!(reader.try_read_samples(&mut samples), Ok(1));
    assert_eq!(samples[0].value, 2);
}

pub(super) fn the_idle_time_counts_from_the_newest_timed_sample() {
    static DEVICE: StrobeDevice<Timed<u32>, 8> = StrobeDevice::new();
    let bus = Bus::new(&each(4, |bit| Wire::new(0, bit)));
    let config = Config {
        idle_after: Some(periods(100)),
        ..Config::DEFAULT
    };
    let opened = DEVICE.open(bus.strobe(), &bus.lines(), config);
    let (_capture, mut reader) = opened.unwrap();
    bus.latch(1);
    sleep_periods(60);
    bus.latch(2);
    sleep_periods(60);
    assert_eq!(reader.ready(), None, "the newest is 60 periods old");
    // Counted from a look at it, 40 periods later, it would be 140 periods.
    assert_eq!(reader.wait_ready(periods(60)), Ok(Wake::Idle));
    assert_eq!(reader.try_read_samples(&mut [Timed::default(); 4]), Ok(2));
}

pub(super) fn a_reader_of_bytes_becomes_one_of_its_own_samples_only() {
    static DEVICE: StrobeDevice<u16, 8> = StrobeDevice::new();
    let bus = Bus::new(&each(12, |bit| Wire::new(0, bit)));
    let open = || DEVICE.open(bus.strobe(), &bus.lines(), strict()).unwrap();
    let (capture, reader) = open();
    bus.latch(0xabc);
    let mut bytes = [0; 4];
    let reader = reader.into_bytes();
    assert_eq!(reader.try_read(&mut bytes[..1]), Err(Error::INVALID_INPUT));
    assert_eq!(reader.try_read(&mut bytes), Ok(2));
    assert_eq!(bytes[..2], [0xbc, 0x0a]);
    let other = reader.into_samples::<Timed<u16>>();
    assert_eq!(other.err(), Some(Error::INVALID_INPUT));
    drop(capture);

    let (_capture, reader) = open();
    bus.latch(0x123);
    let mut reader = reader.into_bytes().into_samples::<u16>().unwrap();
    let mut samples = [0; 4];
    assert_eq!(reader.read_samples(&mut samples), Ok(1));
    assert_eq!(samples[0], 0x123);
}

pub(super) fn strobed_lines_that_cannot_be_captured_are_refused() {
    static DEVICE: StrobeDevice<u8, 8> = StrobeDevice::new();
    let (strobe, data) = lines();
    let cannot = |data: &[Line]| DEVICE.open(strobe, data, Config::DEFAULT).err();
    assert_eq!(cannot(&[]), Some(OpenError::Config(ConfigError::NoLine)));
    let twice = OpenError::Config(ConfigError::LineTwice { line: 1 });
    assert_eq!(cannot(&[strobe]), Some(twice));
    let too_many = ConfigError::TooManyLines { lines: 9, most: 8 };
    assert_eq!(cannot(&[data[0]; 9]), Some(OpenError::Config(too_many)));
    static WIDE: StrobeDevice<Timed<u16>, 8> = StrobeDevice::new();
    let too_many = ConfigError::TooManyLines {
        lines: 17,
        most: 16,
    };
    let refused = WIDE.open(strobe, &[data[0]; 17], Config::DEFAULT).err();
    assert_eq!(refused, Some(OpenError::Config(too_many)));
    drop(DEVICE.open(strobe, &data, Config::DEFAULT).unwrap());
}
