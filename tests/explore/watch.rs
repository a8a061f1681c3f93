//! What must hold at every step of a run, looked at from outside the library.

use std::cell::{Cell, RefCell};
use std::fmt::Debug;
use std::ops::Range;
use std::rc::Rc;

use edgepipe::{Capture, Edge, Error, Level, Reader, Wake, sys::clock};
use zephyr::sim::{self, Moment};
use zephyr::time::{Duration, Forever, NoWait, Timeout};

use super::books::Books;

/// What a thread is asleep for, as far as we know: from before its call until it returns.
#[derive(Clone, Copy, Debug)]
struct Waiter {
    /// Pending records that end the wait.
    needs: u64,
    /// How many ticks it may last.
    ticks: Option<u64>,
    /// The uptime at which it was first seen asleep.
    asleep_since: Option<u64>,
}

/// Watches one capture.
pub(crate) struct Watch {
    device: &'static dyn Debug,
    /// The memory of the device, by which its semaphores are known.
    place: Range<usize>,
    capacity: u64,
    threshold: u64,
    /// Places of waiters that have returned are empty.
    waiters: RefCell<Vec<Option<Waiter>>>,
    /// A thread has begun to close the capture; has closed it.
    closing: Cell<bool>,
    closed: Cell<bool>,
    /// As seen last.
    books: Cell<Books>,
    /// How often the capture became ready, and whether it was when seen last.
    crossings: Cell<u64>,
    ready: Cell<bool>,
    /// Number of the last edge that was read, its time, and how many were.
    position: Cell<u64>,
    read_until_ns: Cell<u64>,
    read: Cell<u64>,
}

impl Watch {
    pub(super) fn new<D: Debug>(device: &'static D, capacity: u64, threshold: u64) -> Rc<Watch> {
        let start = (&raw const *device).addr();
        Rc::new(Watch {
            device,
            place: start..start + size_of::<D>(),
            capacity,
            threshold,
            waiters: RefCell::default(),
            closing: Cell::default(),
            closed: Cell::default(),
            books: Cell::default(),
            crossings: Cell::default(),
            ready: Cell::default(),
            position: Cell::default(),
            read_until_ns: Cell::default(),
            read: Cell::default(),
        })
    }

    /// Looks, at a step of the run.
    pub(super) fn look(&self, moment: Moment) {
        let books = Books::of(self.device);
        self.check_books(books);
        let ready = books.pending >= self.threshold || self.closed.get();
        if ready && !self.ready.get() {
            self.crossings.set(self.crossings.get() + 1);
        }
        self.ready.set(ready);
        self.books.set(books);
        if moment == Moment::Idle {
            self.check_flag(books);
            let now = clock::uptime_ticks();
            let mut waiters = self.waiters.borrow_mut();
            waiters
                .iter_mut()
                .flatten()
                .for_each(|waiter| self.check_asleep(waiter, books, now));
        }
    }

    fn check_books(&self, books: Books) {
        let last = self.books.get();
        let sum = books.delivered + books.pending + books.lost;
        assert_eq!(books.captured, sum, "the books balance: {books:?}");
        assert!(
            books.captured >= last.captured && books.delivered >= last.delivered,
            "what was counted stays counted: {last:?}, then {books:?}"
        );
        assert!(books.pending <= self.capacity, "{books:?}");
        // Marks of holes count too, one of them beyond what fits.
        assert!(books.high_water <= self.capacity + 1, "{books:?}");
    }

    /// The semaphore is up while the capture is ready and nobody runs who could yet raise it.
    fn check_flag(&self, books: Books) {
        let semaphores = sim::semaphores();
        // Of its two, a device initialises this one first.
        let flag = semaphores
            .iter()
            .find(|(address, _)| self.place.contains(address));
        let ready = books.pending >= self.threshold || self.closing.get();
        assert!(
            !ready || flag.is_some_and(|(_, count)| *count > 0),
            "ready, and its semaphore is 0: {books:?}, closing: {}",
            self.closing.get()
        );
    }

    /// Nobody runs who could still wake the waiter, nor one who is in the middle of a close.
    fn check_asleep(&self, waiter: &mut Waiter, books: Books, now: u64) {
        assert!(
            books.pending < waiter.needs && !self.closing.get(),
            "a wake-up was lost: {waiter:?} sleeps, with {books:?}, closing: {}",
            self.closing.get()
        );
        // The call had begun by then, and Zephyr rounds a time-out up by one tick.
        let since = *waiter.asleep_since.get_or_insert(now);
        if let Some(ticks) = waiter.ticks {
            assert!(
                now <= since + ticks + 1,
                "{waiter:?} sleeps past its deadline, at tick {now}"
            );
        }
    }

    /// Runs `call` with its caller known as a waiter.
    fn waiting<R>(&self, needs: u64, ticks: Option<u64>, call: impl FnOnce() -> R) -> R {
        let place = self.waiters.borrow().len();
        self.waiters.borrow_mut().push(Some(Waiter {
            needs,
            ticks,
            asleep_since: None,
        }));
        let result = call();
        self.waiters.borrow_mut()[place] = None;
        result
    }

    /// [`Reader::wait_ready`], for so many ticks or for ever.
    pub(crate) fn wait_ready(&self, reader: &Reader, ticks: Option<u64>) -> Result<Wake, Error> {
        let begun = clock::uptime_ticks();
        let timeout = match ticks {
            None => Timeout::from(Forever),
            Some(0) => NoWait.into(),
            Some(ticks) => Duration::from_ticks(ticks).into(),
        };
        let result = self.waiting(self.threshold, ticks, || reader.wait_ready(timeout));
        match (result, ticks) {
            (Err(error), Some(ticks)) => {
                assert_eq!(error, Error::TIMED_OUT);
                let end = clock::uptime_ticks();
                assert!(
                    end >= begun + ticks,
                    "from {begun}, {ticks} ticks: back at {end}"
                );
            }
            (Err(error), None) => panic!("a wait for ever ended with {error}"),
            (Ok(Wake::Closed), _) => assert!(self.closing.get(), "woken by a close that was not"),
            (Ok(_), _) => {}
        }
        result
    }

    /// [`Reader::read_edges`], up to `N` edges; says how many.
    pub(crate) fn read<const N: usize>(&self, reader: &mut Reader) -> usize {
        let mut edges = [Edge::default(); N];
        let count = self.waiting(1, None, || reader.read_edges(&mut edges));
        let count = count.expect("a blocking read does not fail");
        assert!(count > 0 || self.closing.get(), "end of an open capture");
        self.check_order(&edges[..count]);
        count
    }

    /// [`Reader::try_read_edges`], up to `N` edges; says how many, and nothing for end of file.
    pub(crate) fn try_read<const N: usize>(&self, reader: &mut Reader) -> Option<usize> {
        let mut edges = [Edge::default(); N];
        match reader.try_read_edges(&mut edges) {
            Err(error) => {
                assert_eq!(error, Error::WOULD_BLOCK);
                Some(0)
            }
            Ok(count) => {
                self.check_order(&edges[..count]);
                (count > 0).then_some(count)
            }
        }
    }

    /// Closes the capture.
    pub(crate) fn close(&self, capture: Capture) {
        self.closing.set(true);
        capture.close();
        self.closed.set(true);
    }

    /// Edges are whole, and in order, and there once; where some are missing, the next one says so.
    fn check_order(&self, edges: &[Edge]) {
        for edge in edges {
            let position = self.position.get() + u64::from(edge.lost_before) + 1;
            let expected = (position as u8, Level::from(position % 2 == 1), 0);
            let found = (edge.sequence, edge.level, edge.line);
            assert_eq!(found, expected, "edge {position}: {edge:?}");
            assert!(edge.timestamp_ns >= self.read_until_ns.get(), "{edge:?}");
            self.position.set(position);
            self.read_until_ns.set(edge.timestamp_ns);
            self.read.set(self.read.get() + 1);
        }
    }

    /// Edges read or lost so far.
    pub(crate) fn accounted(&self) -> u64 {
        let books = Books::of(self.device);
        books.delivered + books.lost
    }

    /// Checks what has to be true when all is read: nothing is missing, and nothing is left.
    pub(crate) fn check_end(&self) {
        let books = Books::of(self.device);
        assert_eq!((books.pending, books.delivered), (0, self.read.get()));
        assert!(self.position.get() <= books.captured);
    }

    /// Checks what a single waiter may cost: one wake, and one flag raised, each time the capture
    /// became ready.
    pub(crate) fn check_wakes(&self) {
        let books = Books::of(self.device);
        let (wakes, gives) = (books.wakes + books.spurious_wakes, sim::gives());
        let crossings = self.crossings.get();
        assert!(
            wakes <= crossings && gives <= crossings,
            "{wakes} wakes and {gives} gives at {crossings} crossings"
        );
    }

    /// The same of a single blocked read, whose flag is raised only when it has asked for that.
    pub(crate) fn check_wakes_of_reads(&self) {
        let books = Books::of(self.device);
        let (wakes, gives) = (books.wakes + books.spurious_wakes, sim::gives());
        let crossings = self.crossings.get();
        assert!(
            gives <= wakes + crossings,
            "{gives} gives for {wakes} wakes and {crossings} crossings"
        );
    }
}
