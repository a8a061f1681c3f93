//! `harness.h`, `port.h` and `stepper.h`, as Rust sees them.

use zephyr::printkln;

/// As `struct tally`.
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
    fn stepper_start(zero_latency: bool);
    fn stepper_stop() -> u32;
}

/// Returns what every handler has to do, in instructions.
pub fn init() -> u32 {
    // SAFETY: once, in the main thread, in this order.
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
        // SAFETY: in a thread.
        unsafe { port_toggle(1) };
    }
}

/// Makes edges while no other thread runs, whoever they wake, and returns what their handlers cost.
pub fn make_measured(edges: u32) -> Tally {
    let mut tally = Tally::NONE;
    // SAFETY: in the main thread.
    unsafe { harness_fill(&mut tally, edges, 1) };
    tally
}

impl Tally {
    /// As `TALLY_NONE`.
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

/// Has the reader thread run `body`, at once.
pub fn start_reader(body: extern "C" fn()) {
    // SAFETY: it is joined before it is started again.
    unsafe { reader_start(body) };
}

/// The reader has returned.
pub fn join_reader() {
    // SAFETY: it was started.
    unsafe { reader_join() };
}

/// The most instructions that are executed in `body` with an interrupt masked: one that Zephyr's locks
/// mask, or one that they do not.
pub fn masked_in(zero_latency: bool, body: impl FnOnce()) -> u32 {
    // SAFETY: the steps change nothing that anybody sees.
    unsafe {
        stepper_start(zero_latency);
        body();
        stepper_stop()
    }
}
