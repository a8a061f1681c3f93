//! The end of a frame is noticed, in one wake.

use edgepipe::{
    Config, ConfigError, Edge, Error, Event, OpenError, PollSet, StrobeDevice, Token, Wake,
};
use edgepipe_app::Player;
use zephyr::time::{Duration, Forever, Tick};

use super::support::{PERIOD_US, Square, bench, drain, low_lines, periods, pins, sleep_periods};

/// Ready at a full buffer, or when no edge came for `count` periods.
fn idle_after(count: u64) -> Config {
    Config {
        idle_after: Some(periods(count)),
        ..Config::DEFAULT
    }
}

pub(super) fn each_frame_is_one_wake() {
    let bench = bench!(64);
    let (capture, mut reader) = bench.open(idle_after(20));
    for edges in [34, 2, 8, 34] {
        bench.play(&capture, Square::new(edges));
        assert_eq!(reader.wait_ready(periods(500)), Ok(Wake::Idle));
        assert_eq!(drain(&mut reader), edges as usize);
        assert_eq!(reader.ready(), None, "nothing is pending any more");
    }
    let ledger = reader.ledger();
    assert!(ledger.wakes + ledger.spurious_wakes <= 4, "{ledger:?}");
    assert_eq!(reader.wait_ready(periods(60)), Err(Error::TIMED_OUT));
}

pub(super) fn the_idle_time_counts_from_the_newest_edge() {
    let bench = bench!(64);
    let (capture, mut reader) = bench.open(idle_after(10));
    bench.play(&capture, Square::new(34));
    assert_eq!(reader.wait_ready(periods(500)), Ok(Wake::Idle));
    let woken_ns = capture.now_ns();
    let mut edges = [Edge::default(); 64];
    assert_eq!(reader.try_read_edges(&mut edges), Ok(34));
    let idle_ns = 10_000 * PERIOD_US;
    let newest_ns = edges[33].timestamp_ns;
    assert!(
        woken_ns >= newest_ns + idle_ns,
        "woken at {woken_ns} ns, after an edge at {newest_ns} ns"
    );
}

pub(super) fn idleness_holds_until_the_next_read() {
    let bench = bench!(8);
    let (capture, mut reader) = bench.open(idle_after(5));
    bench.play_all(&capture, Square::new(3));
    sleep_periods(20);
    assert_eq!(reader.wait_ready(Forever), Ok(Wake::Idle));
    bench.edges([4]);
    assert_eq!(reader.ready(), Some(Wake::Idle));
    // After a read, it counts from the newest edge again.
    let mut edges = [Edge::default(); 3];
    assert_eq!(reader.read_edges(&mut edges), Ok(3));
    assert_eq!(reader.wait_ready(periods(500)), Ok(Wake::Idle));
    let woken_ns = capture.now_ns();
    assert_eq!(reader.read_edges(&mut edges), Ok(1));
    let idle_ns = 5_000 * PERIOD_US;
    assert!(
        woken_ns >= edges[0].timestamp_ns + idle_ns,
        "woken at {woken_ns} ns, after {:?}",
        edges[0]
    );
    assert_eq!(reader.ready(), None);
}

pub(super) fn what_a_read_leaves_stays_idle() {
    let bench = bench!(8);
    let (capture, mut reader) = bench.open(idle_after(5));
    bench.play_all(&capture, Square::new(3));
    assert_eq!(reader.wait_ready(periods(500)), Ok(Wake::Idle));
    // The newest edge is as old as before.
    for _ in 0..3 {
        assert_eq!(reader.ready(), Some(Wake::Idle));
        assert_eq!(reader.read_edges(&mut [Edge::default(); 1]), Ok(1));
    }
    assert_eq!(reader.ready(), None);
}

pub(super) fn a_long_frame_is_read_in_pieces_and_its_end_is_noticed() {
    let bench = bench!(64);
    let config = Config {
        flush_after: Some(periods(20)),
        ..idle_after(5)
    };
    let (capture, mut reader) = bench.open(config);
    bench.play(&capture, Square::new(33));
    let mut read = 0;
    while read < 33 {
        let wake = reader.wait_ready(periods(500));
        assert!(matches!(wake, Ok(Wake::Idle | Wake::Deadline)), "{wake:?}");
        read += drain(&mut reader);
    }
    assert_eq!(reader.ready(), None);
}

pub(super) fn a_full_buffer_does_not_wait_for_idleness() {
    let bench = bench!(4);
    let config = Config {
        headroom: Some(0),
        ..idle_after(1_000)
    };
    let (capture, mut reader) = bench.open(config);
    bench.play(&capture, Square::new(4));
    assert_eq!(reader.wait_ready(periods(900)), Ok(Wake::Full));
    assert_eq!(drain(&mut reader), 4);
}

pub(super) fn the_idle_time_can_be_changed() {
    let bench = bench!(8);
    let (capture, mut reader) = bench.open(Config::DEFAULT);
    bench.play_all(&capture, Square::new(3));
    sleep_periods(20);
    assert_eq!(reader.ready(), None);
    let never = Duration::from_ticks(Tick::MAX);
    assert_eq!(capture.set_idle_after(Some(never)), Ok(()));
    assert_eq!(reader.ready(), None);
    assert_eq!(reader.set_idle_after(None), Ok(()));
    assert_eq!(reader.ready(), None);
    // This one has passed already.
    assert_eq!(capture.set_idle_after(Some(periods(5))), Ok(()));
    assert_eq!(reader.wait_ready(Forever), Ok(Wake::Idle));
    let refused = reader.set_idle_after(Some(Duration::from_ticks(0)));
    assert_eq!(refused, Err(ConfigError::IdleAfterZero));
    let refused = reader.weak().set_idle_after(Some(Duration::from_ticks(0)));
    assert_eq!(refused, Err(Error::INVALID_INPUT));
    assert_eq!(reader.weak().set_idle_after(Some(periods(5))), Ok(()));
    assert_eq!(reader.ready(), Some(Wake::Idle));
    assert_eq!(drain(&mut reader), 3);
    capture.close();
    assert_eq!(reader.set_idle_after(Some(periods(5))), Ok(()));
    assert_eq!(reader.ready(), Some(Wake::Closed));
}

pub(super) fn an_idle_time_of_nothing_is_refused() {
    let bench = bench!(8);
    let config = Config {
        idle_after: Some(Duration::from_ticks(0)),
        ..Config::DEFAULT
    };
    let expected = OpenError::Config(ConfigError::IdleAfterZero);
    assert_eq!(
        bench.device.open(&low_lines(), config).err(),
        Some(expected)
    );
}

pub(super) fn a_poller_is_woken_at_the_end_of_a_frame() {
    static SET: PollSet<1> = PollSet::new();
    let bench = bench!(64);
    let (capture, mut reader) = bench.open(idle_after(20));
    let poller = SET.open().unwrap();
    poller.register(&reader, Token(7)).unwrap();
    bench.play(&capture, Square::new(34));
    let event = Event {
        token: Token(7),
        wake: Wake::Idle,
    };
    assert_eq!(poller.wait(periods(500)).unwrap(), [event]);
    assert_eq!(drain(&mut reader), 34);
    assert_eq!(poller.wait(periods(60)), Err(Error::TIMED_OUT));
}

pub(super) fn the_end_of_strobed_bytes_is_noticed() {
    static DEVICE: StrobeDevice<u8, 64> = StrobeDevice::new();
    static PLAYER: Player<Square> = Player::new();
    let lines = low_lines();
    let (capture, reader) = DEVICE.open(lines[0], &[lines[1]], idle_after(5)).unwrap();
    PLAYER.start(&capture, pins(), Square::new(34));
    // A byte has no time, so the wake may be twice as late.
    assert_eq!(reader.wait_ready(periods(500)), Ok(Wake::Idle));
    assert_eq!(reader.try_read(&mut [0; 64]), Ok(34));
    assert_eq!(reader.ready(), None);
}
