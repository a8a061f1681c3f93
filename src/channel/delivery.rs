//! Delivery through the pipe: when the channel becomes ready, its pending records are handed over to a `k_pipe`.
//!
//! Any code can read the pipe, without knowing the library. Our own readers read it too: they first read what is in the
//! pipe, and then hand over what is pending. So records never overtake each other.
//!
//! Records are handed over in pieces, oldest first, each under the channel's lock. Code that interrupts a hand-over
//! continues where that one was interrupted. Records that find no room in the pipe stay pending in the ring. The next
//! read by the library hands them over, or the next hand-over does. A timer tries too, because `k_pipe_read` does not
//! report that it made room.

use super::{Channel, State, got};
use crate::sys::pipe::{Pipe, reschedule};
use crate::sys::{clock::TICKS_PER_SECOND, lock::Guard, out::Out, storage::Storage};
use crate::{Error, Wake};

/// The most records that are handed over, or read from the pipe, at once: interrupts are masked during their copy.
pub(super) const PIECE: usize = 8;

/// After so many ticks, 10 ms, the pipe is offered again the records that found no room.
pub(super) const RETRY_TICKS: u32 = TICKS_PER_SECOND.div_ceil(100);

/// The functions of a channel that delivers through its pipe. A device without a pipe does not name [`THROUGH_PIPE`],
/// so they are not linked.
pub(crate) struct ThroughPipe {
    pub(super) init: fn(&'static Channel, Storage),
    pub(super) deliver: fn(&'static Channel),
    pub(super) take: Take,
    pub(super) hang_up: fn(&'static Channel, Guard<'_, State>),
}

type Take = fn(&'static Channel, Guard<'_, State>, Option<u32>, Out) -> Result<usize, Error>;

pub(crate) static THROUGH_PIPE: ThroughPipe = ThroughPipe {
    init: |channel, storage| channel.pipe.init(storage),
    deliver: Channel::deliver,
    take: Channel::take_through_pipe,
    hang_up: Channel::hang_up_pipe,
};

/// The records that were handed over and may be unread.
pub(super) struct Handover {
    /// Why they were handed over; `None` when all have been read, or when a read asked for them.
    pub(super) why: Option<Wake>,
    /// The pipe has been closed.
    closed: bool,
    /// Records found no room in the pipe; the timer will offer them again.
    pub(super) is_late: bool,
    /// The most bytes that are in the pipe; other code may have read some.
    pub(super) in_pipe: usize,
}

impl Handover {
    pub(super) const fn none() -> Self {
        Self {
            why: None,
            closed: false,
            is_late: false,
            in_pipe: 0,
        }
    }

    /// Notes that all of them have been read.
    fn forget(&mut self) {
        self.why = None;
        self.in_pipe = 0;
    }

    /// Notes that so many bytes were read.
    fn remove(&mut self, bytes: usize) {
        self.in_pipe = self.in_pipe.saturating_sub(bytes);
        if self.in_pipe == 0 {
            self.why = None;
        }
    }
}

impl State {
    /// Checks whether other code has emptied the pipe, before a caller is told what is unread. No effect in an ISR.
    pub(super) fn check_pipe(&mut self) {
        if self.handover.in_pipe > 0 && self.shared.is_some_and(Pipe::is_seen_empty) {
            self.handover.forget();
            self.told = self.due().is_some();
        }
    }

    /// Whether records must be handed over, or the pipe must be closed.
    pub(super) fn must_deliver(&self) -> bool {
        if self.handover.closed {
            return false;
        }
        let pending = self.records.pending();
        // While pipe and ring are full, only some of the lost edges try again.
        let is_full = pending == self.capacity && self.counters.unreported as usize % PIECE > 1;
        self.is_closed() || (pending > 0 && !is_full && self.due().is_some())
    }
}

impl Channel {
    /// Hands over the pending records for which the pipe has room; after the last one of a closed capture, closes the
    /// pipe.
    #[inline(never)]
    fn deliver(&'static self) {
        let state = self.lock();
        let (why, number, end) = (state.due(), state.use_number, state.records.ring.stored());
        drop(state);
        let is_late = why.is_some()
            && loop {
                let mut state = self.lock_to_take();
                // Other contexts may have taken some of these records; newer ones are not handed over in their place.
                // After a close the only newer record is a gap record.
                let begin = state.records.ring.stored() - state.records.pending() as u64;
                let end = if state.is_closed() { u64::MAX } else { end };
                let left = end
                    .saturating_sub(begin)
                    .min(state.records.pending() as u64);
                if left == 0 || state.use_number != number {
                    break false;
                }
                let length = self.hand_over(&mut state, left as usize);
                if length > 0 {
                    state.handover.why = why;
                }
                let wakeups = state.update();
                drop(state);
                self.wake(wakeups);
                if length == 0 {
                    break true;
                }
            };
        let mut state = self.lock();
        if state.use_number == number && state.handles > 0 {
            if state.is_closed() && state.records.pending() == 0 {
                self.close_pipe(&mut state);
            }
            if is_late && !state.handover.is_late {
                state.handover.is_late = true;
                let now = state.now();
                self.restart_timer(&mut state, now);
            }
        }
        drop(state);
        // Threads that wait in `k_pipe_read` were woken with the lock held.
        reschedule();
    }

    /// Closes the pipe, which wakes threads that wait in it.
    fn hang_up_pipe(&'static self, mut state: Guard<'_, State>) {
        self.close_pipe(&mut state);
        drop(state);
        // Outside the lock, as after every change of the pipe.
        reschedule();
    }

    fn close_pipe(&'static self, state: &mut State) {
        if !state.handover.closed {
            state.handover.closed = true;
            self.pipe.close();
        }
    }

    /// Hands over one piece, of at most `most` bytes; returns how many. The caller must call `update` next.
    pub(super) fn hand_over(&'static self, state: &mut State, most: usize) -> usize {
        let most = most.min(PIECE * state.records.size());
        let length = state.hand_over(most, |piece| self.pipe.write(piece));
        if length > 0 {
            state.handover.in_pipe = state.handover.in_pipe.saturating_add(length);
            self.restart_deadlines(state);
        }
        length
    }

    /// Moves records from the pipe into `out`, as [`take`](Self::take) does from the ring. `out` has room for one.
    fn take_through_pipe(
        &'static self,
        mut state: Guard<'_, State>,
        number: Option<u32>,
        out: Out,
    ) -> Result<usize, Error> {
        let size = state.records.size();
        let mut length = 0;
        loop {
            if state.is_over(number) {
                return got(length, Error::BAD_HANDLE);
            }
            let rest = out.get(length..).unwrap_or_default();
            let most = (rest.len() & size.wrapping_neg()).min(PIECE * size);
            // Read with the lock held, so that it is still the pipe of this use.
            let read = self.pipe.read(rest.get(..most).unwrap_or_default());
            state.handover.remove(read);
            length += read;
            let is_empty = read < most;
            if is_empty {
                state.handover.forget();
            }
            self.publish(state);
            if length + size > out.len() {
                return Ok(length);
            }
            state = self.lock_to_take();
            // If records were handed over in between, the pipe is read again.
            if is_empty && state.handover.in_pipe == 0 && !state.is_over(number) {
                let handed = self.hand_over(&mut state, most - read);
                let end = (handed == 0).then(|| state.end_read(length));
                self.publish(state);
                // Threads of higher priority may have got these records.
                reschedule();
                if let Some(end) = end {
                    return end;
                }
                state = self.lock();
            }
        }
    }
}
