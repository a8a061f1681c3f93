//! The fast path: what almost every interrupt does, and all that it does here.
//!
//! A record needs nothing but a place in the stage, as long as the stage lets it in:
//! [`State::update`] allows only as many as change nothing for anybody. The one that fills the
//! stage or the buffer, that reaches a threshold, or that starts the deadline is not among them, and
//! none is before the capture is armed or after it was closed. Those are for the full path,
//! [`Intake`], which takes over with the lock held.
//!
//! An edge is counted in its sequence number only, and its time is that of the counter beside the
//! half wraps of the last look; both are put right when somebody looks.

use super::{Channel, Intake, State};
use crate::sys::{clock, lock::Brief};

/// The beginning of one interrupt's work on a channel, with every interrupt off.
pub(crate) struct Fast {
    channel: &'static Channel,
    state: Brief<'static, State>,
    /// When the interrupt was seen.
    cycles: u32,
}

impl Fast {
    #[inline]
    pub(super) fn new(channel: &'static Channel) -> Self {
        let state = channel.state.lock_briefly();
        // With the lock held, so that records of nested interrupts are in the order of their times.
        let cycles = clock::cycles();
        Self {
            channel,
            state,
            cycles,
        }
    }

    /// Stores an edge with these bits of line and level, unless that is for the full path.
    #[inline]
    pub(crate) fn push(&mut self, line_and_level: u8) -> bool {
        let state = &mut *self.state;
        let head = state.head;
        let stored = state
            .records
            .stage
            .try_push(head.edge(self.cycles, line_and_level));
        if stored {
            state.head = head.next();
        }
        stored
    }

    /// Stores a plain byte, unless that is for the full path.
    #[inline]
    pub(crate) fn push_byte(&mut self, byte: u8) -> bool {
        let state = &mut *self.state;
        let stored = state.records.stage.try_push(byte);
        if stored {
            state.head = state.head.next();
        }
        stored
    }

    /// Stores the edge that makes the channel ready, if that is all that it does, which is so for most that
    /// are not for the fast path. [`wake`](Self::wake) is to be called next.
    #[inline]
    pub(crate) fn reach(&mut self, line_and_level: u8) -> bool {
        let record = self.state.head.edge(self.cycles, line_and_level);
        self.state.reach(record)
    }

    /// Wakes a thread that waits for the channel to be ready.
    #[inline]
    pub(crate) fn wake(self) {
        drop(self.state);
        self.channel.ready.give();
    }

    /// Goes on with the full path.
    pub(crate) fn lengthen(self) -> Intake {
        Intake::new(self.channel, self.state.lengthen(), self.cycles)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Error, LineError, Overflow,
        channel::{Interrupts, Look, Setup},
        sys::{pipe::Buffer, timer::Expiry},
    };

    struct NoLines;

    impl Interrupts for NoLines {
        fn begin(&'static self) -> Result<(), LineError> {
            Ok(())
        }

        fn levels(&'static self) -> u32 {
            0
        }

        fn stop(&'static self) {}
    }

    const SETUP: Setup = Setup {
        size: 8,
        capacity: 8,
        threshold: 1,
        flush_after: 0,
        block: 8,
        overflow: Overflow::DropNewest,
    };

    /// Starts to capture, ready when it is full.
    fn start(channel: &'static Channel, buffer: &'static Buffer<8, 8>) {
        let setup = Setup {
            threshold: 8,
            ..SETUP
        };
        channel.open(buffer.storage(), &setup).expect("it is new");
        channel.arm(&NoLines).expect("there are no lines to read");
    }

    /// Drivers fire callbacks while their lines are configured, and a timer may have looked before.
    #[test]
    fn nothing_is_for_the_fast_path_before_the_start() {
        static CHANNEL: Channel = Channel::new();
        static BUFFER: Buffer<8, 8> = Buffer::new();
        zephyr::sim::run(move || {
            CHANNEL.open(BUFFER.storage(), &SETUP).expect("it is new");
            Look::expired(&CHANNEL);
            let mut fast = CHANNEL.fast();
            assert!(!fast.push(0));
            assert!(!fast.reach(0));
            let mut intake = fast.lengthen();
            intake.edge(0);
            intake.finish();
            assert_eq!(CHANNEL.ledger(), Default::default());
        });
    }

    /// Whoever polls reads in vain again and again.
    #[test]
    fn a_read_of_nothing_leaves_the_next_edge_to_the_fast_path() {
        static CHANNEL: Channel = Channel::new();
        static BUFFER: Buffer<8, 8> = Buffer::new();
        zephyr::sim::run(|| {
            start(&CHANNEL, &BUFFER);
            let nothing = [
                (0, Ok(0)),
                (7, Err(Error::INVALID_INPUT)),
                (64, Err(Error::WOULD_BLOCK)),
            ];
            for (bytes, expected) in nothing {
                assert_eq!(CHANNEL.take(&mut [0; 64][..bytes]), expected);
                assert!(CHANNEL.fast().push(0));
                assert_eq!(CHANNEL.take(&mut [0; 8]), Ok(8));
            }
        });
    }

    /// On another CPU, a handler may be running still.
    #[test]
    fn nothing_is_for_the_fast_path_after_the_end() {
        static CHANNEL: Channel = Channel::new();
        static BUFFER: Buffer<8, 8> = Buffer::new();
        zephyr::sim::run(|| {
            start(&CHANNEL, &BUFFER);
            assert!(CHANNEL.fast().push(0), "before the end");
            CHANNEL.close();
            let mut fast = CHANNEL.fast();
            assert!(!fast.push(0));
            assert!(!fast.reach(0));
            let mut intake = fast.lengthen();
            intake.edge(0);
            intake.finish();
            let ledger = CHANNEL.ledger();
            assert_eq!((ledger.captured, ledger.lost.closed), (2, 1));
        });
    }
}
