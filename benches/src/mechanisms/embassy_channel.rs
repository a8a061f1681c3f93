//! `embassy_sync::channel::Channel`, with a mutex that interrupts may lock.

use core::ffi::CStr;

use embassy_sync::{blocking_mutex::raw::CriticalSectionRawMutex, channel::Channel};

use crate::{
    block_on::block_on,
    mechanism::{CAPACITY, Mechanism, Queue, Record},
};

#[no_mangle]
static mechanism_embassy_channel: Mechanism = Mechanism::of::<EmbassyChannel>();

struct EmbassyChannel;

static CHANNEL: Channel<CriticalSectionRawMutex, Record, CAPACITY> = Channel::new();

impl Queue for EmbassyChannel {
    const NAME: &'static CStr = c"embassy:Channel";
    const WAITS: bool = true;

    fn reset() {
        CHANNEL.clear();
    }

    #[inline]
    fn put(record: Record) {
        let _ = CHANNEL.try_send(record);
    }

    fn first() -> Record {
        block_on(CHANNEL.receive())
    }

    fn next() -> Option<Record> {
        CHANNEL.try_receive().ok()
    }
}
