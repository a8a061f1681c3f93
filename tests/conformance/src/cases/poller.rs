//! Waiting for several captures at once.

use edgepipe::{
    Capture, Config, Edge, EdgeDevice, Error, Event, PollSet, Poller, Reader, Token, Wake,
};
use edgepipe_app::{EmulatedPin, Player};
use zephyr::{
    sync::SpinMutex,
    time::{Forever, NoWait},
};

use super::super::platform;
use super::support::{Square, drain, low_lines, milliseconds, pins, ready_at, sleep_ms};

/// Two captures, of a line each, ready at two edges.
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
        self.poller.wait(milliseconds(count))
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

pub(super) fn a_poller_that_is_full_refuses_another_capture() {
    let pair = pair!();
    static OTHER: EdgeDevice<8> = EdgeDevice::new();
    let (_capture, other) = OTHER.open(&low_lines()[..1], Config::DEFAULT).unwrap();
    assert_eq!(pair.poller.register(&other, Token(5)), Err(Error::NO_SPACE));
    pair.poller
        .register(&pair.left, Token(6))
        .expect("it has a place already");
}

/// What another thread works with.
struct Shared {
    poller: Option<Poller<2>>,
    seen: Option<Event>,
}

fn with<T>(shared: &'static SpinMutex<Shared>, f: impl FnOnce(&mut Shared) -> T) -> T {
    let Ok(mut guard) = shared.lock();
    f(&mut guard)
}

pub(super) fn every_kind_of_waiter_on_one_capture_wakes() {
    static SHARED: SpinMutex<Shared> = SpinMutex::new(Shared {
        poller: None,
        seen: None,
    });
    let Pair {
        poller,
        player,
        left_capture,
        left,
        ..
    } = pair!();
    with(&SHARED, |shared| {
        *shared = Shared {
            poller: Some(poller),
            seen: None,
        }
    });
    platform::spawn(|| {
        let poller = with(&SHARED, |shared| shared.poller.take()).unwrap();
        let event = poller.wait(Forever).unwrap()[0];
        with(&SHARED, |shared| shared.seen = Some(event));
    });
    // Both wait before the first edge comes, and neither reads.
    player.start(&left_capture, pins(), Square::on_line(0, 2));
    assert_eq!(left.wait_ready(milliseconds(1_000)), Ok(Wake::Threshold));
    sleep_ms(5);
    assert_eq!(
        with(&SHARED, |shared| shared.seen),
        Some(threshold(LEFT_TOKEN))
    );
}

pub(super) fn a_blocked_read_takes_the_first_record_while_a_poller_waits_on() {
    static SHARED: SpinMutex<Shared> = SpinMutex::new(Shared {
        poller: None,
        seen: None,
    });
    let Pair {
        poller,
        player,
        left_capture,
        mut left,
        ..
    } = pair!();
    with(&SHARED, |shared| {
        *shared = Shared {
            poller: Some(poller),
            seen: None,
        }
    });
    platform::spawn(|| {
        let poller = with(&SHARED, |shared| shared.poller.take()).unwrap();
        let event = poller.wait(Forever).unwrap()[0];
        with(&SHARED, |shared| shared.seen = Some(event));
    });
    player.start(&left_capture, pins(), Square::on_line(0, 3));
    assert_eq!(left.read_edges(&mut [Edge::default(); 1]), Ok(1));
    player.wait_end();
    sleep_ms(5);
    // One was read, so the two that are left are what the poller waited for.
    assert_eq!(
        with(&SHARED, |shared| shared.seen),
        Some(threshold(LEFT_TOKEN))
    );
}

pub(super) fn close_wakes_a_poller_and_a_reader() {
    static SHARED: SpinMutex<Shared> = SpinMutex::new(Shared {
        poller: None,
        seen: None,
    });
    let Pair {
        poller,
        left_capture,
        mut left,
        right_capture,
        ..
    } = pair!();
    with(&SHARED, |shared| {
        *shared = Shared {
            poller: Some(poller),
            seen: None,
        }
    });
    platform::spawn(|| {
        let poller = with(&SHARED, |shared| shared.poller.take()).unwrap();
        let event = poller.wait(Forever).unwrap()[0];
        with(&SHARED, |shared| shared.seen = Some(event));
    });
    sleep_ms(5);
    left_capture.close();
    assert_eq!(left.read_edges(&mut [Edge::default(); 1]), Ok(0));
    sleep_ms(5);
    let closed = Event {
        token: LEFT_TOKEN,
        wake: Wake::Closed,
    };
    assert_eq!(with(&SHARED, |shared| shared.seen), Some(closed));
    drop(right_capture);
}

pub(super) fn a_capture_can_be_registered_while_another_thread_waits() {
    static SET: PollSet<1> = PollSet::new();
    static DEVICE: EdgeDevice<8> = EdgeDevice::new();
    static PLAYER: Player<Square> = Player::new();
    static POLLER: SpinMutex<Option<Poller<1>>> = SpinMutex::new(None);
    static SEEN: SpinMutex<Option<Event>> = SpinMutex::new(None);
    let (capture, reader) = DEVICE.open(&low_lines(), ready_at(2)).unwrap();
    let poller = SET.open().unwrap();
    let here = poller.clone();
    let Ok(mut guard) = POLLER.lock();
    *guard = Some(poller);
    drop(guard);
    platform::spawn(|| {
        let Ok(mut guard) = POLLER.lock();
        let poller = guard.take().unwrap();
        drop(guard);
        let events = poller.wait(Forever).unwrap();
        let Ok(mut seen) = SEEN.lock();
        *seen = events.first().copied();
    });
    sleep_ms(5);
    here.register(&reader, LEFT_TOKEN).unwrap();
    PLAYER.start(&capture, pins(), Square::on_line(0, 2));
    PLAYER.wait_end();
    sleep_ms(5);
    let Ok(seen) = SEEN.lock();
    assert_eq!(*seen, Some(threshold(LEFT_TOKEN)));
}
