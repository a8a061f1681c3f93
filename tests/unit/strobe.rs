//! Tests of `source::strobe`, in src/source/strobe.rs.

use std::vec::Vec;

use super::*;
use crate::{StrobeDevice, Timed};

/// The runs of lines at these pins, each of a port: rotation and bits.
fn runs(pins: &[(usize, u8)]) -> Vec<(u8, u32)> {
    static CHANNEL: Channel = Channel::new();
    let line = |(port, pin): &(usize, u8)| Line::new(zephyr::sim::gpio(*port), *pin, 0);
    let data: Vec<Line> = pins.iter().map(line).collect();
    let strobe = Strobe::<u32>::new(&CHANNEL, line(&(0, 31)), &data);
    let runs = strobe.runs().iter();
    runs.map(|run| (run.rotate, run.bits)).collect()
}

#[test]
fn lines_that_are_as_far_from_their_bits_are_one_run() {
    zephyr::sim::run(|| {
        let bus: Vec<_> = (4..20).map(|pin| (0, pin)).collect();
        assert_eq!(runs(&bus), [(4, 0xffff)]);
        // Pins around the port's end, and a line of another port within.
        assert_eq!(runs(&[(0, 31), (1, 8), (0, 1)]), [(31, 0b101), (7, 0b010)]);
        // Runs of one port are together, so that it is read once.
        let scattered = [(0, 9), (1, 3), (0, 7), (1, 5)];
        let apart = [(9, 0b0001), (5, 0b0100), (2, 0b1010)];
        assert_eq!(runs(&scattered), apart);
        let reversed: Vec<_> = (0..32).map(|bit| (1, 31 - bit)).collect();
        assert_eq!(runs(&reversed).len(), 16);
    });
}

#[test]
fn a_device_has_no_room_for_lines_that_its_samples_cannot_have() {
    let sizes = [
        size_of::<StrobeDevice<u8, 64>>(),
        size_of::<StrobeDevice<u16, 32>>(),
        size_of::<StrobeDevice<u32, 16>>(),
    ];
    let per_line = size_of::<Run>() + size_of::<Claim>();
    assert_eq!(sizes[1] - sizes[0], 8 * per_line);
    assert_eq!(sizes[2] - sizes[1], 16 * per_line);
    let timed = size_of::<StrobeDevice<Timed<u8>, 8>>();
    assert_eq!(timed, sizes[0], "64 bytes for 8 records");
}
