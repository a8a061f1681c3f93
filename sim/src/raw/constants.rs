//! The constants of the bindings, with their types and values.

#![expect(
    missing_docs,
    non_upper_case_globals,
    reason = "the names are the C headers' own"
)]

pub const EPERM: u32 = 1;
pub const ENOENT: u32 = 2;
pub const EINTR: u32 = 4;
pub const EIO: u32 = 5;
pub const ENXIO: u32 = 6;
pub const EBADF: u32 = 9;
pub const EAGAIN: u32 = 11;
pub const ENOMEM: u32 = 12;
pub const EACCES: u32 = 13;
pub const EFAULT: u32 = 14;
pub const EBUSY: u32 = 16;
pub const EEXIST: u32 = 17;
pub const ENODEV: u32 = 19;
pub const EINVAL: u32 = 22;
pub const ENOSPC: u32 = 28;
pub const EPIPE: u32 = 32;
pub const ERANGE: u32 = 34;
pub const EDEADLK: u32 = 45;
pub const ENODATA: u32 = 61;
pub const ENOSYS: u32 = 88;
pub const ENOTSUP: u32 = 134;
pub const EMSGSIZE: u32 = 122;
pub const ETIMEDOUT: u32 = 116;
pub const EALREADY: u32 = 120;
pub const EOVERFLOW: u32 = 139;
pub const ECANCELED: u32 = 140;
pub const EWOULDBLOCK: u32 = 11;

pub const K_SEM_MAX_LIMIT: u32 = 4294967295;
pub const K_POLL_TYPE_IGNORE: u32 = 0;
pub const K_POLL_STATE_NOT_READY: u32 = 0;
pub const ZR_POLL_TYPE_SEM_AVAILABLE: u32 = 2;
pub const ZR_POLL_TYPE_SIGNAL: u32 = 1;
pub const ZR_POLL_TYPE_DATA_AVAILABLE: u32 = 4;
pub const K_POLL_TYPE_PIPE_DATA_AVAILABLE: u32 = 16;

#[expect(non_camel_case_types, reason = "the name is the C header's own")]
pub type k_poll_modes = core::ffi::c_uint;
pub const k_poll_modes_K_POLL_MODE_NOTIFY_ONLY: k_poll_modes = 0;

pub const GPIO_ACTIVE_LOW: u32 = 1;
pub const GPIO_ACTIVE_HIGH: u32 = 0;
pub const GPIO_SINGLE_ENDED: u32 = 2;
pub const GPIO_PUSH_PULL: u32 = 0;
pub const GPIO_LINE_OPEN_DRAIN: u32 = 4;
pub const GPIO_LINE_OPEN_SOURCE: u32 = 0;
pub const GPIO_OPEN_DRAIN: u32 = 6;
pub const GPIO_OPEN_SOURCE: u32 = 2;
pub const GPIO_PULL_UP: u32 = 16;
pub const GPIO_PULL_DOWN: u32 = 32;
pub const GPIO_INT_WAKEUP: u32 = 64;
pub const GPIO_DISCONNECTED: u32 = 0;

pub const ZR_GPIO_INPUT: u32 = 1 << 16;
pub const ZR_GPIO_OUTPUT: u32 = 1 << 17;
pub const ZR_GPIO_OUTPUT_INIT_LOW: u32 = 1 << 18;
pub const ZR_GPIO_OUTPUT_INIT_HIGH: u32 = 1 << 19;
pub const ZR_GPIO_OUTPUT_INIT_LOGICAL: u32 = 1 << 20;
pub const ZR_GPIO_INT_DISABLE: u32 = 1 << 21;
pub const ZR_GPIO_INT_ENABLE: u32 = 1 << 22;
pub const ZR_GPIO_INT_LEVELS_LOGICAL: u32 = 1 << 23;
pub const ZR_GPIO_INT_EDGE: u32 = 1 << 24;
pub const ZR_GPIO_INT_LOW_0: u32 = 1 << 25;
pub const ZR_GPIO_INT_HIGH_1: u32 = 1 << 26;
pub const ZR_GPIO_INT_LEVEL_HIGH: u32 = ZR_GPIO_INT_ENABLE | ZR_GPIO_INT_HIGH_1;
pub const ZR_GPIO_INT_LEVEL_LOW: u32 = ZR_GPIO_INT_ENABLE | ZR_GPIO_INT_LOW_0;
pub const ZR_GPIO_OUTPUT_ACTIVE: u32 =
    ZR_GPIO_OUTPUT | ZR_GPIO_OUTPUT_INIT_HIGH | ZR_GPIO_OUTPUT_INIT_LOGICAL;
