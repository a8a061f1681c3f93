//! Tests of the semaphore with which C polls a capture, in src/channel/signal.rs.

use zephyr::time::NoWait;

use crate::channel::{Inlet, Signal};
use crate::sys::sem::Semaphore;
use crate::{Config, EdgeDevice, Error, Line, Readiness, Wake};

/// Whether it is up; it stays so.
fn is_up(semaphore: &'static Semaphore) -> bool {
    let taken = semaphore.take(NoWait.into()).is_ok();
    if taken {
        semaphore.give();
    }
    taken
}

#[test]
fn the_semaphore_is_up_as_long_as_the_capture_is_ready() {
    static DEVICE: EdgeDevice<8> = EdgeDevice::new();
    static SIGNAL: Signal = Signal::new();
    static SEMAPHORE: Semaphore = Semaphore::new();
    zephyr::sim::run(|| {
        let lines = [Line::new(zephyr::sim::gpio(0), 3, 0)];
        let config = Config {
            ready: Readiness::Records(2),
            ..Config::DEFAULT
        };
        let (capture, reader) = DEVICE.open(&lines, config).expect("they are right");
        let weak = reader.weak();
        let ready = || weak.ready_with_sem(&SIGNAL, &SEMAPHORE);
        let edge = || Inlet::new(weak.channel()).full_path(0).edge(0);
        SEMAPHORE.init();
        SEMAPHORE.give();

        assert_eq!(ready(), Ok(None));
        assert!(!is_up(&SEMAPHORE), "it was lowered");
        edge();
        assert!(!is_up(&SEMAPHORE), "one edge is not enough");
        // It is enlisted once, however often this is asked.
        assert_eq!(ready(), Ok(None));
        edge();
        assert!(is_up(&SEMAPHORE), "two are");
        assert_eq!(ready(), Ok(Some(Wake::Threshold)));
        assert!(
            is_up(&SEMAPHORE),
            "it is not lowered while the capture is ready"
        );

        // Another thread, which has it too, lowers it.
        SEMAPHORE.lower();
        assert_eq!(ready(), Ok(Some(Wake::Threshold)));
        assert!(is_up(&SEMAPHORE));

        assert_eq!(weak.try_read(&mut [0; 16]), Ok(16));
        assert!(is_up(&SEMAPHORE), "only the question lowers it");
        assert_eq!(ready(), Ok(None));
        assert!(!is_up(&SEMAPHORE));
        // Woken once, it is enlisted again.
        capture.close();
        assert!(is_up(&SEMAPHORE));
        assert_eq!(ready(), Ok(Some(Wake::Closed)));
        drop(reader);
        assert_eq!(ready(), Err(Error::BAD_HANDLE));
    });
}
