//! The kernel's side of objects that live in the caller's memory.

/// Slots for one kind of object.
///
/// The caller's object keeps a handle: the generation and the index of its slot. The slot keeps the
/// object's address. So a handle from an earlier kernel, and an object that was moved after its
/// initialisation, are detected without a search.
#[derive(Debug)]
pub(crate) struct Table<T> {
    generation: u32,
    slots: Vec<(usize, T)>,
}

impl<T> Table<T> {
    pub(super) fn new(generation: u32) -> Table<T> {
        Table {
            generation,
            slots: Vec::new(),
        }
    }

    /// Gives the object at `address` a slot, its old one if it had one, and returns its handle.
    pub(super) fn bind(&mut self, address: usize, item: T) -> u64 {
        let index = match self.slots.iter().position(|(other, _)| *other == address) {
            Some(index) => {
                self.slots[index].1 = item;
                index
            }
            None => {
                self.slots.push((address, item));
                self.slots.len() - 1
            }
        };
        u64::from(self.generation) << 32 | index as u64
    }

    /// Every object and its address, in the order in which they were first bound.
    pub(super) fn iter(&self) -> impl Iterator<Item = (usize, &T)> {
        self.slots.iter().map(|(address, item)| (*address, item))
    }

    /// The slot of the object at `address`, if `handle` is what [`bind`](Self::bind) gave it here.
    pub(super) fn find(&self, address: usize, handle: u64) -> Option<usize> {
        let index = handle as u32 as usize;
        let bound = self
            .slots
            .get(index)
            .is_some_and(|(other, _)| *other == address);
        (bound && handle >> 32 == u64::from(self.generation)).then_some(index)
    }
}

impl<T> core::ops::Index<usize> for Table<T> {
    type Output = T;

    fn index(&self, index: usize) -> &T {
        &self.slots[index].1
    }
}

impl<T> core::ops::IndexMut<usize> for Table<T> {
    fn index_mut(&mut self, index: usize) -> &mut T {
        &mut self.slots[index].1
    }
}
