//! The library's calls, watched: the waiters are recorded, and the results are checked.

use std::fmt::Debug;

use edgepipe::{Capture, Edge, Error, Event, Poller, Reader, Wake, sys::clock};
use embedded_io::Read;
use zephyr::time::{Duration, Forever, NoWait, Timeout};

use super::model::Closing;
use super::watch::{Need, Waiter, Watch};

impl Watch {
    /// Runs `call` with its caller recorded as a waiter.
    fn waiting<R>(&self, need: Need, ticks: Option<u64>, call: impl FnOnce() -> R) -> R {
        let place = self.waiters.borrow().len();
        self.waiters.borrow_mut().push(Some(Waiter {
            need,
            ticks,
            asleep_since: None,
            late_since: None,
        }));
        let result = call();
        self.waiters.borrow_mut()[place] = None;
        result
    }

    /// A wait for `ticks` ticks, or for ever.
    fn timed<R: Debug>(
        &self,
        need: Need,
        ticks: Option<u64>,
        call: impl FnOnce(Timeout) -> Result<R, Error>,
    ) -> Result<R, Error> {
        let begun = clock::uptime_ticks();
        let timeout = match ticks {
            None => Timeout::from(Forever),
            Some(0) => NoWait.into(),
            Some(ticks) => Duration::from_ticks(ticks).into(),
        };
        let result = self.waiting(need, ticks, || call(timeout));
        match (&result, ticks) {
            (Err(error), Some(ticks)) => {
                assert_eq!(*error, Error::TIMED_OUT);
                let end = clock::uptime_ticks();
                assert!(
                    end >= begun + ticks,
                    "from {begun}, {ticks} ticks: back at {end}"
                );
            }
            (Err(error), None) => panic!("a wait for ever ended with {error}"),
            (Ok(_), _) => {}
        }
        result
    }

    fn check_reason(&self, wake: Wake) {
        assert!(
            wake != Wake::Closed || self.closing.get() != Closing::Not,
            "woken by a close that was not"
        );
    }

    /// [`Reader::wait_ready`].
    pub(crate) fn wait_ready<T>(
        &self,
        reader: &Reader<T>,
        ticks: Option<u64>,
    ) -> Result<Wake, Error> {
        let result = self.timed(Need::Ready, ticks, |timeout| reader.wait_ready(timeout));
        result.inspect(|wake| self.check_reason(*wake))
    }

    /// [`Poller::wait`], of a poller for this capture only.
    pub(crate) fn poll(&self, poller: &Poller<1>, ticks: Option<u64>) -> Result<Wake, Error> {
        let events = self.timed(Need::Ready, ticks, |timeout| poller.wait(timeout))?;
        let [Event { wake, .. }] = events[..] else {
            panic!("not one event: {events:?}");
        };
        self.check_reason(wake);
        Ok(wake)
    }

    fn check_read(&self, count: usize) {
        assert!(
            count > 0 || self.closing.get() != Closing::Not,
            "end of an open capture"
        );
    }

    /// [`Reader::read_edges`], up to `N` edges; returns their number.
    pub(crate) fn read<const N: usize>(&self, reader: &mut Reader) -> usize {
        let mut edges = [Edge::default(); N];
        let _reading = Reading::begin(self);
        let count = self.waiting(Need::Edge, None, || reader.read_edges(&mut edges));
        let count = count.expect("a blocking read does not fail");
        self.check_read(count);
        self.check_edges(&edges[..count]);
        count
    }

    /// [`Reader::try_read_edges`], up to `N` edges; returns their number, `None` at end of file.
    pub(crate) fn try_read<const N: usize>(&self, reader: &mut Reader) -> Option<usize> {
        let mut edges = [Edge::default(); N];
        let _reading = Reading::begin(self);
        match reader.try_read_edges(&mut edges) {
            Err(error) => {
                assert_eq!(error, Error::WOULD_BLOCK);
                Some(0)
            }
            Ok(count) => {
                self.check_read(count);
                self.check_edges(&edges[..count]);
                (count > 0).then_some(count)
            }
        }
    }

    /// [`Reader::read_timeout`], up to `N` bytes; returns their number.
    pub(crate) fn read_timeout<const N: usize>(
        &self,
        reader: &Reader,
        ticks: Option<u64>,
    ) -> Result<usize, Error> {
        let mut bytes = [0; N];
        let _reading = Reading::begin(self);
        let count = self.read_some(reader, ticks, &mut bytes)?;
        self.check_bytes(&bytes[..count]);
        Ok(count)
    }

    /// The same for one of several readers, which share the records.
    pub(crate) fn read_some(
        &self,
        reader: &Reader,
        ticks: Option<u64>,
        bytes: &mut [u8],
    ) -> Result<usize, Error> {
        let result = self.timed(Need::Edge, ticks, |timeout| {
            reader.read_timeout(bytes, timeout)
        });
        result.inspect(|count| self.check_read(*count))
    }

    /// A task's wait, for readiness or for an edge.
    pub(crate) fn task<T>(&self, for_ready: bool, run: impl FnOnce() -> T) -> T {
        let need = if for_ready { Need::Ready } else { Need::Edge };
        self.waiting(need, None, run)
    }

    /// [`Reader::read`], up to `N` bytes; returns their number.
    pub(crate) fn read_bytes<const N: usize>(&self, reader: &mut Reader) -> usize {
        let mut bytes = [0; N];
        let _reading = Reading::begin(self);
        let count = self.waiting(Need::Edge, None, || reader.read(&mut bytes));
        let count = count.expect("a blocking read does not fail");
        self.check_read(count);
        self.check_bytes(&bytes[..count]);
        count
    }

    fn check_edges(&self, edges: &[Edge]) {
        let now_ns = now_ns();
        self.order.borrow_mut().check(edges, now_ns);
    }

    /// Checks records that were read, in order.
    pub(crate) fn check_bytes(&self, bytes: &[u8]) {
        let now_ns = now_ns();
        self.order.borrow_mut().check_bytes(bytes, now_ns);
    }

    /// Closes the capture.
    pub(crate) fn close(&self, capture: Capture) {
        self.closing.set(Closing::Begun);
        capture.close();
        self.closing.set(Closing::Done);
    }
}

/// A read that has begun. How many records it has taken is not known.
pub(crate) struct Reading<'a>(&'a Watch);

impl<'a> Reading<'a> {
    pub(crate) fn begin(watch: &'a Watch) -> Self {
        watch.reading.set(watch.reading.get() + 1);
        Self(watch)
    }
}

impl Drop for Reading<'_> {
    fn drop(&mut self) {
        self.0.reading.set(self.0.reading.get() - 1);
    }
}

/// The clock of the records, as long as the counter has not wrapped.
fn now_ns() -> u64 {
    clock::cycles_to_ns(clock::cycles().into(), clock::CYCLES_PER_SECOND)
}
