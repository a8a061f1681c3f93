//! A file each, beside those in C.

mod edgepipe;
mod edgepipe_pipe;
mod embassy_channel;
mod embassy_pipe;
mod heapless_spsc;
mod rust_channel;
