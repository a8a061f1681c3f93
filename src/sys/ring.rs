//! The buffer: a ring of records, into which the interrupt handler writes without a call.
//!
//! ```text
//!   base         next   limit     end - older        end
//!    |  start ->  |       |            |              |
//!    [ newer .....|- - - -|- - - - - - | older .......]
//! ```
//!
//! The records of the present lap are from `start` to `next`. Those left of the lap before are the `older` bytes before
//! `end`. Nothing is ever moved. Storing one record is a comparison and a write: the fast path stores only below
//! `limit`. All other work is done when `limit` is reached.

use super::{out::Out, storage::Storage};

/// Records of one size, oldest first. In this order, because Thumb's short instructions reach the first fields only.
#[repr(C)]
pub(crate) struct Ring {
    /// Where the next record goes.
    ///
    /// INVARIANT: `base <= start <= next <= limit <= end - older`, each a whole number of records after `base`; from
    /// `base` to `end` is static memory that no other code uses. From `start` to `next` and from `end - older` to `end`
    /// records are written.
    next: *mut u8,
    /// The fast path stores only below this address.
    limit: *mut u8,
    /// Where [`try_push_at_limit`](Self::try_push_at_limit) stores: `limit`, or null if it must not store.
    ///
    /// INVARIANT: null, or there is room for a record behind it. It does not change when the limit goes up.
    at_limit: *mut u8,
    /// The oldest record of this lap.
    start: *mut u8,
    /// Bytes that are left of the lap before.
    older: usize,
    /// Bytes of a record, a power of two.
    size: usize,
    base: *mut u8,
    end: *mut u8,
    /// Bytes stored in the laps before this one.
    stored_before: u64,
}

// SAFETY: the memory is the ring's own.
unsafe impl Send for Ring {}

impl Ring {
    /// A ring without memory.
    pub(crate) const fn none() -> Self {
        Self {
            next: core::ptr::null_mut(),
            limit: core::ptr::null_mut(),
            at_limit: core::ptr::null_mut(),
            start: core::ptr::null_mut(),
            older: 0,
            size: 0,
            base: core::ptr::null_mut(),
            end: core::ptr::null_mut(),
            stored_before: 0,
        }
    }

    /// An empty ring in all of `storage`, for records of `size` bytes.
    pub(crate) fn new(storage: Storage, size: usize) -> Self {
        debug_assert!(storage.bytes().is_multiple_of(size));
        let base = storage.start();
        Self {
            next: base,
            limit: base,
            start: base,
            size,
            base,
            end: base.wrapping_add(storage.bytes()),
            ..Self::none()
        }
    }

    /// Lets the fast path store `bytes` bytes of records, or as many as fit before the end. If `marked`,
    /// [`try_push_at_limit`](Self::try_push_at_limit) may store the one after them.
    #[inline]
    pub(crate) fn set_limit(&mut self, bytes: usize, marked: bool) {
        let room = self.barrier().addr() - self.next.addr();
        self.at_limit = core::ptr::null_mut();
        self.limit = self.next.wrapping_add(room);
        if bytes < room {
            self.limit = self.next.wrapping_add(bytes);
            if marked {
                self.at_limit = self.limit;
            }
        }
    }

    /// Stores a record if its place is below the limit. All records of a ring are of one type.
    #[inline]
    pub(crate) fn try_push<T: Copy>(&mut self, record: T) -> bool {
        debug_assert_eq!(size_of::<T>(), self.size);
        // Read once: the compiler assumes that the write below may change `self.next`.
        let next = self.next;
        if next == self.limit {
            return false;
        }
        self.next = next.wrapping_add(size_of::<T>());
        // SAFETY: by the invariant there is room for a whole record below `limit`. It is aligned, because the storage
        // is, and the channel's records all have the size that it was opened with.
        unsafe { next.cast::<T>().write(record) }
        true
    }

    /// Stores the record at the limit, if `set_limit` marked it. Afterwards the limit is at the end of the lap's room.
    #[inline]
    pub(crate) fn try_push_at_limit<T: Copy>(&mut self, record: T) -> bool {
        let next = self.next;
        // In a ring without memory both are null.
        if self.at_limit != next || next.is_null() {
            return false;
        }
        self.next = next.wrapping_add(size_of::<T>());
        self.limit = self.barrier();
        // SAFETY: as in `try_push`; by its invariant `at_limit` leaves room for this record.
        unsafe { next.cast::<T>().write(record) }
        true
    }

    /// Stores a record if there is room, below the limit or not. Afterwards no room is below the limit.
    pub(crate) fn push<T: Copy>(&mut self, record: T) -> bool {
        if self.next == self.barrier() && !self.begin_lap() {
            return false;
        }
        self.limit = self.next.wrapping_add(size_of::<T>());
        self.at_limit = core::ptr::null_mut();
        self.try_push(record)
    }

    /// Begins a lap at `base`, if reads have made room there.
    fn begin_lap(&mut self) -> bool {
        if self.older > 0 || self.start == self.base {
            return false;
        }
        self.older = self.end.addr() - self.start.addr();
        self.go_to_base();
        true
    }

    fn go_to_base(&mut self) {
        self.stored_before += (self.next.addr() - self.base.addr()) as u64;
        self.start = self.base;
        self.next = self.base;
    }

    /// Where the room for the newest records ends.
    #[inline]
    fn barrier(&self) -> *mut u8 {
        self.end.wrapping_sub(self.older)
    }

    /// The oldest record's place, and how many bytes from there are written, in one piece.
    #[inline]
    fn oldest_piece(&self) -> (*mut u8, usize) {
        match self.older {
            0 => (self.start, self.next.addr() - self.start.addr()),
            older => (self.barrier(), older),
        }
    }

    /// Bytes of all records.
    #[inline]
    pub(crate) fn len(&self) -> usize {
        self.older + (self.next.addr() - self.start.addr())
    }

    /// Bytes of all records that were ever stored.
    #[inline]
    pub(crate) fn stored(&self) -> u64 {
        self.stored_before + (self.next.addr() - self.base.addr()) as u64
    }

    #[inline]
    pub(crate) fn size(&self) -> usize {
        self.size
    }

    /// `length`, rounded down to whole records.
    #[inline]
    pub(crate) fn whole(&self, length: usize) -> usize {
        length & self.size.wrapping_neg()
    }

    /// The oldest record, if there is one: the first eight bytes of it. To be called only if records have so many.
    pub(crate) fn oldest(&mut self) -> Option<&mut u64> {
        debug_assert!(self.size >= size_of::<u64>());
        let (place, bytes) = self.oldest_piece();
        // SAFETY: by the invariant a whole record was written there.
        (bytes > 0).then(|| unsafe { &mut *place.cast::<u64>() })
    }

    /// The newest record, if there is one: the first eight bytes of it. To be called only if records have so many.
    pub(crate) fn newest(&mut self) -> Option<&mut u64> {
        debug_assert!(self.size >= size_of::<u64>());
        let end = if self.next == self.start {
            self.end
        } else {
            self.next
        };
        // SAFETY: by the invariant a whole record was written there, in this lap or in the one before.
        (self.len() > 0).then(|| unsafe { &mut *end.wrapping_sub(self.size).cast::<u64>() })
    }

    /// The oldest records in one piece: at most `most` bytes, a whole number of records.
    pub(crate) fn peek(&self, most: usize) -> &[u8] {
        let (place, bytes) = self.oldest_piece();
        match bytes.min(self.whole(most)) {
            // A ring without memory has no place.
            0 => &[],
            // SAFETY: by the invariant these bytes were written, and change only through `&mut self`.
            bytes => unsafe { core::slice::from_raw_parts(place, bytes) },
        }
    }

    /// Removes the oldest `bytes` bytes, which are whole records in one piece. Afterwards no room is below the limit.
    #[inline]
    pub(crate) fn remove(&mut self, bytes: usize) {
        debug_assert!(bytes <= self.oldest_piece().1);
        if self.older > 0 {
            self.older -= bytes;
        } else {
            self.start = self.start.wrapping_add(bytes);
            if self.start == self.next {
                self.go_to_base();
            }
        }
        self.limit = self.next;
        self.at_limit = core::ptr::null_mut();
    }
}

/// Copies `piece` to the beginning of `out`, where there is room for it; returns how many bytes.
///
/// It copies by words, which takes a third of the instructions of `copy_from_slice`, a call of `memcpy`. The volatile
/// reads keep the compiler from making such a call of it.
#[inline]
pub(crate) fn copy(piece: &[u8], out: Out) -> usize {
    let Some(to) = out.get(..piece.len()) else {
        return 0;
    };
    let mut from = piece.as_ptr().cast::<u64>();
    if !from.is_aligned() || !piece.len().is_multiple_of(size_of::<u64>()) {
        let to = to.as_ptr().cast_mut().cast::<u8>();
        // SAFETY: `to` has as many bytes, and cells cannot be those of a slice.
        unsafe { to.copy_from_nonoverlapping(piece.as_ptr(), piece.len()) };
        return piece.len();
    }
    let mut next = || {
        // SAFETY: `from` is aligned, and this is called once for each word of `to`, which is not longer than `piece`.
        let record = unsafe { from.read_volatile() };
        from = from.wrapping_add(1);
        record.to_ne_bytes()
    };
    let (fours, rest) = to.as_chunks::<8>().0.as_chunks::<4>();
    for four in fours {
        let words = [next(), next(), next(), next()];
        // SAFETY: the cells have as many bytes.
        unsafe { four.as_ptr().cast_mut().cast::<[[u8; 8]; 4]>().write(words) };
    }
    for one in rest {
        // SAFETY: as above.
        unsafe { one.as_ptr().cast_mut().cast::<[u8; 8]>().write(next()) };
    }
    piece.len()
}

#[cfg(test)]
#[path = "../../tests/unit/ring.rs"]
mod tests;
