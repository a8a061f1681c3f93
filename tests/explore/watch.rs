//! What must hold at every step of a run, looked at from outside the library.

use std::cell::{Cell, RefCell};
use std::ops::Range;

use edgepipe::{Ledger, Reader, Wake, sys::clock};
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

/// What a thread is asleep for, as far as we know: from before its call until it returns.
#[derive(Clone, Copy, Debug)]
pub(super) struct Waiter {
    pub(super) need: Need,
    /// How many ticks it may last.
    pub(super) ticks: Option<u64>,
    /// The uptime at which it was first seen asleep.
    pub(super) asleep_since: Option<u64>,
    /// The uptime at which it was seen to sleep though its time is up.
    pub(super) late_since: Option<u64>,
}

/// Watches one capture.
pub(crate) struct Watch {
    /// What the library says of it.
    view: Box<dyn Fn() -> (Ledger, Option<Wake>)>,
    /// The memory of the device, by which its semaphores are known.
    place: Range<usize>,
    terms: Cell<Terms>,
    model: RefCell<Model>,
    pub(super) closing: Cell<Closing>,
    /// Places of waiters that have returned are empty.
    pub(super) waiters: RefCell<Vec<Option<Waiter>>>,
    pub(super) order: RefCell<Order>,
    /// As seen last.
    ledger: Cell<Ledger>,
    ready: Cell<bool>,
    /// How often the capture became ready.
    crossings: Cell<u64>,
    /// How many waits had been told of an earlier time when it became ready.
    told_before: Cell<u64>,
    /// One thread waits for it to be ready, and none for anything else.
    one_waiter: Cell<bool>,
}

impl Watch {
    /// For `reader`, of a device that is at `place`.
    pub(super) fn new<T: 'static>(reader: &Reader<T>, place: Range<usize>, terms: Terms) -> Watch {
        let twin = twin(reader);
        Watch {
            view: Box::new(move || (twin.ledger(), twin.ready())),
            place,
            terms: Cell::new(terms),
            model: RefCell::new(Model::new()),
            closing: Cell::new(Closing::Not),
            waiters: RefCell::default(),
            order: RefCell::default(),
            ledger: Cell::default(),
            ready: Cell::default(),
            crossings: Cell::default(),
            told_before: Cell::default(),
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

    /// Has every step checked for what a single waiter for readiness may cost: one wake, and one flag
    /// raised, each time the capture became ready.
    pub(crate) fn expect_one_wake_per_crossing(&self) {
        self.one_waiter.set(true);
    }

    /// Looks, at a step of the run.
    pub(super) fn look(&self, moment: Moment) {
        let now = clock::uptime_ticks();
        let (ledger, ready) = (self.view)();
        self.check_ledger(ledger);
        let mut model = self.model.borrow_mut();
        model.step(ledger, now);
        model.check(self.terms.get(), self.closing.get(), now, ready);
        if ready.is_some() && !self.ready.get() {
            self.crossings.set(self.crossings.get() + 1);
            self.told_before.set(self.ledger.get().wakes);
        }
        self.ready.set(ready.is_some());
        self.ledger.set(ledger);
        if self.one_waiter.get() {
            self.check_wakes(ledger);
        }
        if moment == Moment::Idle {
            // Nobody runs who could still raise a flag, nor one who is in the middle of a close.
            let ready = ready.is_some() || self.closing.get() != Closing::Not;
            self.check_flag(ready, ledger);
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
        // Marks of holes count too, one of them beyond what fits.
        assert!(u64::from(ledger.high_water) <= capacity + 1, "{ledger:?}");
    }

    /// The semaphore is up while the capture is ready, until a wait has taken it and tells its caller,
    /// who need not read at once. Whoever waits after that is told without it.
    fn check_flag(&self, ready: bool, ledger: Ledger) {
        let semaphores = sim::semaphores();
        // Of its two, a device initialises this one first.
        let flag = semaphores
            .iter()
            .find(|(address, _)| self.place.contains(address));
        let told = ledger.wakes > self.told_before.get();
        assert!(
            !ready || told || flag.is_some_and(|(_, count)| *count > 0),
            "ready, and its semaphore is 0: {ledger:?}, {:?} closed",
            self.closing.get()
        );
    }

    fn check_asleep(&self, waiter: &mut Waiter, ready: bool, ledger: Ledger, now: u64) {
        let met = match waiter.need {
            Need::Ready => ready,
            Need::Edge => ledger.pending > 0 || self.closing.get() != Closing::Not,
        };
        assert!(
            !met,
            "a wake-up was lost: {waiter:?} sleeps, with {ledger:?}, {:?} closed",
            self.closing.get()
        );
        // The call had begun by then, and Zephyr rounds a time-out up by one tick.
        let since = *waiter.asleep_since.get_or_insert(now);
        if waiter.ticks.is_some_and(|ticks| now > since + ticks + 1) {
            // Just now it may have gone to sleep too late, and wakes at the next tick.
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

    /// Checks what a single blocked read may cost: its flag is raised only when it has asked for that.
    pub(crate) fn check_wakes_of_reads(&self) {
        let ledger = self.ledger();
        let (wakes, gives) = (ledger.wakes + ledger.spurious_wakes, sim::gives());
        let crossings = self.crossings.get();
        assert!(
            gives <= wakes + crossings,
            "{gives} gives for {wakes} wakes and {crossings} crossings"
        );
    }

    /// The ledger now.
    pub(crate) fn ledger(&self) -> Ledger {
        (self.view)().0
    }

    /// Edges read or lost so far.
    pub(crate) fn accounted(&self) -> u64 {
        let ledger = self.ledger();
        ledger.delivered + ledger.lost.total()
    }

    /// Checks what has to be true when all is read: nothing is missing, and nothing is left.
    pub(crate) fn check_end(&self) {
        let (ledger, order) = (self.ledger(), self.order.borrow());
        assert_eq!((ledger.pending, ledger.delivered), (0, order.read));
        assert!(order.position <= ledger.captured);
    }
}
