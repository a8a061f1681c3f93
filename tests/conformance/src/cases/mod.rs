//! Test cases, written once and free of any platform.
//!
//! The host runs them on the simulated kernel (`tests/conformance.rs`), twister on real Zephyr
//! (`tests/conformance/`). Whoever includes this module defines beside it
//!
//! - `cases!`, which is given the name of every case, and
//! - `platform`, with `pins()`: two emulated pins that nothing else uses, and `spawn(body)`: a
//!   thread of lower priority than the case's.

mod ending;
mod ledger;
mod misuse;
mod readiness;
mod reading;
mod source;
mod support;

cases! {
    readiness::a_waiter_wakes_when_the_buffer_is_full;
    readiness::full_is_reachable_at_every_capacity;
    readiness::each_threshold_crossing_costs_one_wake;
    readiness::readiness_is_level_triggered;
    readiness::readiness_ends_when_a_read_goes_below_the_threshold;
    readiness::a_time_out_is_honoured_to_the_tick;
    readiness::the_tail_can_be_read_after_a_time_out;

    reading::a_read_returns_what_is_pending_without_waiting_for_more;
    reading::a_read_blocks_only_while_nothing_is_pending;
    reading::a_read_that_may_not_block_is_refused_when_nothing_is_pending;
    reading::a_slice_shorter_than_a_record_is_invalid;
    reading::only_whole_records_are_read;
    reading::read_ready_says_when_a_read_would_not_block;
    reading::records_leave_in_order_whatever_the_size_of_the_reads;

    ledger::a_full_buffer_loses_the_newest_and_counts_them;
    ledger::the_edge_after_a_loss_says_how_many_were_lost;
    ledger::a_gap_record_marks_the_hole_in_the_byte_stream;
    ledger::the_books_balance_at_every_edge;

    source::an_edge_carries_line_level_time_and_sequence;
    source::callbacks_before_arming_are_discarded;
    source::an_active_low_line_reports_logical_levels;
    source::one_trigger_captures_one_polarity;
    source::two_devices_can_share_a_port;

    ending::close_wakes_a_waiter_and_the_rest_drains;
    ending::close_wakes_a_blocked_read;
    ending::a_dropped_capture_is_closed;
    ending::a_device_can_be_opened_again;

    misuse::a_configuration_that_cannot_be_right_is_refused;
    misuse::an_open_device_is_busy;
    misuse::lines_that_cannot_be_captured_are_refused;
}
