//! `embassy_sync::pipe::Pipe`, with a mutex that interrupts may lock.

use core::ffi::CStr;

use embassy_sync::{blocking_mutex::raw::CriticalSectionRawMutex, pipe::Pipe};

use crate::{
    block_on::block_on,
    mechanism::{CAPACITY, Mechanism, Queue, Record},
};

#[no_mangle]
static mechanism_embassy_pipe: Mechanism = Mechanism::of::<EmbassyPipe>();

struct EmbassyPipe;

const BYTES: usize = CAPACITY * size_of::<Record>();

static PIPE: Pipe<CriticalSectionRawMutex, BYTES> = Pipe::new();

impl Queue for EmbassyPipe {
    const NAME: &'static CStr = c"embassy:Pipe";
    const WAITS: bool = true;

    fn reset() {
        PIPE.clear();
    }

    #[inline]
    fn put(record: Record) {
        let _ = PIPE.try_write(&record.to_bytes());
    }

    fn first() -> Record {
        let mut bytes = [0; 8];
        block_on(PIPE.read(&mut bytes));
        Record::of_bytes(bytes)
    }

    fn next() -> Option<Record> {
        let mut bytes = [0; 8];
        PIPE.try_read(&mut bytes).ok()?;
        Some(Record::of_bytes(bytes))
    }
}
