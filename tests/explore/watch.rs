//! What must hold at every step of a run, checked from outside the library.

use std::cell::{Cell, RefCell};

use edgepipe::{Ledger, Reader, WeakReader, sys::clock};
use zephyr::sim::{self, Moment};

use super::model::{Closing, Model, Terms};
use super::order::Order;
use super::twin::twin;

/// What a thread waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Need {
    /// The capture to be ready.
    Ready,
    /// An edge to read.
    Edge,
}

/// A thread that waits, from before its call until the call has returned.
#[derive(Clone, Copy, Debug)]
pub(super) struct Waiter {
    pub(super) need: Need,
    /// The longest wait, in ticks.
    pub(super) ticks: Option<u64>,
    /// The uptime at which it was first seen asleep.
    pub(super) asleep_since: Option<u64>,
    /// The uptime at which it was first seen asleep though its time is up.
    pub(super) late_since: Option<u64>,
}

/// Watches one capture.
pub(crate) struct Watch {
    /// A view from outside, as long as the reader exists.
    weak: WeakReader,
    ledger_now: Box<dyn Fn() -> Ledger>,
    terms: Cell<Terms>,
    model: RefCell<Model>,
    pub(super) closing: Cell<Closing>,
    /// The slot of a waiter that has returned is empty.
    pub(super) waiters: RefCell<Vec<Option<Waiter>>>,
    pub(super) order: RefCell<Order>,
    /// Reads that have begun. How many records they have taken is not known.
    pub(super) reading: Cell<u32>,
    /// The ledger at the last step.
    ledger: Cell<Ledger>,
    ready: Cell<bool>,
    /// How often the capture became ready.
    crossings: Cell<u64>,
    /// One thread waits for the capture to be ready, and none for anything else.
    one_waiter: Cell<bool>,
}

impl Watch {
    pub(super) fn new<T: 'static>(reader: &Reader<T>, terms: Terms) -> Watch {
        let twin = twin(reader);
        Watch {
            weak: reader.weak(),
            ledger_now: Box::new(move || twin.ledger()),
            terms: Cell::new(terms),
            model: RefCell::new(Model::new()),
            closing: Cell::new(Closing::Not),
            waiters: RefCell::default(),
            order: RefCell::default(),
            reading: Cell::default(),
            ledger: Cell::default(),
            ready: Cell::default(),
            crossings: Cell::default(),
            one_waiter: Cell::default(),
        }
    }

    /// Allows the timer of the flush deadline to be `ticks` late.
    pub(crate) fn allow_late(&self, ticks: u64) {
        self.terms.set(Terms {
            late: ticks,
            ..self.terms.get()
        });
    }

    /// Sets the number of lines besides line 0.
    pub(super) fn expect_more_lines(&self, lines: u8, debounced: bool) {
        let mut order = self.order.borrow_mut();
        (order.more_lines, order.debounced) = (lines, debounced);
    }

    /// Lets every step check the cost of a single waiter for readiness: one wake, and one raised
    /// flag, each time the capture became ready.
    pub(crate) fn expect_one_wake_per_crossing(&self) {
        self.one_waiter.set(true);
    }

    /// Checks a step of the run.
    pub(super) fn look(&self, moment: Moment) {
        let now = clock::uptime_ticks();
        // Without its reader, no thread can wait for a capture.
        let Ok(ready) = self.weak.ready() else {
            return;
        };
        let ledger = self.ledger();
        self.check_ledger(ledger);
        let mut model = self.model.borrow_mut();
        // A cycle is a tick, and the counter begins with the uptime.
        model.step(ledger, now, clock::cycles().into());
        let terms = Terms {
            is_handling: moment == Moment::Handling,
            ..self.terms.get()
        };
        model.check(terms, self.closing.get(), now, ready);
        assert!(
            ready.is_some() || self.reading.get() > 0 || self.in_pipe(ledger) == 0,
            "something is in the pipe, and it is not ready: {ledger:?}"
        );
        if ready.is_some() && !self.ready.get() {
            self.crossings.set(self.crossings.get() + 1);
        }
        self.ready.set(ready.is_some());
        self.ledger.set(ledger);
        if self.one_waiter.get() {
            self.check_wakes(ledger);
        }
        if moment == Moment::Idle {
            // No thread runs that could still wake a waiter, nor one in the middle of a close.
            let ready = ready.is_some() || self.closing.get() != Closing::Not;
            let mut waiters = self.waiters.borrow_mut();
            waiters
                .iter_mut()
                .flatten()
                .for_each(|waiter| self.check_asleep(waiter, ready, ledger, now));
        }
    }

    fn check_ledger(&self, ledger: Ledger) {
        let last = self.ledger.get();
        assert!(ledger.balances(), "the books balance: {ledger:?}");
        assert!(
            ledger.captured >= last.captured && ledger.delivered >= last.delivered,
            "what was counted stays counted: {last:?}, then {ledger:?}"
        );
        let capacity = self.terms.get().capacity;
        assert!(ledger.pending <= capacity, "{ledger:?}");
        // Gap records count too; one of them may exceed the capacity.
        assert!(u64::from(ledger.high_water) <= capacity + 1, "{ledger:?}");
    }

    fn check_asleep(&self, waiter: &mut Waiter, ready: bool, ledger: Ledger, now: u64) {
        let met = match waiter.need {
            Need::Ready => ready,
            Need::Edge => {
                let unread = ledger.pending + self.in_pipe(ledger);
                unread > 0 || self.closing.get() != Closing::Not
            }
        };
        assert!(
            !met,
            "a wake-up was lost: {waiter:?} sleeps, with {ledger:?}, {:?} closed",
            self.closing.get()
        );
        // The call had begun by that time, and Zephyr rounds a time-out up by one tick.
        let since = *waiter.asleep_since.get_or_insert(now);
        if waiter.ticks.is_some_and(|ticks| now > since + ticks + 1) {
            // It may have gone to sleep just now, when its time was up; then it wakes at the next
            // tick.
            let late_since = *waiter.late_since.get_or_insert(now);
            assert!(
                now <= late_since,
                "{waiter:?} sleeps past its deadline, at tick {now}"
            );
        }
    }

    fn check_wakes(&self, ledger: Ledger) {
        let (wakes, gives) = (ledger.wakes + ledger.spurious_wakes, sim::gives());
        let crossings = self.crossings.get();
        assert!(
            wakes <= crossings && gives <= crossings,
            "{wakes} wakes and {gives} gives at {crossings} crossings"
        );
    }

    /// Checks the cost of a single blocked read: its flag is raised only if it waits.
    pub(crate) fn check_wakes_of_reads(&self) {
        let ledger = self.ledger();
        let (wakes, gives) = (ledger.wakes + ledger.spurious_wakes, sim::gives());
        let crossings = self.crossings.get();
        assert!(
            gives <= wakes + crossings,
            "{gives} gives for {wakes} wakes and {crossings} crossings"
        );
    }

    /// Edges that were handed over, but not read since.
    fn in_pipe(&self, ledger: Ledger) -> u64 {
        match self.terms.get().is_piped {
            true => ledger.delivered - self.order.borrow().read,
            false => 0,
        }
    }

    /// The ledger now.
    pub(crate) fn ledger(&self) -> Ledger {
        (self.ledger_now)()
    }

    /// The time of the edge that was read last.
    pub(crate) fn last_ns(&self) -> u64 {
        self.order.borrow().until_ns[0]
    }

    /// Edges read or lost so far.
    pub(crate) fn accounted(&self) -> u64 {
        let ledger = self.ledger();
        ledger.delivered + ledger.lost.total()
    }

    /// Checks that at the end, when everything was read, nothing is missing and nothing is left.
    pub(crate) fn check_end(&self) {
        let (ledger, order) = (self.ledger(), self.order.borrow());
        assert_eq!((ledger.pending, ledger.delivered), (0, order.read));
        assert!(order.position <= ledger.captured);
    }
}
