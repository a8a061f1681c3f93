//! Orders other than Zephyr's for the shared cases, and which of them each case tolerates.

use std::sync::{Mutex, PoisonError};

use edgepipe::Delivery;
use zephyr::sim::{self, Explore, Limits, Options};

use super::platform;

/// Lets only one test of a case run at a time, because they share the case's statics.
pub(crate) struct Alone(Mutex<()>);

impl Alone {
    pub(crate) const fn new() -> Alone {
        Alone(Mutex::new(()))
    }

    pub(crate) fn run(&self, test: impl FnOnce()) {
        // A test that failed here is no reason for the others to fail.
        let _alone = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        test();
    }
}

/// The cases whose claims hold only if a thread runs in time, before the next edge arrives. An
/// interrupt that arrives while it runs may be that edge.
const IN_TIME: &[&str] = &[
    // The waiter has not slept if the buffer fills before.
    "a_waiter_wakes_when_the_buffer_is_full",
    // One edge too many is captured if the thread that drops the capture is late.
    "a_dropped_capture_is_closed",
    // Two edges are read at once if the second arrives before the read of the first.
    "a_read_blocks_only_while_nothing_is_pending",
    "a_task_reads_as_soon_as_something_is_pending",
    // More than the threshold is read if edges arrive between the wake and the read.
    "any_is_ready_at_the_first_record",
    "each_threshold_crossing_costs_one_wake",
    // The waiter has not slept if the capture is ready before.
    "a_strobe_latches_the_data_lines_into_a_byte",
    "a_poller_reports_the_capture_that_is_ready",
    "each_batch_has_a_deadline_of_its_own",
    // One line needs an edge within the time in which another one settles.
    "a_debounced_edge_keeps_its_time_beside_later_ones_of_other_lines",
    // It waits at most a second for something that another thread begins.
    "another_thread_reads_the_pipe_itself",
    "the_tail_is_handed_over_at_the_deadline",
    // It measures a duration, and time jumps when an interrupt arrives early.
    "a_full_buffer_does_not_wait_for_the_deadline",
    "the_deadline_of_a_timed_sample_counts_from_its_time",
    "the_idle_time_counts_from_the_newest_timed_sample",
];

/// The cases that sleep over several wraps of the cycle counter, and measure that.
const OVER_WRAPS: &[&str] = &[
    "an_idle_gap_of_several_wraps_is_seen_in_full",
    "records_that_wait_over_wraps_keep_their_times",
    "the_times_of_samples_are_monotonic_across_wraps_of_the_counter",
    "time_is_monotonic_across_wraps_of_the_counter",
];

/// The cases whose claims hold only for direct delivery.
const DIRECT_ONLY: &[&str] = &[
    // The number of pending records: records that were handed over do not count.
    "a_cancelled_read_takes_nothing",
    "a_full_pipe_never_tears_a_record",
    "a_threshold_may_reach_into_the_headroom",
    "a_waiter_wakes_when_the_buffer_is_full",
    "full_is_reachable_at_every_capacity",
    "the_headroom_takes_edges_that_come_after_full",
    // When edges are lost: the pipe has room, too.
    "a_frozen_buffer_stores_nothing_until_all_of_it_was_read",
    "a_full_buffer_loses_the_newest_and_counts_them",
    "a_gap_record_marks_the_hole_in_the_byte_stream",
    "the_edge_after_a_loss_says_how_many_were_lost",
    // When readiness ends: not before the pipe is empty.
    "lowering_the_threshold_wakes_a_waiter_at_once",
    "readiness_ends_when_a_read_goes_below_the_threshold",
    // It needs a device without a pipe.
    "a_device_without_a_pipe_cannot_deliver_through_one",
];

pub(crate) fn in_zephyrs_order(body: fn()) {
    sim::run(whole(body));
}

/// In Zephyr's order, with every capture of the case delivering through a pipe.
pub(crate) fn through_a_pipe(case: &str, body: fn()) {
    if DIRECT_ONLY.contains(&case) {
        println!("SKIP: what it says is of records that are read directly");
        return;
    }
    platform::set_delivery(Some(Delivery::Pipe));
    sim::run(whole(body));
    platform::set_delivery(None);
}

pub(crate) fn at_random(case: &str, body: fn()) {
    explore(in_time(case, Explore::random(200, limits(case))), body);
}

pub(crate) fn with_few_departures(case: &str, body: fn()) {
    explore(in_time(case, Explore::bounded(3, 200, limits(case))), body);
}

fn explore(explore: Explore, body: fn()) {
    sim::explore(&explore, whole(body));
}

/// Limits the time to what the case needs. An interrupt that arrives early may be that of the timer
/// that counts wraps of the cycle counter.
fn in_time(case: &str, explore: Explore) -> Explore {
    if !OVER_WRAPS.contains(&case) {
        return explore;
    }
    let ticks_max = Options::default().ticks_max;
    let options = Options {
        ticks_max,
        ..explore.options
    };
    Explore { options, ..explore }
}

/// The case, and its helpers until they end.
fn whole(body: fn()) -> impl Fn() + 'static {
    move || {
        body();
        platform::join_helpers();
    }
}

fn limits(case: &str) -> Limits {
    if IN_TIME.contains(&case) || OVER_WRAPS.contains(&case) {
        Limits::interrupts(0)
    } else {
        Limits::NONE
    }
}
