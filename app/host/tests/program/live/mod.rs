//! Boards that stream: here, a thread with the encoder that a board has.

mod board;
mod errors;
mod faults;
mod file;
mod record;
mod serve;
