//! Two captures, read by two tasks on one thread: zephyr-lang-rust's executor, woken by interrupts.
#![no_std]

use edgepipe::{Capture, Config, EdgeDevice, RECORD_BYTES, Reader, Readiness, Wake};
use edgepipe_app::{EmulatedPin, Event, Pins, Player, Stimulus};
use embassy_executor::Spawner;
use embedded_io_async::Read;
use static_cell::StaticCell;
use zephyr::{embassy::Executor, printkln, raw::device, sync::SpinMutex};

extern "C" {
    /// From `port.c`.
    static executor_port: &'static device;
}

static LEFT: EdgeDevice<8> = EdgeDevice::new();
static RIGHT: EdgeDevice<8> = EdgeDevice::new();
static PLAYER: Player<Alternate> = Player::new();
static EXECUTOR: StaticCell<Executor> = StaticCell::new();
/// The number of edges that each task has read.
static SEEN: SpinMutex<(u32, u32)> = SpinMutex::new((0, 0));

const EDGES_PER_LINE: u32 = 12;

/// The lines change alternately, a millisecond apart.
struct Alternate(u32);

impl Stimulus for Alternate {
    fn next(&mut self) -> Option<Event> {
        let step = self.0;
        self.0 += 1;
        (step < 2 * EDGES_PER_LINE).then(|| Event {
            at_us: u64::from(step + 1) * 1_000,
            line: (step % 2) as u8,
            high: (step / 2).is_multiple_of(2),
        })
    }
}

#[no_mangle]
extern "C" fn rust_main() {
    // SAFETY: a constant of `port.c`, and an emulated controller.
    let pins: Pins = (0..2)
        .map(|pin| unsafe { EmulatedPin::new(executor_port, pin) })
        .collect();
    pins.iter().for_each(|pin| assert!(pin.prepare(false)));
    let config = Config {
        ready: Readiness::Records(4),
        ..Config::DEFAULT
    };
    let (left_capture, left) = LEFT.open(&[pins[0].line()], config).unwrap();
    let (right_capture, right) = RIGHT.open(&[pins[1].line()], config).unwrap();
    PLAYER.start(&left_capture, pins, Alternate(0));
    EXECUTOR.init(Executor::new()).run(|spawner: Spawner| {
        spawner.must_spawn(wait_for_batches(left_capture, left));
        spawner.must_spawn(read_each(right_capture, right));
    });
}

/// Wakes for every fourth edge.
#[embassy_executor::task]
async fn wait_for_batches(capture: Capture, mut reader: Reader) {
    for _ in 0..EDGES_PER_LINE / 4 {
        assert_eq!(reader.wait_ready_async().await, Ok(Wake::Threshold));
        let mut bytes = [0; 8 * RECORD_BYTES];
        assert_eq!(reader.read(&mut bytes).await, Ok(4 * RECORD_BYTES));
        see(4, 0);
    }
    capture.close();
    assert_eq!(reader.wait_ready_async().await, Ok(Wake::Closed));
    assert_eq!(reader.read(&mut [0; 8]).await, Ok(0));
    printkln!("batches: end of file");
}

/// Wakes for every edge.
#[embassy_executor::task]
async fn read_each(_capture: Capture, mut reader: Reader) {
    for _ in 0..EDGES_PER_LINE {
        let mut record = [0; RECORD_BYTES];
        assert_eq!(reader.read(&mut record).await, Ok(RECORD_BYTES));
        see(0, 1);
    }
    let Ok(seen) = SEEN.lock();
    assert_eq!(
        *seen,
        (EDGES_PER_LINE, EDGES_PER_LINE),
        "the tasks took turns"
    );
    printkln!("executor: PASS");
}

fn see(left: u32, right: u32) {
    let Ok(mut seen) = SEEN.lock();
    seen.0 += left;
    seen.1 += right;
}
