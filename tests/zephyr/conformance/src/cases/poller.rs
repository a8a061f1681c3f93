//! Waiting for several captures at once.

use edgepipe::{
    Capture, Config, Edge, EdgeDevice, Error, Event, PollSet, Poller, Reader, Token, Wake,
};
use edgepipe_app::{EmulatedPin, Player};
use zephyr::{
    sync::SpinMutex,
    sys::sync::Semaphore,
    time::{Forever, NoWait},
};

use super::super::platform;
use super::support::{Square, drain, low_lines, periods, pins, ready_at, sleep_periods};

/// Two captures of one line each, ready at two edges.
macro_rules! pair {
    () => {{
        static SET: PollSet<2> = PollSet::new();
        static LEFT: EdgeDevice<8> = EdgeDevice::new();
        static RIGHT: EdgeDevice<8> = EdgeDevice::new();
        static PLAYER: Player<Square> = Player::new();
        low_lines();
        let lines: heapless::Vec<_, 2> = pins().iter().map(EmulatedPin::line).collect();
        let (left_capture, left) = LEFT.open(&lines[..1], ready_at(2)).unwrap();
        let (right_capture, right) = RIGHT.open(&lines[1..], ready_at(2)).unwrap();
        let poller = SET.open().unwrap();
        poller.register(&left, LEFT_TOKEN).unwrap();
        poller.register(&right, RIGHT_TOKEN).unwrap();
        Pair {
            poller,
            player: &PLAYER,
            left_capture,
            left,
            right_capture,
            right,
        }
    }};
}

const LEFT_TOKEN: Token = Token(10);
const RIGHT_TOKEN: Token = Token(20);

struct Pair {
    poller: Poller<2>,
    player: &'static Player<Square>,
    left_capture: Capture,
    left: Reader,
    right_capture: Capture,
    right: Reader,
}

impl Pair {
    fn play(&self, stimulus: Square) {
        self.player.start(&self.left_capture, pins(), stimulus);
    }

    fn wait(&self, count: u64) -> Result<heapless::Vec<Event, 2>, Error> {
        self.poller.wait(periods(count))
    }
}

fn threshold(token: Token) -> Event {
    Event {
        token,
        wake: Wake::Threshold,
    }
}

pub(super) fn a_poller_reports_the_capture_that_is_ready() {
    let mut pair = pair!();
    pair.play(Square::on_line(1, 2));
    assert_eq!(pair.wait(1_000).unwrap(), [threshold(RIGHT_TOKEN)]);
    assert_eq!(drain(&mut pair.right), 2);
    pair.play(Square::on_line(0, 2));
    assert_eq!(pair.wait(1_000).unwrap(), [threshold(LEFT_TOKEN)]);
    assert_eq!(
        (pair.left.ledger().wakes, pair.right.ledger().wakes),
        (1, 1)
    );
}

pub(super) fn a_poller_is_level_triggered() {
    let mut pair = pair!();
    pair.play(Square::on_line(0, 2));
    pair.player.wait_end();
    pair.play(Square::on_line(1, 3));
    pair.player.wait_end();
    for _ in 0..2 {
        let both = [threshold(LEFT_TOKEN), threshold(RIGHT_TOKEN)];
        assert_eq!(pair.poller.wait(NoWait).unwrap(), both);
    }
    assert_eq!(drain(&mut pair.left), 2);
    assert_eq!(pair.poller.wait(Forever).unwrap(), [threshold(RIGHT_TOKEN)]);
}

pub(super) fn a_poller_times_out() {
    let pair = pair!();
    assert_eq!(pair.wait(20), Err(Error::TIMED_OUT));
    assert_eq!(pair.poller.wait(NoWait), Err(Error::TIMED_OUT));
}

pub(super) fn a_waker_ends_one_wait_without_an_event() {
    let pair = pair!();
    pair.poller.waker().wake();
    assert_eq!(pair.poller.wait(Forever).unwrap(), []);
    assert_eq!(pair.wait(5), Err(Error::TIMED_OUT), "it was for one wait");
}

pub(super) fn a_deregistered_capture_is_not_reported() {
    let pair = pair!();
    pair.poller.deregister(&pair.left).unwrap();
    pair.play(Square::on_line(0, 2));
    assert_eq!(pair.wait(30), Err(Error::TIMED_OUT));
    assert_eq!(
        pair.poller.deregister(&pair.left),
        Err(Error::INVALID_INPUT)
    );
    pair.poller.register(&pair.left, Token(3)).unwrap();
    assert_eq!(pair.wait(30).unwrap(), [threshold(Token(3))]);
}

pub(super) fn a_dropped_reader_is_forgotten_and_makes_room() {
    let Pair {
        poller,
        left_capture,
        left,
        ..
    } = pair!();
    left_capture.close();
    let closed = Event {
        token: LEFT_TOKEN,
        wake: Wake::Closed,
    };
    assert!(poller.wait(NoWait).unwrap().contains(&closed));
    drop(left);
    assert_eq!(poller.wait(NoWait), Err(Error::TIMED_OUT));

    static OTHER: EdgeDevice<8> = EdgeDevice::new();
    let (_capture, other) = OTHER.open(&low_lines()[..1], Config::DEFAULT).unwrap();
    poller
        .register(&other, Token(5))
        .expect("the dropped reader's place is free");
}

pub(super) fn what_an_earlier_reader_registered_is_not_registered() {
    static SET: PollSet<2> = PollSet::new();
    static DEVICE: EdgeDevice<8> = EdgeDevice::new();
    let poller = SET.open().unwrap();
    let (capture, reader) = DEVICE.open(&low_lines(), Config::DEFAULT).unwrap();
    poller.register(&reader, Token(1)).unwrap();
    drop((capture, reader));
    let (_capture, reader) = DEVICE.open(&low_lines(), Config::DEFAULT).unwrap();
    assert_eq!(poller.deregister(&reader), Err(Error::INVALID_INPUT));
}

pub(super) fn a_poller_that_is_full_refuses_another_capture() {
    let pair = pair!();
    static OTHER: EdgeDevice<8> = EdgeDevice::new();
    let pin = platform::other_pin();
    assert!(pin.prepare(false));
    let (_capture, other) = OTHER.open(&[pin.line()], Config::DEFAULT).unwrap();
    assert_eq!(pair.poller.register(&other, Token(5)), Err(Error::NO_SPACE));
    pair.poller
        .register(&pair.left, Token(6))
        .expect("it has a place already");
}

/// The data of another thread, and its result.
struct Shared {
    poller: SpinMutex<Option<Poller<2>>>,
    seen: SpinMutex<Option<Event>>,
    done: Semaphore,
}

impl Shared {
    const fn new() -> Self {
        Self {
            poller: SpinMutex::new(None),
            seen: SpinMutex::new(None),
            done: Semaphore::new(0, 1),
        }
    }

    /// Gives `poller` to the other thread.
    fn leave(&self, poller: Poller<2>) {
        let Ok(mut slot) = self.poller.lock();
        let _none = slot.replace(poller);
    }

    /// The other thread's part: one wait.
    fn wait(&self) {
        let Ok(mut slot) = self.poller.lock();
        let poller = slot.take();
        drop(slot);
        let events = poller.expect("it was left here").wait(Forever).unwrap();
        let Ok(mut seen) = self.seen.lock();
        *seen = events.first().copied();
        drop(seen);
        self.done.give();
    }

    /// Waits for the other thread; returns its result.
    fn seen(&self) -> Option<Event> {
        // Without a time-out the only result is success.
        let _ = self.done.take(Forever);
        let Ok(seen) = self.seen.lock();
        *seen
    }
}

pub(super) fn every_kind_of_waiter_on_one_capture_wakes() {
    static SHARED: Shared = Shared::new();
    let Pair {
        poller,
        player,
        left_capture,
        left,
        ..
    } = pair!();
    SHARED.leave(poller);
    platform::spawn(|| SHARED.wait());
    // Both wait before the first edge, and neither reads.
    player.start(&left_capture, pins(), Square::on_line(0, 2));
    assert_eq!(left.wait_ready(periods(1_000)), Ok(Wake::Threshold));
    assert_eq!(SHARED.seen(), Some(threshold(LEFT_TOKEN)));
}

pub(super) fn a_blocked_read_takes_the_first_record_while_a_poller_waits_on() {
    static SHARED: Shared = Shared::new();
    let Pair {
        poller,
        player,
        left_capture,
        mut left,
        ..
    } = pair!();
    SHARED.leave(poller);
    platform::spawn(|| SHARED.wait());
    player.start(&left_capture, pins(), Square::on_line(0, 3));
    assert_eq!(left.read_edges(&mut [Edge::default(); 1]), Ok(1));
    // One record was read. The two that are left are those that the poller waited for.
    assert_eq!(SHARED.seen(), Some(threshold(LEFT_TOKEN)));
}

pub(super) fn close_wakes_a_poller_and_a_reader() {
    static SHARED: Shared = Shared::new();
    let Pair {
        poller,
        left_capture,
        mut left,
        right_capture,
        ..
    } = pair!();
    SHARED.leave(poller);
    platform::spawn(|| SHARED.wait());
    sleep_periods(5);
    left_capture.close();
    assert_eq!(left.read_edges(&mut [Edge::default(); 1]), Ok(0));
    let closed = Event {
        token: LEFT_TOKEN,
        wake: Wake::Closed,
    };
    assert_eq!(SHARED.seen(), Some(closed));
    drop(right_capture);
}

pub(super) fn a_capture_can_be_registered_while_another_thread_waits() {
    static SHARED: Shared = Shared::new();
    let Pair {
        poller,
        player,
        left_capture,
        left,
        ..
    } = pair!();
    poller.deregister(&left).unwrap();
    SHARED.leave(poller.clone());
    platform::spawn(|| SHARED.wait());
    sleep_periods(5);
    poller.register(&left, Token(7)).unwrap();
    player.start(&left_capture, pins(), Square::on_line(0, 2));
    assert_eq!(SHARED.seen(), Some(threshold(Token(7))));
}

pub(super) fn a_device_can_be_opened_again_while_a_poller_waits() {
    static SHARED: Shared = Shared::new();
    static DEVICE: EdgeDevice<8> = EdgeDevice::new();
    static SET: PollSet<2> = PollSet::new();
    let poller = SET.open().unwrap();
    let lines = low_lines();
    let (capture, reader) = DEVICE.open(&lines, ready_at(2)).unwrap();
    poller.register(&reader, Token(1)).unwrap();
    SHARED.leave(poller.clone());
    platform::spawn(|| SHARED.wait());
    sleep_periods(5);
    // The poller sleeps, enlisted in the use that ends. It has no time to run before the next use.
    drop(reader);
    drop(capture);
    let (_capture, reader) = DEVICE.open(&lines, ready_at(2)).unwrap();
    poller.register(&reader, Token(2)).unwrap();
    sleep_periods(5);
    assert!(pins()[0].set(true) && pins()[0].set(false));
    assert_eq!(SHARED.seen(), Some(threshold(Token(2))));
    assert_eq!(reader.ledger().pending, 2);
}
