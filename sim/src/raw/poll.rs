//! `k_poll_event` and `k_poll`.

use core::ffi::{c_int, c_void};
use core::ptr;

use super::constants::{
    EAGAIN, K_POLL_TYPE_IGNORE, K_POLL_TYPE_PIPE_DATA_AVAILABLE, ZR_POLL_TYPE_SEM_AVAILABLE,
};
use super::pipe::{self, k_pipe};
use super::sem::{self, k_sem};
use super::time::k_timeout_t;
use crate::kernel::{FaultKind, call, err, poll, raise};

/// An event to wait for. Its accessors are those of the bindings' bit field.
#[derive(Debug)]
#[repr(C)]
pub struct k_poll_event {
    tag: u8,
    kind: u8,
    state: u8,
    mode: u8,
    object: *mut c_void,
}

impl Default for k_poll_event {
    fn default() -> Self {
        k_poll_event {
            tag: 0,
            kind: 0,
            state: 0,
            mode: 0,
            object: ptr::null_mut(),
        }
    }
}

impl k_poll_event {
    /// The user's tag, of 8 bits.
    pub fn tag(&self) -> u32 {
        self.tag.into()
    }

    /// Sets the user's tag.
    pub fn set_tag(&mut self, val: u32) {
        self.tag = val as u8;
    }

    /// The kind of event: one of the `POLL_TYPE` constants.
    pub fn type_(&self) -> u32 {
        self.kind.into()
    }

    /// Sets the kind of event.
    pub fn set_type(&mut self, val: u32) {
        self.kind = val as u8;
    }

    /// What `k_poll` found. `k_poll` sets bits and never clears any.
    pub fn state(&self) -> u32 {
        self.state.into()
    }

    /// Sets the state, which the user does before each use.
    pub fn set_state(&mut self, val: u32) {
        self.state = val as u8;
    }

    /// The mode; there is only one.
    pub fn mode(&self) -> u32 {
        self.mode.into()
    }

    /// Sets the mode.
    pub fn set_mode(&mut self, val: u32) {
        self.mode = val as u8;
    }

    /// The object, or `None` if the event is ignored. Events of other kinds end the run.
    unsafe fn object(&self) -> Option<poll::Object> {
        match self.type_() {
            K_POLL_TYPE_IGNORE => None,
            ZR_POLL_TYPE_SEM_AVAILABLE if !self.object.is_null() => {
                // SAFETY: the caller initialised the event with a semaphore that is still valid.
                let sem = unsafe { sem::index(self.object.cast::<k_sem>()) };
                Some(poll::Object::Sem(sem))
            }
            K_POLL_TYPE_PIPE_DATA_AVAILABLE if !self.object.is_null() => {
                // SAFETY: as above, with a pipe.
                let pipe = unsafe { pipe::index(self.object.cast::<k_pipe>()) };
                Some(poll::Object::Pipe(pipe))
            }
            other => raise(
                FaultKind::NotModelled,
                format_args!("a poll event of type {other}, or without an object"),
            ),
        }
    }
}

/// Initialises an event.
pub unsafe extern "C-unwind" fn k_poll_event_init(
    event: *mut k_poll_event,
    type_: u32,
    mode: c_int,
    obj: *mut c_void,
) {
    // SAFETY: the caller passes a pointer to an event that is valid for the call.
    let event = unsafe { &mut *event };
    event.set_type(type_);
    event.set_state(0);
    event.set_mode(mode.unsigned_abs());
    event.object = obj;
}

/// Waits for any of `num_events` events; returns 0, `-EAGAIN`, or `-EINTR` if it was cancelled.
/// Thread only.
pub unsafe extern "C-unwind" fn k_poll(
    events: *mut k_poll_event,
    num_events: c_int,
    timeout: k_timeout_t,
) -> c_int {
    call("k_poll", err(EAGAIN), || {
        // A negative number counts as 0: only the system call refuses it (`z_vrfy_k_poll`).
        let count = usize::try_from(num_events).unwrap_or(0);
        // An event is borrowed only while it is read or written: while the thread waits, the caller
        // may share the memory.
        let at = |event: usize| events.wrapping_add(event);
        poll::begin(timeout.into());
        for event in 0..count {
            // SAFETY: the caller passes a pointer to `num_events` events, whose objects are still
            // valid.
            poll::watch(unsafe { (*at(event)).object() });
        }
        poll::poll(timeout.into(), |event, state| {
            // SAFETY: as above; the caller's events stay valid for the call.
            let event = unsafe { &mut *at(event) };
            event.set_state(event.state() | state);
        })
    })
}
