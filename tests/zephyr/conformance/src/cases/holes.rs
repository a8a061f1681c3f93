//! Holes among samples: a read ends before one, and the next one tells of it.

use edgepipe::{Capture, Config, Error, Gap, Overflow, Reader, Sample, StrobeDevice, Timed, Wake};
use embedded_io::Read;
use zephyr::time::Forever;

use super::samples::{Bus, Seen, Wire, each};
use super::support::strict;

fn bus() -> Bus {
    Bus::new(&each(8, |bit| Wire::new(0, bit)))
}

fn open<T: Sample, const N: usize>(
    device: &'static StrobeDevice<T, N>,
    bus: &Bus,
    overflow: Overflow,
) -> (Capture, Reader<T>) {
    let config = Config {
        overflow,
        ..strict()
    };
    device.open(bus.strobe(), &bus.lines(), config).unwrap()
}

fn hole(lost: u32, levels: u32) -> Option<Gap> {
    Some(Gap { lost, levels })
}

/// The next read, of at most `most` samples, returns these, after that hole.
fn reads<T: Sample + Seen>(reader: &mut Reader<T>, most: usize, values: &[u32], gap: Option<Gap>) {
    let mut samples = [T::NONE; 16];
    let read = reader.try_read_samples(&mut samples[..most]);
    assert_eq!(read, Ok(values.len()), "{values:?}");
    let read = samples.iter().map(|sample| sample.value());
    assert!(read.take(values.len()).eq(values.iter().copied()));
    assert_eq!(reader.gap(), gap, "{values:?}");
    assert!(reader.ledger().balances());
}

fn nothing<T: Sample + Seen>(reader: &mut Reader<T>) {
    let read = reader.try_read_samples(&mut [T::NONE; 16]);
    assert_eq!(read, Err(Error::WOULD_BLOCK));
}

pub(super) fn a_read_ends_where_samples_were_lost() {
    static PLAIN: StrobeDevice<u8, 3> = StrobeDevice::new();
    static TIMED: StrobeDevice<Timed<u32>, 3> = StrobeDevice::new();
    check_loss(&PLAIN);
    check_loss(&TIMED);
}

fn check_loss<T: Sample + Seen>(device: &'static StrobeDevice<T, 3>) {
    let bus = bus();
    let (_capture, mut reader) = open(device, &bus, Overflow::DropNewest);
    bus.latch_all(1..=5);
    assert_eq!(reader.ready(), Some(Wake::Overflow));
    reads(&mut reader, 2, &[1, 2], None);
    assert_eq!(reader.ready(), None, "the hole has a place");
    bus.latch_all([6, 7]);
    reads(&mut reader, 16, &[3], None);
    reads(&mut reader, 16, &[6, 7], hole(2, 5));
    nothing(&mut reader);
    assert_eq!(reader.gap(), hole(2, 5), "of the last read that got any");
    bus.latch(8);
    reads(&mut reader, 16, &[8], None);
    let ledger = reader.ledger();
    assert_eq!(
        (ledger.captured, ledger.delivered, ledger.lost.full),
        (8, 6, 2)
    );
}

pub(super) fn no_sample_is_stored_after_a_second_hole_before_the_first_is_passed() {
    static PLAIN: StrobeDevice<u16, 3> = StrobeDevice::new();
    static TIMED: StrobeDevice<Timed<u8>, 3> = StrobeDevice::new();
    check_two(&PLAIN);
    check_two(&TIMED);
}

fn check_two<T: Sample + Seen>(device: &'static StrobeDevice<T, 3>) {
    let bus = bus();
    let (_capture, mut reader) = open(device, &bus, Overflow::DropNewest);
    bus.latch_all(1..=4);
    reads(&mut reader, 1, &[1], None);
    bus.latch_all([5, 6]);
    reads(&mut reader, 1, &[2], None);
    // There is room, but no place for the second hole.
    bus.latch(7);
    assert_eq!(reader.ready(), Some(Wake::Overflow));
    reads(&mut reader, 16, &[3], None);
    bus.latch(8);
    reads(&mut reader, 16, &[5], hole(1, 4));
    bus.latch(9);
    assert_eq!(reader.ready(), None);
    reads(&mut reader, 16, &[9], hole(3, 8));
    bus.latch_all([10, 11, 12]);
    reads(&mut reader, 16, &[10, 11, 12], None);
    let ledger = reader.ledger();
    assert_eq!(
        (ledger.captured, ledger.delivered, ledger.lost.full),
        (12, 8, 4)
    );
}

pub(super) fn a_frozen_buffer_of_samples_is_read_to_its_end_before_the_hole() {
    static DEVICE: StrobeDevice<u8, 3> = StrobeDevice::new();
    let bus = bus();
    let (mut capture, mut reader) = open(&DEVICE, &bus, Overflow::Freeze);
    bus.latch_all(1..=4);
    reads(&mut reader, 1, &[1], None);
    bus.latch(5);
    reads(&mut reader, 16, &[2, 3], None);
    bus.latch(6);
    reads(&mut reader, 16, &[6], hole(2, 5));
    // The same behind the hole of a pause.
    bus.latch(7);
    capture.pause();
    assert_eq!(capture.resume(), Ok(()));
    bus.latch_all([8, 9, 10]);
    reads(&mut reader, 16, &[7], None);
    bus.latch(11);
    reads(&mut reader, 16, &[8, 9], hole(0, 7));
    bus.latch(12);
    reads(&mut reader, 16, &[12], hole(2, 11));
    let lost = reader.ledger().lost;
    assert_eq!((lost.full, lost.frozen), (2, 2));
}

pub(super) fn a_pause_is_a_hole_among_samples() {
    static DEVICE: StrobeDevice<Timed<u16>, 8> = StrobeDevice::new();
    let bus = bus();
    let (mut capture, mut reader) = open(&DEVICE, &bus, Overflow::DropNewest);
    let mut pause = || {
        capture.pause();
        bus.latch(99);
        assert_eq!(capture.resume(), Ok(()));
    };
    pause();
    bus.latch_all([1, 2]);
    reads(&mut reader, 16, &[1, 2], hole(0, 99));
    // Two pauses in one place are one hole; a third one elsewhere has no place.
    bus.latch(3);
    pause();
    pause();
    bus.latch(4);
    pause();
    bus.latch(5);
    reads(&mut reader, 16, &[3], None);
    reads(&mut reader, 16, &[4], hole(0, 99));
    bus.latch(6);
    reads(&mut reader, 16, &[6], hole(1, 5));
    assert_eq!(reader.ledger().captured, 6);
}

pub(super) fn the_end_of_file_tells_of_a_hole_at_the_end() {
    static DEVICE: StrobeDevice<u8, 3> = StrobeDevice::new();
    let bus = bus();
    let (capture, mut reader) = open(&DEVICE, &bus, Overflow::DropNewest);
    bus.latch_all(1..=4);
    capture.close();
    reads(&mut reader, 16, &[1, 2, 3], None);
    reads(&mut reader, 16, &[], hole(1, 4));
    reads(&mut reader, 16, &[], None);
    drop(reader);

    let (mut capture, mut reader) = open(&DEVICE, &bus, Overflow::DropNewest);
    for value in [1, 2] {
        bus.latch(value);
        capture.pause();
        assert_eq!(capture.resume(), Ok(()));
    }
    bus.latch(3);
    capture.close();
    reads(&mut reader, 16, &[1], None);
    reads(&mut reader, 16, &[2], hole(0, 1));
    reads(&mut reader, 16, &[], hole(1, 3));
}

type Way = fn(&mut Reader<u8>, &mut [u8]) -> Result<usize, Error>;

pub(super) fn every_way_of_reading_ends_at_a_hole() {
    static DEVICE: StrobeDevice<u8, 8> = StrobeDevice::new();
    let ways: [Way; 8] = [
        |reader, samples| reader.try_read(samples),
        |reader, samples| reader.read(samples),
        |reader, samples| reader.read_timeout(samples, Forever),
        |reader, samples| reader.weak().try_read(samples),
        |reader, samples| reader.weak().read_timeout(samples, Forever),
        |reader, samples| reader.try_read_samples(samples),
        |reader, samples| reader.read_samples(samples),
        |reader, samples| reader.read_samples_timeout(samples, Forever),
    ];
    let bus = bus();
    for way in ways {
        let (mut capture, mut reader) = open(&DEVICE, &bus, Overflow::DropNewest);
        bus.latch_all([1, 2]);
        capture.pause();
        assert_eq!(capture.resume(), Ok(()));
        bus.latch(3);
        let mut samples = [0; 4];
        assert_eq!(way(&mut reader, &mut samples), Ok(2));
        assert_eq!((&samples[..2], reader.gap()), (&[1, 2][..], None));
        assert_eq!(way(&mut reader, &mut samples), Ok(1));
        assert_eq!((samples[0], reader.gap()), (3, hole(0, 2)));
        bus.latch(4);
        assert_eq!(way(&mut reader, &mut samples), Ok(1));
        assert_eq!((samples[0], reader.gap()), (4, None));
    }
}

/// Records are decoded in pieces of 256 bytes.
pub(super) fn a_read_in_pieces_ends_at_a_hole() {
    static DEVICE: StrobeDevice<u8, 300> = StrobeDevice::new();
    let bus = bus();
    let (mut capture, mut reader) = open(&DEVICE, &bus, Overflow::DropNewest);
    bus.latch_all((0..256).map(|value| value % 200));
    capture.pause();
    assert_eq!(capture.resume(), Ok(()));
    bus.latch(201);
    capture.close();
    let mut samples = [0; 300];
    assert_eq!(reader.read_samples(&mut samples), Ok(256));
    assert!((0..256).all(|index| usize::from(samples[index]) == index % 200));
    assert_eq!(reader.wait_ready(Forever), Ok(Wake::Closed));
    assert_eq!(reader.read_samples(&mut samples), Ok(1));
    assert_eq!((samples[0], reader.gap()), (201, hole(0, 55)));
    assert_eq!(reader.read_samples(&mut samples), Ok(0));
}
