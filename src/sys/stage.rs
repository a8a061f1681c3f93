//! The first block of a buffer, into which the interrupt handler writes without a call.

use super::pipe::Storage;

/// Bytes of as many records as are copied under the brief lock, and so with every interrupt off.
const FEW: usize = 32 * size_of::<u64>();

/// Up to a block of records of one size, in the order in which they came.
pub(crate) struct Stage {
    base: *mut u8,
    /// The oldest record.
    ///
    /// INVARIANT: `base <= start <= next <= stop <= end`, each a whole number of records after
    /// `base`; from `base` to `end` is static memory that nobody else uses.
    start: *mut u8,
    /// Where the next record goes.
    next: *mut u8,
    /// Where to stop and think.
    stop: *mut u8,
    /// The place of the record that `push_last` is made for: `stop`, or that of the newest record when it is
    /// there; null if there is none.
    ///
    /// INVARIANT: `last` is null or a record's room before `end`, or more.
    last: *mut u8,
    end: *mut u8,
    /// Bytes of a record, a power of two.
    size: usize,
}

// SAFETY: the memory is the stage's own.
unsafe impl Send for Stage {}

impl Stage {
    /// A stage for nothing.
    pub(crate) const fn none() -> Self {
        Self {
            base: core::ptr::null_mut(),
            start: core::ptr::null_mut(),
            next: core::ptr::null_mut(),
            stop: core::ptr::null_mut(),
            last: core::ptr::null_mut(),
            end: core::ptr::null_mut(),
            size: 0,
        }
    }

    /// An empty stage in all of `storage`, for records of `size` bytes.
    pub(crate) fn new(storage: Storage, size: usize) -> Self {
        debug_assert!(storage.bytes().is_multiple_of(size));
        let base = storage.start();
        Self {
            base,
            start: base,
            next: base,
            stop: base,
            last: core::ptr::null_mut(),
            end: base.wrapping_add(storage.bytes()),
            size,
        }
    }

    /// Lets in `length` bytes of records, or as many as there is room for; and by
    /// [`push_last`](Self::push_last) the one after them, if it is `last` and there is room for that too.
    #[inline]
    pub(crate) fn allow(&mut self, length: usize, last: bool) {
        let room = self.end.addr() - self.next.addr();
        self.last = core::ptr::null_mut();
        self.stop = self.end;
        if length < room {
            self.stop = self.next.wrapping_add(length);
            if last {
                self.last = self.stop;
            }
        }
    }

    /// Adds a record, unless it is time to stop and think. All records of a stage are of one type.
    #[inline]
    pub(crate) fn try_push<T: Copy>(&mut self, record: T) -> bool {
        debug_assert_eq!(size_of::<T>(), self.size);
        // Not read again after the write, which the compiler takes to change anything.
        let next = self.next;
        if next == self.stop {
            return false;
        }
        self.next = next.wrapping_add(size_of::<T>());
        // SAFETY: by the invariant there is a whole record's room before `stop`, aligned because
        // the storage is, for the channel's records are all of the size that it was opened with.
        unsafe { next.cast::<T>().write(record) }
        true
    }

    /// Adds the record after all that were let in, if there is one that may be. None is let in before the
    /// next `allow` or `drain`.
    #[inline]
    pub(crate) fn push_last<T: Copy>(&mut self, record: T) -> bool {
        let next = self.stop;
        // A stage for nothing has neither place.
        if self.last != next || self.next != next || next.is_null() {
            return false;
        }
        let after = next.wrapping_add(size_of::<T>());
        self.next = after;
        self.stop = after;
        // SAFETY: as in `try_push`; by its invariant `last` leaves room for this record.
        unsafe { next.cast::<T>().write(record) }
        true
    }

    /// Adds a record if there is room, let in or not. None is let in before the next `allow`.
    #[inline]
    pub(crate) fn push<T: Copy>(&mut self, record: T) -> bool {
        if self.is_at_end() {
            return false;
        }
        self.stop = self.next.wrapping_add(size_of::<T>());
        self.last = core::ptr::null_mut();
        self.try_push(record)
    }

    /// There is no record that [`push_last`](Self::push_last) is made for.
    #[inline]
    pub(crate) fn forget_last(&mut self) {
        self.last = core::ptr::null_mut();
    }

    /// Moves all records, which are of eight bytes, to `out`, if these are few, fit, and `push_last` has added the
    /// newest; returns how many bytes. It will add the last of as many again.
    #[inline]
    pub(crate) fn drain(&mut self, out: &mut [u8]) -> Option<usize> {
        let length = self.length();
        if self.next != self.last.wrapping_add(self.size) || length > FEW {
            return None;
        }
        self.copy_words(out.get_mut(..length)?);
        self.next = self.base;
        self.start = self.base;
        self.last = self.base.wrapping_add(length).wrapping_sub(self.size);
        self.stop = self.last;
        Some(length)
    }

    /// Whether there is no room behind the newest record.
    pub(crate) fn is_at_end(&self) -> bool {
        self.next == self.end
    }

    /// Bytes of the staged records.
    #[inline]
    pub(crate) fn length(&self) -> usize {
        self.next.addr() - self.start.addr()
    }

    /// Bytes of a record.
    #[inline]
    pub(crate) fn size(&self) -> usize {
        self.size
    }

    /// As much of `length` as is whole records.
    #[inline]
    pub(crate) fn whole(&self, length: usize) -> usize {
        length & self.size.wrapping_neg()
    }

    /// The oldest record, if there is one. To be called where records are of eight bytes.
    pub(crate) fn oldest(&self) -> Option<u64> {
        debug_assert_eq!(self.size, size_of::<u64>());
        // SAFETY: by the invariant a whole record was written there.
        (self.start != self.next).then(|| unsafe { self.start.cast::<u64>().read() })
    }

    /// The staged records, the oldest first.
    pub(crate) fn bytes(&self) -> &[u8] {
        if self.next == self.start {
            return &[];
        }
        // SAFETY: by the invariant these bytes were written, and change only through `&mut self`.
        unsafe { core::slice::from_raw_parts(self.start, self.length()) }
    }

    /// Moves the oldest records to `out`, as many as fit; returns how many bytes. If it is any, none is let in
    /// before the next `allow`.
    #[inline(never)]
    pub(crate) fn take(&mut self, out: &mut [u8]) -> usize {
        let length = self.length().min(self.whole(out.len()));
        if length == 0 {
            return 0;
        }
        if self.size == size_of::<u64>() {
            self.copy_words(out.get_mut(..length).unwrap_or_default());
        } else {
            // SAFETY: by the invariant so many bytes are written from `start` on, `out` has room for
            // them, and is not the stage's memory, which nobody else has.
            unsafe { self.start.copy_to_nonoverlapping(out.as_mut_ptr(), length) }
        }
        self.remove(length);
        length
    }

    /// Copies the oldest records, which are of eight bytes, to all of `out`, which is not longer than they.
    ///
    /// That is a third of the instructions of `copy_from_slice`, a call of `memcpy`. What is volatile,
    /// the compiler does not make one of.
    #[inline(never)]
    fn copy_words(&self, out: &mut [u8]) {
        let mut from = self.start.cast::<u64>();
        let mut next = || {
            // SAFETY: by the invariant these are whole records of the stage's own memory, aligned because
            // the storage is.
            let record = unsafe { from.read_volatile() };
            from = from.wrapping_add(1);
            record.to_ne_bytes()
        };
        let (fours, rest) = out.as_chunks_mut().0.as_chunks_mut::<4>();
        for four in fours {
            *four = [next(), next(), next(), next()];
        }
        for one in rest {
            *one = next();
        }
    }

    /// Takes off the oldest records, `length` bytes of them, which is a whole number. None is let
    /// in before the next `allow`.
    #[inline]
    pub(crate) fn remove(&mut self, length: usize) {
        debug_assert!(length <= self.length());
        self.start = self.start.wrapping_add(length);
        if self.start == self.next {
            self.start = self.base;
            self.next = self.base;
        }
        self.halt();
    }

    /// Lets nothing in.
    #[inline]
    fn halt(&mut self) {
        self.stop = self.next;
        self.last = core::ptr::null_mut();
    }

    /// Moves the records to where there is most room behind them. None is let in before the next
    /// `allow`.
    pub(crate) fn compact(&mut self) {
        let length = self.length();
        if self.start != self.base {
            if self.size == size_of::<u64>() {
                self.move_down::<u64>();
            } else {
                self.move_down::<u8>();
            }
        }
        self.start = self.base;
        self.next = self.base.wrapping_add(length);
        self.halt();
    }

    /// Moves the records, of the size of a `T`, to `base`.
    ///
    /// `core::ptr::copy` would be a call of `memmove`, and 1.6 KB linked for this alone. What is
    /// volatile, the compiler leaves to be a loop.
    fn move_down<T: Copy>(&mut self) {
        let (mut from, mut to) = (self.start, self.base);
        while from != self.next {
            // SAFETY: by the invariant both are whole records of the stage's own memory, aligned
            // because the storage is.
            unsafe {
                to.cast::<T>()
                    .write_volatile(from.cast::<T>().read_volatile())
            };
            from = from.wrapping_add(size_of::<T>());
            to = to.wrapping_add(size_of::<T>());
        }
    }
}
