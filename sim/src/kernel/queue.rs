//! Priority order, first in first out among equals: Zephyr's ready, wait and poll queues.

/// Items with their priorities; a lower number comes first.
#[derive(Debug)]
pub(crate) struct Queue<T>(Vec<(i32, T)>);

impl<T> Default for Queue<T> {
    fn default() -> Self {
        Queue(Vec::new())
    }
}

impl<T: Copy + PartialEq> Queue<T> {
    /// Adds `item` behind all items of its priority.
    pub(super) fn insert(&mut self, priority: i32, item: T) {
        let at = self.0.partition_point(|(other, _)| *other <= priority);
        self.0.insert(at, (priority, item));
    }

    /// The first item.
    pub(super) fn first(&self) -> Option<T> {
        self.0.first().map(|(_, item)| *item)
    }

    /// Takes the first item.
    pub(super) fn pop(&mut self) -> Option<T> {
        if self.0.is_empty() {
            None
        } else {
            Some(self.0.remove(0).1)
        }
    }

    /// Takes `item` out; returns whether it was in.
    pub(super) fn remove(&mut self, item: T) -> bool {
        let at = self.0.iter().position(|(_, other)| *other == item);
        at.map(|at| self.0.remove(at)).is_some()
    }

    /// All items in order, with their priorities.
    pub(super) fn entries(&self) -> &[(i32, T)] {
        &self.0
    }
}
