//! Test cases, written once and independent of the platform.
//!
//! The host runs them on the simulated kernel (`tests/conformance.rs`), twister on real Zephyr
//! (`tests/zephyr/conformance/`). The crate that includes this module also defines
//!
//! - `cases!`, which gets the name of every case, and
//! - `platform`, with `pins()`: pins 0 and 1 of an emulated port of 32, `other_pin()`: a pin of another port,
//!   `spawn(body)`: a thread of lower priority than the case's, `PIPES`: 1 if every device has a pipe as large
//!   as its buffer, else 0, and `delivery()`: a kind of delivery that overrides that of the cases.

mod control;
mod deadline;
mod debounce;
mod ending;
mod holes;
mod idle;
mod ledger;
mod misuse;
mod oldest;
mod owners;
mod pipe;
mod poller;
mod readiness;
mod reading;
mod samples;
mod source;
mod strobe;
mod support;
mod tasks;
mod time;

cases! {
    readiness::a_waiter_wakes_when_the_buffer_is_full;
    readiness::full_is_reachable_at_every_capacity;
    readiness::the_headroom_takes_edges_that_come_after_full;
    readiness::a_threshold_may_reach_into_the_headroom;
    readiness::a_headroom_as_large_as_the_buffer_is_refused;
    readiness::each_threshold_crossing_costs_one_wake;
    readiness::a_flag_that_nobody_waited_for_costs_no_wake;
    readiness::readiness_is_level_triggered;
    readiness::readiness_ends_when_a_read_goes_below_the_threshold;
    readiness::a_time_out_is_honoured_to_the_tick;
    readiness::any_is_ready_at_the_first_record;
    readiness::lowering_the_threshold_wakes_a_waiter_at_once;
    readiness::a_threshold_that_cannot_be_reached_is_refused_at_run_time;
    readiness::a_give_between_check_and_sleep_is_never_lost;
    readiness::the_tail_can_be_read_after_a_time_out;

    deadline::a_deadline_wakes_a_waiter_for_the_tail;
    deadline::a_deadline_counts_from_the_oldest_unread_record;
    deadline::a_deadline_holds_until_the_records_are_read;
    deadline::a_full_buffer_does_not_wait_for_the_deadline;
    deadline::each_batch_has_a_deadline_of_its_own;
    deadline::a_closed_capture_is_closed_whatever_its_deadline;
    deadline::a_deadline_can_be_as_far_away_as_time_goes;
    deadline::a_deadline_of_nothing_is_refused;

    idle::each_frame_is_one_wake;
    idle::the_idle_time_counts_from_the_newest_edge;
    idle::idleness_holds_until_the_next_read;
    idle::what_a_read_leaves_stays_idle;
    idle::a_long_frame_is_read_in_pieces_and_its_end_is_noticed;
    idle::a_full_buffer_does_not_wait_for_idleness;
    idle::the_idle_time_can_be_changed;
    idle::an_idle_time_of_nothing_is_refused;
    idle::a_poller_is_woken_at_the_end_of_a_frame;
    idle::the_end_of_strobed_bytes_is_noticed;

    control::a_paused_capture_counts_no_edge_and_its_hole_is_marked;
    control::a_pause_ends_no_wait;
    control::a_hole_without_edges_is_delivered_by_its_deadline;
    control::the_hole_of_a_full_buffer_is_marked_once_there_is_room;
    control::a_line_can_be_driven_for_a_while;
    control::a_driven_line_keeps_its_number_and_its_level;
    control::a_driven_line_keeps_its_flags_and_its_trigger;
    control::a_debounced_line_can_be_driven_for_a_while;
    control::a_debounced_line_is_driven_and_the_other_is_captured;
    control::a_flush_makes_ready_what_is_pending_until_it_is_read;
    control::the_trigger_of_a_line_can_be_changed;
    control::the_trigger_of_a_debounced_line_can_be_changed;
    control::a_pause_before_the_first_edge_of_a_trigger_keeps_the_level;
    control::a_line_that_stays_driven_is_not_captured_after_a_pause;
    control::lines_of_others_and_strobed_lines_cannot_be_driven;
    control::a_line_that_was_not_driven_can_be_released;
    control::a_weak_reader_tells_time_and_levels_of_its_own_use_only;

    reading::a_read_returns_what_is_pending_without_waiting_for_more;
    reading::a_read_blocks_only_while_nothing_is_pending;
    reading::a_read_that_may_not_block_is_refused_when_nothing_is_pending;
    reading::a_slice_shorter_than_a_record_is_invalid;
    reading::only_whole_records_are_read;
    reading::read_ready_says_when_a_read_would_not_block;
    reading::records_leave_in_order_whatever_the_size_of_the_reads;
    reading::a_read_with_a_time_out_waits_for_the_first_record_only;
    reading::a_read_of_edges_with_a_time_out_waits_for_the_first_edge_only;
    reading::the_levels_before_the_next_edge_are_known;
    reading::a_decoder_makes_the_same_edges_of_bytes;
    reading::a_read_with_a_time_out_ends_with_the_capture;
    reading::a_discard_throws_away_what_is_pending;
    reading::the_edge_after_a_discard_tells_of_the_hole_before_it;

    ledger::a_full_buffer_loses_the_newest_and_counts_them;
    ledger::the_edge_after_a_loss_says_how_many_were_lost;
    ledger::a_gap_record_marks_the_hole_in_the_byte_stream;
    ledger::a_frozen_buffer_stores_nothing_until_all_of_it_was_read;
    ledger::a_level_that_repeats_tells_of_a_missed_edge;
    ledger::the_most_that_was_pending_is_remembered;
    ledger::a_full_pipe_never_tears_a_record;
    ledger::the_books_balance_at_every_edge;

    oldest::a_full_buffer_keeps_the_newest_and_counts_the_others;
    oldest::a_buffer_for_two_keeps_the_newest_edge_and_the_mark;
    oldest::the_mark_tells_the_levels_of_all_lines;
    oldest::a_mark_of_a_pause_gives_way_too;
    oldest::edges_dropped_during_a_read_are_marked_within_it;
    oldest::the_deadline_counts_from_the_oldest_edge_that_is_left;
    oldest::a_debounced_edge_makes_room_too;
    oldest::what_cannot_give_way_is_refused;

    time::time_is_monotonic_across_wraps_of_the_counter;
    time::an_idle_gap_of_several_wraps_is_seen_in_full;
    time::records_that_wait_over_wraps_keep_their_times;

    source::an_edge_carries_line_level_time_and_sequence;
    source::callbacks_before_arming_are_discarded;
    source::an_active_low_line_reports_logical_levels;
    source::one_trigger_captures_one_polarity;
    source::lines_of_two_ports_are_one_capture;
    source::more_ports_than_callbacks_are_refused;
    source::thirty_two_lines_are_told_apart;
    source::two_devices_can_share_a_port;

    strobe::a_strobe_latches_the_data_lines_into_a_byte;
    strobe::a_sample_has_a_bit_for_each_line;
    strobe::a_sample_can_have_lines_of_two_ports;
    strobe::strobed_bytes_that_find_no_room_are_counted;
    strobe::a_strobed_tail_is_flushed_by_the_deadline;
    strobe::the_times_of_samples_are_monotonic_across_wraps_of_the_counter;
    strobe::the_deadline_of_a_timed_sample_counts_from_its_time;
    strobe::the_idle_time_counts_from_the_newest_timed_sample;
    strobe::a_reader_of_bytes_becomes_one_of_its_own_samples_only;
    strobe::strobed_lines_that_cannot_be_captured_are_refused;

    holes::a_read_ends_where_samples_were_lost;
    holes::no_sample_is_stored_after_a_second_hole_before_the_first_is_passed;
    holes::a_frozen_buffer_of_samples_is_read_to_its_end_before_the_hole;
    holes::a_pause_is_a_hole_among_samples;
    holes::the_end_of_file_tells_of_a_hole_at_the_end;
    holes::every_way_of_reading_ends_at_a_hole;
    holes::a_read_in_pieces_ends_at_a_hole;

    debounce::a_debounced_edge_has_the_time_of_the_first_interrupt;
    debounce::a_level_that_does_not_last_is_no_edge;
    debounce::a_debounced_line_keeps_to_its_trigger;
    debounce::a_debounced_edge_keeps_its_time_beside_later_ones_of_other_lines;
    debounce::more_debounced_lines_than_timers_are_refused;

    poller::a_poller_reports_the_capture_that_is_ready;
    poller::a_poller_is_level_triggered;
    poller::a_poller_times_out;
    poller::a_waker_ends_one_wait_without_an_event;
    poller::a_deregistered_capture_is_not_reported;
    poller::a_dropped_reader_is_forgotten_and_makes_room;
    poller::what_an_earlier_reader_registered_is_not_registered;
    poller::a_poller_that_is_full_refuses_another_capture;
    poller::every_kind_of_waiter_on_one_capture_wakes;
    poller::a_blocked_read_takes_the_first_record_while_a_poller_waits_on;
    poller::close_wakes_a_poller_and_a_reader;
    poller::a_capture_can_be_registered_while_another_thread_waits;
    poller::a_device_can_be_opened_again_while_a_poller_waits;

    tasks::a_task_wakes_when_the_capture_is_ready;
    tasks::a_task_reads_as_soon_as_something_is_pending;
    tasks::a_cancelled_read_takes_nothing;
    tasks::close_wakes_a_task;
    tasks::tasks_that_wait_for_the_same_sleep_and_are_all_woken;
    tasks::a_task_that_is_dropped_while_it_waits_is_not_woken;

    ending::close_wakes_a_waiter_and_the_rest_drains;
    ending::edges_are_returned_before_end_of_file;
    ending::close_wakes_a_blocked_read;
    ending::a_dropped_capture_is_closed;
    ending::a_device_can_be_opened_again;

    pipe::records_are_handed_over_at_the_threshold;
    pipe::a_partial_read_leaves_it_ready;
    pipe::another_thread_reads_the_pipe_itself;
    pipe::a_read_of_the_pipe_with_a_time_out_gets_what_is_there_by_then;
    pipe::what_was_handed_over_is_ready_until_other_code_has_read_it;
    pipe::the_tail_is_handed_over_at_the_deadline;
    pipe::the_end_hands_over_what_is_pending_and_then_closes_the_pipe;
    pipe::a_read_of_the_pipe_ends_with_the_use;
    pipe::a_reader_drains_the_pipe_and_what_had_no_room_and_then_sees_the_end;
    pipe::what_has_no_room_in_the_pipe_stays_pending_and_comes_after_it;
    pipe::a_loss_and_its_mark_come_through_the_pipe;
    pipe::a_frozen_buffer_is_handed_over_before_anything_else_is_let_in;
    pipe::other_code_gets_what_had_no_room_in_the_pipe;
    pipe::a_poller_reports_what_is_in_the_pipe_until_it_was_read;
    pipe::a_blocked_read_takes_the_first_record_below_the_threshold;
    pipe::a_handle_that_does_not_keep_the_capture_reads_the_pipe;
    pipe::strobed_bytes_come_through_the_pipe;
    pipe::a_device_without_a_pipe_cannot_deliver_through_one;

    owners::a_pin_that_is_captured_is_refused_to_another_capture;
    owners::a_pin_that_is_debounced_is_refused_to_another_capture;
    owners::the_lines_of_a_strobed_capture_are_refused_to_another_capture;
    owners::a_pin_that_a_refused_open_had_claimed_is_free;

    misuse::a_configuration_that_cannot_be_right_is_refused;
    misuse::an_open_device_is_busy;
    misuse::lines_that_cannot_be_captured_are_refused;
}
