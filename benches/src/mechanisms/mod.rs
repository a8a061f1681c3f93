//! The mechanisms in Rust, one file each. Those in C are in this folder, too.

mod edgepipe;
mod edgepipe_pipe;
mod embassy_channel;
mod embassy_pipe;
mod heapless_spsc;
mod rust_channel;
