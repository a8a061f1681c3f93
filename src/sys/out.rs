//! Where a read puts what it reads.

use core::cell::Cell;

/// Memory into which a read copies, and which it never reads. It is of cells, because others may write there meanwhile:
/// the memory of a thread in user mode is also that of other threads.
pub(crate) type Out<'a> = &'a [Cell<u8>];

/// Memory that nobody else can reach.
#[inline]
pub(crate) const fn of(bytes: &mut [u8]) -> Out<'_> {
    Cell::from_mut(bytes).as_slice_of_cells()
}
