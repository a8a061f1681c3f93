//! Safe wrappers of the Zephyr calls this library makes, and all of its `unsafe` code.
//!
//! | wrapper | Zephyr | kept promise |
//! |---|---|---|
//! | `lock` | `k_spinlock` | the data is reached only with the lock held |
//! | `pipe` | `k_pipe`, `k_poll` | never blocks, moves whole records only |
//! | `sem` | `k_sem`, `k_poll` | fresh events on every call, so `state` is never stale |
//! | `timer` | `k_timer` | the expiry handler's target lives for ever |
//! | `gpio` | `gpio_callback` | a handler runs only between `install` and `remove` |
//! | `fd` | `zvfs` file descriptors | their source lives for ever |
//! | `clock` | cycle counter, uptime | |
//! | `counter` | `counter` devices, timing functions | |
//! | `list` | | its nodes are alive |
//!
//! Kernel objects must not move while the kernel knows them. All of these live in `static`s: a method that gives their
//! address to the kernel takes `&'static self`.

pub mod clock;
#[cfg(all(edgepipe_clock, target_os = "none"))]
pub(crate) mod counter;
#[cfg(feature = "fd")]
pub(crate) mod fd;
pub(crate) mod gpio;
pub(crate) mod list;
pub(crate) mod lock;
pub(crate) mod out;
pub(crate) mod pipe;
mod poll;
pub(crate) mod ring;
pub mod sem;
pub(crate) mod storage;
pub mod timer;

#[cfg(test)]
#[path = "../../tests/unit/sys/mod.rs"]
mod tests;
