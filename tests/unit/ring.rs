//! Tests of `sys::ring`, in src/sys/ring.rs, which brings them in as its module `tests`.

use std::{boxed::Box, collections::VecDeque, vec::Vec};

use super::*;
use crate::sys::{out, storage::Buffer};

fn ring<const COUNT: usize>() -> Ring {
    let buffer: &'static Buffer<u64, COUNT> = Box::leak(Box::new(Buffer::new()));
    Ring::new(buffer.storage(), 8)
}

/// Moves the oldest piece to `out`; returns the number of bytes.
fn take(ring: &mut Ring, out: &mut [u8]) -> usize {
    let bytes = copy(ring.peek(out.len()), out::of(out));
    ring.remove(bytes);
    bytes
}

/// A ring and a queue, through which the same numbers go.
struct Twins {
    ring: Ring,
    queue: VecDeque<u64>,
    room: usize,
    stored: u64,
}

impl Twins {
    fn push(&mut self, how: impl FnOnce(&mut Ring, u64) -> bool) -> bool {
        let pushed = how(&mut self.ring, self.stored);
        if pushed {
            self.queue.push_back(self.stored);
            self.stored += 1;
        }
        self.check();
        pushed
    }

    fn take(&mut self, most: usize) -> usize {
        let mut out = std::vec![0; most * 8 + 3];
        let bytes = take(&mut self.ring, &mut out);
        for record in out[..bytes].as_chunks().0 {
            assert_eq!(self.queue.pop_front(), Some(u64::from_ne_bytes(*record)));
        }
        self.check();
        bytes / 8
    }

    fn check(&mut self) {
        assert_eq!(self.ring.len(), self.queue.len() * 8);
        assert_eq!(self.ring.stored(), self.stored * 8);
        assert_eq!(self.ring.oldest().copied(), self.queue.front().copied());
        assert!(self.queue.len() <= self.room);
        let piece: Vec<u8> = self.ring.peek(24).to_vec();
        for (record, expected) in piece.as_chunks().0.iter().zip(&self.queue) {
            assert_eq!(u64::from_ne_bytes(*record), *expected);
        }
    }
}

fn random_walk<const COUNT: usize>() {
    let mut twins = Twins {
        ring: ring::<COUNT>(),
        queue: VecDeque::new(),
        room: COUNT,
        stored: 0,
    };
    let mut random = fastrand::Rng::with_seed(COUNT as u64);
    for _ in 0..20_000 {
        match random.u8(..8) {
            0..3 => {
                let is_full = twins.queue.len() == COUNT;
                assert_eq!(
                    twins.push(Ring::push),
                    !is_full,
                    "there is room, or there is not"
                );
            }
            3 => {
                let records = random.usize(..=COUNT);
                let marked = random.bool();
                twins.ring.set_limit(records * 8, marked);
                let mut pushed = 0;
                while twins.push(Ring::try_push) {
                    pushed += 1;
                }
                assert!(pushed <= records, "no more than were let in");
                let reached = twins.push(Ring::try_push_at_limit);
                assert!(
                    !reached || (marked && pushed == records),
                    "only the marked one"
                );
                assert!(!twins.push(Ring::try_push_at_limit), "once");
                assert!(reached || !twins.push(Ring::try_push), "up to the limit");
            }
            4 => {
                twins.ring.set_limit(0, true);
                let _ = twins.push(Ring::try_push_at_limit);
            }
            _ => {
                let most = random.usize(..=COUNT);
                let some = !twins.queue.is_empty() && most > 0;
                assert_eq!(twins.take(most) > 0, some);
                assert!(
                    !some || !twins.push(Ring::try_push),
                    "a read ends the limit"
                );
            }
        }
    }
    while twins.take(COUNT) > 0 {}
    assert!(twins.queue.is_empty() && twins.stored > 0);
}

#[test]
fn what_goes_in_comes_out_in_order() {
    random_walk::<1>();
    random_walk::<2>();
    random_walk::<3>();
    random_walk::<8>();
    random_walk::<17>();
}

#[test]
fn a_ring_for_nothing_takes_and_gives_nothing() {
    let mut ring = Ring {
        size: 8,
        ..Ring::none()
    };
    assert!(!ring.try_push(1_u64) && !ring.try_push_at_limit(1_u64));
    assert_eq!((ring.len(), ring.peek(64).len()), (0, 0));
    assert_eq!(take(&mut ring, &mut [0; 64]), 0);
}

#[test]
fn plain_bytes_are_records_too() {
    let buffer: &'static Buffer<u8, 5> = Box::leak(Box::new(Buffer::new()));
    let mut ring = Ring::new(buffer.storage(), 1);
    let mut out = [0; 5];
    for lap in 0..7_u8 {
        for byte in 0..5 {
            assert!(ring.push(lap * 5 + byte));
        }
        assert!(!ring.push(0_u8));
        assert_eq!(take(&mut ring, &mut out[..2]), 2);
        assert_eq!(&out[..2], &[lap * 5, lap * 5 + 1]);
        assert_eq!(take(&mut ring, &mut out), 3);
        assert_eq!(&out[..3], &[lap * 5 + 2, lap * 5 + 3, lap * 5 + 4]);
    }
    assert_eq!(ring.stored(), 35);
}

#[test]
fn bytes_are_copied_from_any_place() {
    let words: [u64; 5] =
        core::array::from_fn(|word| 0x0706_0504_0302_0100 + 0x0808_0808_0808_0808 * word as u64);
    let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
    let aligned = bytes.as_ptr().align_offset(8);
    for begin in aligned..aligned + 9 {
        for length in 0..=24 {
            let piece = &bytes[begin..begin + length];
            let mut out = [0xff; 24];
            assert_eq!(copy(piece, out::of(&mut out)), length);
            assert_eq!(out[..length], *piece, "{length} bytes from {begin}");
            assert!(out[length..].iter().all(|byte| *byte == 0xff));
        }
    }
}
