//! Tests of the way to wait for several captures that C uses, in src/poller/mod.rs.

use zephyr::time::{Duration, Forever, NoWait, sleep};

use crate::channel::Inlet;
use crate::{Config, EdgeDevice, Error, Event, Line, PollSet, Readiness, Token, Wake};

#[test]
fn a_wait_for_all_fails_once_a_reader_is_gone() {
    static SET: PollSet<2> = PollSet::new();
    static DEVICES: [EdgeDevice<8>; 2] = [const { EdgeDevice::new() }; 2];
    zephyr::sim::run(|| {
        let config = Config {
            ready: Readiness::Any,
            ..Config::DEFAULT
        };
        let open = |device: usize| {
            let lines = [Line::new(zephyr::sim::gpio(0), device as u8, 0)];
            DEVICES[device].open(&lines, config).expect("it is right")
        };
        let (first, second) = (open(0), open(1));
        let poller = SET.open().expect("nobody has it");
        for (reader, token) in [(&first.1, 5), (&second.1, 7)] {
            let registered = poller.register_weak(reader.weak(), Token(token));
            assert_eq!(registered, Ok(()));
        }
        assert_eq!(
            poller.wait_all(NoWait.into(), || false),
            Err(Error::TIMED_OUT)
        );
        assert!(!Inlet::new(second.1.weak().channel()).begin().push(0));
        Inlet::new(second.1.weak().channel()).full_path(0).edge(0);
        let event = Event {
            token: Token(7),
            wake: Wake::Threshold,
        };
        let events = poller
            .wait_all(Forever.into(), || true)
            .expect("one is ready");
        assert_eq!(events, [event]);
        assert_eq!(second.1.try_read(&mut [0; 8]), Ok(8));
        assert_eq!(poller.wait_all(Forever.into(), || true), Ok([].into()));

        let other = zephyr::sim::spawn("drops", 0, || {
            sleep(Duration::from_ticks(5));
            drop(first);
        });
        for _ in 0..2 {
            let waited = poller.wait_all(Forever.into(), || false);
            assert_eq!(waited, Err(Error::BAD_HANDLE));
        }
        other.join();
        assert_eq!(poller.wait(NoWait), Err(Error::TIMED_OUT));
    });
}
