//! What an edge costs with each clock. All counters here are Zephyr's cycle counter, so the differences are those of
//! the ways to a counter.
#![no_std]

use edgepipe::{
    Capture, Clock, Config, Counter, CounterDevice, EdgeDevice, Error, Line, Rate, Reader,
};
use zephyr::{printkln, raw::device};

const CAPACITY: u32 = 128;

/// `struct tally`.
#[repr(C)]
struct Tally {
    times: u32,
    sum: u32,
    least: u32,
    most: u32,
}

extern "C" {
    fn port_init();
    fn harness_init();
    fn count_init();
    fn measure_rest() -> u32;
    fn harness_fill(tally: &mut Tally, edges: u32, lines: u32);
    /// From `port.c`.
    static bench_port: &'static device;
    /// From `counter.c`.
    static bench_counter: device;
}

/// A counter in Rust.
struct Cycles;

impl Counter for Cycles {
    fn start(&self) -> Result<Rate, Error> {
        Ok(Rate {
            hertz: edgepipe::sys::clock::CYCLES_PER_SECOND,
            top: u32::MAX,
        })
    }

    #[inline]
    fn count(&self) -> u32 {
        edgepipe::sys::clock::cycles()
    }
}

// SAFETY: a constant of `counter.c`, and a counter.
static DEVICE: CounterDevice = unsafe { CounterDevice::new(&bench_counter) };
static IN_RUST: Clock = Clock::new(&Cycles);
static OF_DEVICE: Clock = Clock::new(&DEVICE);
static EDGES: EdgeDevice<128, 1> = EdgeDevice::new();

fn open(clock: Option<&'static Clock>) -> (Capture, Reader) {
    // SAFETY: a constant of `port.c`.
    let lines = [Line::new(unsafe { bench_port }, 0, 0)];
    let config = Config {
        clock,
        ..Config::DEFAULT
    };
    EDGES.open(&lines, config).expect("it can be opened")
}

fn measure(name: &str, clock: Option<&'static Clock>, rest: u32) {
    let _ends = open(clock);
    let mut tally = Tally {
        times: 0,
        sum: 0,
        least: u32::MAX,
        most: 0,
    };
    // SAFETY: this is the main thread.
    unsafe { harness_fill(&mut tally, CAPACITY, 1) };
    let Tally { times, sum, .. } = tally;
    let tenths = (10 * (sum - times * rest) + times / 2) / times;
    printkln!(
        "bench: clock {name} lines=1,capacity={CAPACITY} amortised {}.{}",
        tenths / 10,
        tenths % 10
    );
}

#[no_mangle]
extern "C" fn rust_main() {
    // SAFETY: called once, in the main thread, in this order.
    unsafe {
        port_init();
        harness_init();
    }
    // A clock is started in a sleep, and counting leaves no tick to wake from it.
    drop(open(Some(&IN_RUST)));
    drop(open(Some(&OF_DEVICE)));
    // SAFETY: as above.
    let rest = unsafe {
        count_init();
        measure_rest()
    };
    measure("cycle_counter", None, rest);
    measure("Counter", Some(&IN_RUST), rest);
    measure("CounterDevice", Some(&OF_DEVICE), rest);
    printkln!("bench: END");
}
