//! The program as its users see it.

mod common;
mod errors;
mod readme;
mod recordings;
mod replay;
