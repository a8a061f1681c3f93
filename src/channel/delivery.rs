//! Delivery through the pipe: what is pending when the channel becomes ready is handed to a `k_pipe`.
//!
//! Any code can read that, without knowing the library. Our own readers do so too: they first read what
//! is in the pipe, and then have handed over what is pending, so records never overtake each other.
//!
//! Records are handed over in pieces, oldest first, each under the channel's lock: whoever comes in between
//! goes on where this one was interrupted. What finds no room in the pipe stays pending in the ring, and
//! is handed over by the next read of ours, or with the next records. A timer tries too, as `k_pipe_read`
//! does not tell that it made room.

use super::{Channel, State, got};
use crate::sys::pipe::{Pipe, reschedule};
use crate::sys::{clock::TICKS_PER_SECOND, clock::cycles, lock::Guard, storage::Storage};
use crate::{Error, Wake};

/// Records that are handed over, or read from the pipe, at once: their copy is done with interrupts masked.
pub(super) const PIECE: usize = 8;

/// What found no room in the pipe is offered again after so many ticks: 10 ms.
pub(super) const RETRY_TICKS: u32 = TICKS_PER_SECOND.div_ceil(100);

/// What a channel calls that delivers through its pipe. A device without one does not name [`THROUGH_PIPE`], so it
/// does not link it.
pub(crate) struct ThroughPipe {
    pub(super) init: fn(&'static Channel, Storage),
    pub(super) deliver: fn(&'static Channel),
    pub(super) take: Take,
    pub(super) hang_up: fn(&'static Channel, Guard<'_, State>),
}

type Take = fn(&'static Channel, Guard<'_, State>, Option<u32>, &mut [u8]) -> Result<usize, Error>;

pub(crate) static THROUGH_PIPE: ThroughPipe = ThroughPipe {
    init: |channel, storage| channel.pipe.init(storage),
    deliver: Channel::deliver,
    take: Channel::take_through_pipe,
    hang_up: Channel::hang_up_pipe,
};

/// What was handed over and is not known to be read.
pub(super) struct Handover {
    /// Why; `None` when all of it has been read, or was asked for by a read.
    pub(super) why: Option<Wake>,
    /// The pipe has been closed.
    closed: bool,
    /// Something found no room in the pipe, and the timer is to offer it again.
    pub(super) is_late: bool,
    /// Bytes in the pipe, at the most: others may have read some.
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

    /// All of it has been read.
    fn forget(&mut self) {
        self.why = None;
        self.in_pipe = 0;
    }

    /// So many bytes were read.
    fn remove(&mut self, bytes: usize) {
        self.in_pipe = self.in_pipe.saturating_sub(bytes);
        if self.in_pipe == 0 {
            self.why = None;
        }
    }
}

impl State {
    /// Finds out whether others have read all that is in the pipe. To be called before anybody is told what there
    /// is; in an ISR it changes nothing.
    pub(super) fn check_pipe(&mut self) {
        if self.handover.in_pipe > 0 && self.shared.is_some_and(Pipe::is_seen_empty) {
            self.handover.forget();
            self.told = self.due().is_some();
        }
    }

    /// Whether something is to be handed over, or the pipe is to be closed.
    pub(super) fn must_deliver(&self) -> bool {
        if self.handover.closed {
            return false;
        }
        let pending = self.records.pending();
        // While all is full, an edge that is lost tries again only now and then.
        let is_full = pending == self.capacity && self.counters.unreported as usize % PIECE > 1;
        self.is_closed() || (pending > 0 && !is_full && self.due().is_some())
    }
}

impl Channel {
    /// Hands over all that is pending, as far as the pipe has room, and closes it after the last record.
    #[inline(never)]
    fn deliver(&'static self) {
        let state = self.lock();
        let (why, number, end) = (state.due(), state.use_number, state.records.ring.stored());
        drop(state);
        let is_late = why.is_some()
            && loop {
                let mut state = self.lock_to_take();
                // Others may have taken some of it. What came since is not handed over in its place. After a close
                // nothing comes but the mark of a loss.
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
                let now = state.advance_clock(cycles());
                self.restart_timer(&mut state, now);
            }
        }
        drop(state);
        // Threads that wait in `k_pipe_read` were woken with the lock held.
        reschedule();
    }

    /// Lets threads go that wait in the pipe.
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

    /// Hands over one piece, of at most `most` bytes; returns how many. `update` is to be called next.
    pub(super) fn hand_over(&'static self, state: &mut State, most: usize) -> usize {
        let most = most.min(PIECE * state.records.size());
        let length = state.hand_over(most, |piece| self.pipe.write(piece));
        if length > 0 {
            state.handover.in_pipe = state.handover.in_pipe.saturating_add(length);
            self.restart_deadline(state);
        }
        length
    }

    /// Moves records from the pipe into `out`, as [`take`](Self::take) does from the ring. There is room for one.
    fn take_through_pipe(
        &'static self,
        mut state: Guard<'_, State>,
        number: Option<u32>,
        out: &mut [u8],
    ) -> Result<usize, Error> {
        let size = state.records.size();
        let mut length = 0;
        loop {
            if state.is_over(number) {
                return got(length, Error::BAD_HANDLE);
            }
            let rest = out.get_mut(length..).unwrap_or_default();
            let most = (rest.len() & size.wrapping_neg()).min(PIECE * size);
            // With the lock held, so that it is still the pipe of this use.
            let read = self.pipe.read(rest.get_mut(..most).unwrap_or_default());
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
            // What was handed over in between is for the next read.
            if is_empty && state.handover.in_pipe == 0 && !state.is_over(number) {
                let handed = self.hand_over(&mut state, most - read);
                let end = (handed == 0).then(|| state.end_read(length));
                self.publish(state);
                // More urgent threads may have got what was handed over.
                reschedule();
                if let Some(end) = end {
                    return end;
                }
                state = self.lock();
            }
        }
    }
}
