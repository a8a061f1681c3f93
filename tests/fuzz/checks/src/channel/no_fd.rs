//! Without the feature `fd` there are no descriptors.

use edgepipe::Reader;

pub(super) const READY: u32 = 1 << 0;
pub(super) const CLOSED: u32 = 1 << 1;
pub(super) const OPEN_MAX: usize = 0;
pub(super) const ENFILE: u32 = 23;

#[derive(Debug)]
pub(super) enum Fd {}

impl Fd {
    pub(super) fn open<T>(_reader: &Reader<T>) -> Result<Self, u32> {
        Err(ENFILE)
    }

    pub(super) fn status(&self) -> u32 {
        match *self {}
    }

    pub(super) fn record_bytes(&self) -> usize {
        match *self {}
    }

    pub(super) fn pending(&self) -> usize {
        match *self {}
    }

    pub(super) fn want(&self, _records: usize) -> bool {
        match *self {}
    }

    pub(super) fn read(&self, _bytes: &mut [u8]) -> Option<usize> {
        match *self {}
    }

    pub(super) fn close(self) {
        match self {}
    }

    pub(super) fn polled(&self) -> bool {
        match *self {}
    }

    pub(super) fn woken(&self) -> bool {
        match *self {}
    }
}
