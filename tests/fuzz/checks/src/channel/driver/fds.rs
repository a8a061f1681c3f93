//! File descriptors.

use edgepipe::Error;

use super::{Driver, on};
use crate::channel::{
    fd::{CLOSED, ENFILE, Fd, OPEN_MAX, READY},
    op::Which,
    world::Waiter,
};

impl Driver {
    pub(super) fn fd_open(&mut self, which: Which) {
        let slots = &self.slots;
        let open = slots.iter().filter(|slot| slot.fd.is_some()).count();
        let slot = &mut self.slots[which as usize];
        let (Some(end), None) = (&slot.reader, &slot.fd) else {
            return;
        };
        match on!(end, reader => Fd::open(reader)) {
            Ok(fd) => {
                assert_ne!(open, OPEN_MAX);
                slot.fd = Some(fd);
                self.world.device(which).fd = true;
            }
            Err(errno) => assert_eq!((open, errno), (OPEN_MAX, ENFILE)),
        }
    }

    pub(super) fn fd_poll(&mut self, which: Which) {
        let Some(fd) = &self.slots[which as usize].fd else {
            return;
        };
        let now = self.world.now;
        let queue = self.world.queue(which);
        let ready = queue.ready(now).is_some();
        let closed = if queue.is_closed() { CLOSED } else { 0 };
        assert_eq!(
            fd.status(),
            closed | if ready { READY } else { 0 },
            "{which:?}"
        );
        assert_eq!(fd.record_bytes(), queue.record_bytes(), "{which:?}");
        assert_eq!(
            fd.pending(),
            queue.pending() as usize * queue.record_bytes(),
            "{which:?}"
        );
        if !ready {
            self.world.enlist(which, Waiter::FdReady);
        }
    }

    pub(super) fn fd_want(&mut self, which: Which, records: u32) {
        let Some(fd) = &self.slots[which as usize].fd else {
            return;
        };
        // A size of less than a record is refused earlier.
        let (now, records) = (self.world.now, records.max(1));
        let expected = self.world.queue(which).has_for_fd(now, records);
        assert_eq!(fd.want(records as usize), expected, "{which:?}");
        self.world.delist(which, Waiter::FdData(records));
        if !expected {
            self.world.enlist(which, Waiter::FdData(records));
        }
    }

    pub(super) fn fd_read(&mut self, which: Which, length: usize) {
        let Some(fd) = &self.slots[which as usize].fd else {
            return;
        };
        let now = self.world.now;
        let expected = match self.world.queue(which).try_read(now, length) {
            Err(Error::WOULD_BLOCK | Error::INVALID_INPUT) => None,
            result => Some(result.expect("there is no other error")),
        };
        let mut bytes = vec![0xaa; length];
        let read = fd.read(&mut bytes);
        assert_eq!(
            read.map(|length| self.world.queue(which).items(&bytes[..length])),
            expected,
            "{which:?}"
        );
    }

    pub(super) fn fd_close(&mut self, which: Which) {
        if let Some(fd) = self.slots[which as usize].fd.take() {
            fd.close();
            self.world.close_fd(which);
        }
    }
}
