//! The kernel's C interface, with the names and signatures of the real bindings.
//!
//! Every function has the contract of the C function of its name. The simulator adds this: breaking
//! a rule that it can check, such as waiting in an ISR, ends the run with a fault, and the call
//! does not return.
//!
//! # Safety
//!
//! Common to all functions: a pointer to an object is valid for the call. An object that was
//! initialised stays in place and valid while the kernel may use it (a timer that runs, a callback
//! that is registered), and its C callbacks are sound to call until then.
//!
//! The functions are `extern "C-unwind"` because the stack of a thread that waits in one is unwound
//! when the run ends. Callbacks are plain `extern "C"`, as in the bindings: a panic in one of them
//! aborts the process.

#![expect(
    clippy::missing_safety_doc,
    reason = "the functions have the contracts of their C namesakes, and a common one, stated above"
)]

mod constants;
mod gpio;
mod irq;
mod object;
pub(crate) mod pipe;
mod poll;
mod sched;
mod sem;
mod time;
mod timer;

pub use constants::*;
pub(crate) use gpio::{PORTS_MAX, port};
pub use gpio::{
    device, device_is_ready, gpio_add_callback, gpio_callback, gpio_callback_handler_t,
    gpio_dt_flags_t, gpio_dt_spec, gpio_flags_t, gpio_init_callback, gpio_is_ready_dt,
    gpio_pin_configure, gpio_pin_configure_dt, gpio_pin_get_raw, gpio_pin_interrupt_configure,
    gpio_pin_interrupt_configure_dt, gpio_pin_t, gpio_port_get_raw, gpio_port_pins_t,
    gpio_port_value_t, gpio_remove_callback, sys_snode_t,
};
pub use irq::{
    k_is_in_isr, k_spin_lock, k_spin_unlock, k_spinlock, k_spinlock_key_t, z_spinlock_key,
    zr_irq_lock, zr_irq_unlock,
};
pub use pipe::{
    k_pipe, k_pipe_close, k_pipe_init, k_pipe_read, k_pipe_reset, k_pipe_write, ring_buf_idx_t,
};
pub use poll::{k_poll, k_poll_event, k_poll_event_init};
pub use sched::{k_reschedule, k_sched_lock, k_sched_unlock};
pub(crate) use sem::init_sem_once;
pub use sem::{k_sem, k_sem_count_get, k_sem_give, k_sem_init, k_sem_reset, k_sem_take};
pub use time::{
    k_cycle_get_32, k_sleep, k_ticks_t, k_timeout_t, k_uptime_get, k_uptime_ticks, k_yield,
};
pub use timer::{
    k_timer, k_timer_expiry_t, k_timer_init, k_timer_start, k_timer_status_get, k_timer_stop,
    k_timer_stop_t, k_timer_user_data_get, k_timer_user_data_set,
};
