/// Lines that change at a sample.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Change {
    /// How many samples after the change before; of the oldest change this means nothing.
    pub(crate) after: u32,
    /// Has a bit for each line whose level is another one from here on.
    pub(crate) lines: u32,
}

const _: () = assert!(size_of::<Change>() == 8);

/// The memory of an analyser: room for so many changes, 8 bytes each.
///
/// It is all zero, so a static takes no flash.
#[derive(Debug)]
pub struct Memory<const EDGES: usize>([Change; EDGES]);

impl<const EDGES: usize> Memory<EDGES> {
    /// Empty memory.
    pub const fn new() -> Self {
        Self([Change { after: 0, lines: 0 }; EDGES])
    }
}

impl<const EDGES: usize> Default for Memory<EDGES> {
    fn default() -> Self {
        Self::new()
    }
}

/// The latest changes, in a ring.
///
/// The oldest can be taken away without a look at the others: levels are worked out from the newest backwards.
#[derive(Debug)]
pub(crate) struct Changes<'a> {
    ring: &'a mut [Change],
    start: usize,
    len: usize,
    /// The samples of the oldest and the newest change, if there are any.
    oldest: u64,
    newest: u64,
}

impl<'a> Changes<'a> {
    pub(crate) const fn new<const EDGES: usize>(memory: &'a mut Memory<EDGES>) -> Self {
        Self {
            ring: &mut memory.0,
            start: 0,
            len: 0,
            oldest: 0,
            newest: 0,
        }
    }

    pub(crate) fn clear(&mut self) {
        self.len = 0;
        self.newest = 0;
    }

    /// How many changes there can be.
    pub(crate) fn room(&self) -> usize {
        self.ring.len()
    }

    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// How many there are before `sample`, which is not before the newest.
    pub(crate) fn count_before(&self, sample: u64) -> usize {
        let is_last = self.len > 0 && self.newest == sample;
        self.len - usize::from(is_last)
    }

    /// The samples of the oldest and the newest change; they mean nothing if there are none.
    pub(crate) fn oldest(&self) -> u64 {
        self.oldest
    }

    pub(crate) fn newest(&self) -> u64 {
        self.newest
    }

    /// The change so many after the oldest.
    pub(crate) fn get(&self, place: usize) -> Change {
        self.ring[self.slot(place)]
    }

    /// Appends a change at `sample`, which is not before the newest. Returns false if there is no room.
    #[must_use]
    pub(crate) fn push(&mut self, sample: u64, lines: u32) -> bool {
        if self.len > 0 && self.newest == sample {
            self.merge(lines);
            return true;
        }
        let after = u32::try_from(sample - self.newest).unwrap_or_else(|_| {
            // Nobody asks for so many samples.
            self.clear();
            0
        });
        if self.len == self.room() {
            return false;
        }
        if self.len == 0 {
            self.oldest = sample;
        }
        let slot = self.slot(self.len);
        self.ring[slot] = Change { after, lines };
        self.len += 1;
        self.newest = sample;
        true
    }

    /// Takes the oldest change away, and returns its sample and its lines.
    pub(crate) fn pop(&mut self) -> Option<(u64, u32)> {
        if self.len == 0 {
            return None;
        }
        let popped = (self.oldest, self.get(0).lines);
        self.start = self.slot(1);
        self.len -= 1;
        if self.len > 0 {
            self.oldest += u64::from(self.get(0).after);
        }
        Some(popped)
    }

    /// Adds to the newest change. A line that changes twice in one sample does not change.
    fn merge(&mut self, lines: u32) {
        let slot = self.slot(self.len - 1);
        let change = &mut self.ring[slot];
        change.lines ^= lines;
        if change.lines == 0 {
            let after = u64::from(change.after);
            self.len -= 1;
            if self.len > 0 {
                self.newest -= after;
            }
        }
    }

    /// The slot so many after the oldest one's; no more than there is room for.
    fn slot(&self, place: usize) -> usize {
        let slot = self.start + place;
        slot.checked_sub(self.room()).unwrap_or(slot)
    }
}
