//! The program as its users see it.

mod common;
mod errors;
#[cfg(unix)]
mod live;
mod look;
mod readme;
mod recordings;
mod replay;
