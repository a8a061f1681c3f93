//! `harness.h`, `port.h` and `stepper.h` for Rust.

use zephyr::printkln;

/// `struct tally`.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct Tally {
    pub times: u32,
    pub sum: u32,
    pub least: u32,
    pub most: u32,
}

extern "C" {
    fn port_init();
    fn harness_init();
    fn count_init();
    fn measure_rest() -> u32;
    fn stepper_init();
    fn port_toggle(pins: u32);
    fn harness_fill(tally: &mut Tally, edges: u32, lines: u32);
    fn reader_start(body: extern "C" fn());
    fn reader_join();
    fn cost_of_call(body: extern "C" fn()) -> u32;
    fn stepper_start(zero_latency: bool);
    fn stepper_stop() -> u32;
}

/// Returns the cost of the part that every handler has, in instructions.
pub fn init() -> u32 {
    // SAFETY: called once, in the main thread, in this order.
    unsafe {
        port_init();
        harness_init();
        count_init();
        stepper_init();
        measure_rest()
    }
}

pub fn end() {
    printkln!("bench: END");
}

/// Makes edges of the line, one interrupt each.
pub fn make(edges: u32) {
    for _ in 0..edges {
        // SAFETY: this is a thread.
        unsafe { port_toggle(1) };
    }
}

/// Makes edges while no other thread runs, even if they wake one; returns the cost of their
/// handlers.
pub fn make_measured(edges: u32) -> Tally {
    let mut tally = Tally::NONE;
    // SAFETY: this is the main thread.
    unsafe { harness_fill(&mut tally, edges, 1) };
    tally
}

impl Tally {
    /// `TALLY_NONE`.
    pub const NONE: Self = Self {
        times: 0,
        sum: 0,
        least: u32::MAX,
        most: 0,
    };

    pub fn add(&mut self, other: &Self) {
        self.times += other.times;
        self.sum += other.sum;
        self.least = self.least.min(other.least);
        self.most = self.most.max(other.most);
    }
}

/// Lets the reader thread run `body`, at once.
pub fn start_reader(body: extern "C" fn()) {
    // SAFETY: the reader is joined before it is started again.
    unsafe { reader_start(body) };
}

/// Waits until the reader has returned.
pub fn join_reader() {
    // SAFETY: the reader was started.
    unsafe { reader_join() };
}

/// How many instructions `body` takes.
pub fn cost_of(body: extern "C" fn()) -> u32 {
    // SAFETY: it only calls `body`.
    unsafe { cost_of_call(body) }
}

/// The most instructions that are executed in `body` with an interrupt masked: one that Zephyr's locks
/// mask, or one that they do not.
pub fn masked_in(zero_latency: bool, body: impl FnOnce()) -> u32 {
    // SAFETY: the steps change nothing that other code can see.
    unsafe {
        stepper_start(zero_latency);
        body();
        stepper_stop()
    }
}
