//! The behaviour of Zephyr's kernel and its GPIO API, for the real kernel and the simulated one. Each
//! case writes return codes, the order in which threads run, and the ticks at which they do. Both
//! kernels must write `transcript.txt`.
//!
//! Where a release of Zephyr changed what a case writes, the new line follows the old one there, after
//! `from` and the number of the release.
//!
//! The crate that includes this module also defines `platform`, with
//!
//! - `port()`: an emulated GPIO port of 32 pins;
//! - `spawn(priority, body)`: a thread, of which three may run at a time; `join()` waits for its end;
//! - `call_in_isr(body)`: an interrupt, now.

mod gpio;
mod irq;
mod log;
pub(crate) mod objects;
mod pipe;
mod poll;
mod sem;
mod thread;
mod time;
mod timer;

extern crate alloc;

use alloc::vec::Vec;

use super::platform;
use log::Log;

/// The lines that Zephyr of this release must write. The simulated kernel is that of 4.2.
pub(crate) fn expected(release: (u32, u32)) -> Vec<&'static str> {
    let mut lines = Vec::new();
    for line in include_str!("../../transcript.txt").lines() {
        let Some(changed) = line.strip_prefix("from ") else {
            lines.push(line);
            continue;
        };
        let (from, line) = changed.split_once(' ').expect("a line follows");
        let (major, minor) = from.split_once('.').expect("a release has two numbers");
        if (number(major), number(minor)) <= release {
            lines.pop();
            lines.push(line);
        }
    }
    lines
}

fn number(text: &str) -> u32 {
    text.parse().expect("a release's number")
}

macro_rules! cases {
    ($($module:ident::$case:ident;)*) => {
        /// Runs every case, and passes its line to `line`.
        pub(crate) fn write(mut line: impl FnMut(&str)) {
            $(
                let log = Log::begin(concat!(stringify!($module), "::", stringify!($case), ":"));
                $module::$case(log);
                line(&log.end());
            )*
        }
    };
}

cases! {
    thread::a_higher_priority_runs_at_once_and_a_lower_one_later;
    thread::equals_run_in_the_order_they_became_ready_and_do_not_preempt;
    thread::a_preempted_thread_goes_on_before_its_equals;
    thread::a_cooperative_thread_is_not_preempted;
    thread::an_interrupt_switches_to_the_best_thread_when_it_returns;
    thread::sleepers_of_one_tick_wake_in_the_order_they_slept;
    thread::join_waits_for_the_end;

    time::a_sleep_rounds_up_by_one_tick_and_no_sleep_is_a_yield;
    time::sleeps_of_the_rust_crate_are_those_of_c;
    time::a_time_out_set_in_an_isr_counts_from_the_tick_that_expired;
    time::all_time_outs_of_a_tick_come_before_the_thread_they_wake;
    time::a_second_is_a_thousand_milliseconds_on_every_clock;

    sem::init_refuses_a_limit_of_zero_and_a_count_above_the_limit;
    sem::gives_count_up_to_the_limit;
    sem::a_take_times_out_one_tick_after_its_ticks_have_passed;
    sem::a_give_wakes_the_highest_priority_then_the_longest_waiter;
    sem::a_give_to_a_waiter_does_not_count;
    sem::a_give_in_an_isr_wakes_in_its_tick;
    sem::a_waiter_goes_before_a_poller;
    sem::a_reset_sends_takers_away_and_empties;
    sem::what_a_reset_does_to_a_poller;

    poll::an_available_semaphore_is_reported_and_not_taken;
    poll::state_is_added_to_and_never_cleared;
    poll::a_poll_times_out_to_the_tick;
    poll::all_available_events_are_marked_and_ignored_ones_are_not;
    poll::the_event_whose_semaphore_was_given_is_marked;
    poll::gives_before_the_poller_runs_mark_their_events_too;
    poll::one_give_notifies_one_poller_by_priority;
    poll::a_poll_of_nothing_is_a_sleep;
    poll::a_poll_of_less_than_nothing_is_one_of_nothing;

    pipe::a_write_without_wait_writes_what_fits;
    pipe::a_read_without_wait_returns_what_is_there;
    pipe::bytes_keep_their_order_across_the_end_of_the_ring;
    pipe::a_read_waits_for_its_whole_length;
    pipe::with_a_reader_blocked_the_pipe_stays_empty;
    pipe::a_read_whose_time_is_up_returns_what_it_got;
    pipe::an_absolute_time_out_is_a_tick_late;
    pipe::a_write_waits_for_room;
    pipe::a_write_in_an_isr_writes_what_fits;
    pipe::a_higher_reader_runs_as_soon_as_it_has_all_it_wants;
    pipe::a_close_lets_readers_drain_and_refuses_writers;
    pipe::a_close_wakes_both_sides_but_does_not_switch;
    pipe::a_reset_drops_bytes_and_cancels_waiters_until_they_have_run;
    pipe::a_pipe_without_a_buffer_hands_over_directly;

    timer::an_expiry_is_in_isr_context_after_exactly_the_duration;
    timer::periods_do_not_drift;
    timer::time_outs_of_one_tick_expire_in_the_order_they_were_added;
    timer::a_timer_can_be_started_and_stopped_in_its_own_expiry;
    timer::a_stop_runs_the_stop_function_only_if_the_timer_ran;
    timer::a_restart_begins_anew;

    irq::no_switch_under_a_spinlock_nor_at_its_release_but_at_the_next_look;
    irq::interrupt_locks_nest_by_their_keys;
    irq::an_interrupt_lock_belongs_to_its_thread;
    irq::spinlocks_nest_in_order_and_work_in_an_isr;
    irq::a_pipe_wakes_under_a_spinlock_who_runs_when_the_scheduler_looks;
    irq::a_scheduler_lock_keeps_the_cpu_until_the_last_unlock;

    gpio::callbacks_fire_on_the_edges_that_were_asked_for;
    gpio::one_change_of_many_pins_is_one_callback;
    gpio::callbacks_run_in_the_context_of_the_driver;
    gpio::configuring_a_pin_fires_its_callbacks_and_forgets_its_interrupt;
    gpio::pulls_set_the_level;
    gpio::only_inputs_can_be_driven;
    gpio::logical_levels_follow_the_active_low_flag;
    gpio::a_refused_configuration_inverts_the_pin_all_the_same;
    gpio::triggers_that_cannot_be_are_refused;
    gpio::the_callback_added_last_runs_first;
    gpio::a_callback_may_add_one_and_remove_itself;
    gpio::a_pin_of_devicetree_is_configured_with_its_flags;
    gpio::a_port_is_ready_and_no_port_is_not;
}
