//! Tests of `error`, in src/error.rs.

use core::ffi;
use std::string::ToString;

use embedded_io::{Error as _, ErrorKind};
use zephyr::raw;

use crate::error::*;

#[test]
fn each_error_has_a_kind_and_a_text() {
    let errors = [
        (raw::EAGAIN, ErrorKind::Other, "nothing is pending"),
        (raw::ETIMEDOUT, ErrorKind::TimedOut, "timed out"),
        (raw::EINVAL, ErrorKind::InvalidInput, "invalid argument"),
        (raw::EBUSY, ErrorKind::Other, "busy"),
        (raw::EBADF, ErrorKind::Other, "not open"),
        (raw::EPIPE, ErrorKind::Other, "closed, and read to its end"),
        (raw::ENOSPC, ErrorKind::Other, "all places are taken"),
        (raw::EIO, ErrorKind::Other, "input/output error"),
        (raw::ENOTSUP, ErrorKind::Unsupported, "not supported"),
        (
            raw::ENODEV,
            ErrorKind::NotFound,
            "no such device, or not ready",
        ),
        (raw::EINTR, ErrorKind::Interrupted, "interrupted"),
        (raw::EPERM, ErrorKind::Other, "kernel error"),
    ];
    for (errno, kind, text) in errors {
        let error = Error::check(-(errno as ffi::c_int)).expect_err("a negative code is an error");
        assert_eq!((error.errno(), error.kind()), (errno, kind));
        assert_eq!(error.to_string(), std::format!("{text} (errno {errno})"));
    }
    assert_eq!((Error::check(0), Error::check(5)), (Ok(0), Ok(5)));
}
