//! Where edges were lost.

use crate::varint;

/// The holes of a trace, in the order of their times: of each, the time since the end of the one before, its length, and
/// the number of lost edges plus 1, as varints. 0 is an unknown number.
#[derive(Debug, Default)]
pub(crate) struct Holes {
    bytes: Vec<u8>,
    count: u64,
    last: u64,
    lost: u64,
    /// Holes of which the number is unknown.
    unknown: u64,
}

impl Holes {
    /// Between two times, so many edges were lost.
    pub(crate) fn push(&mut self, from: u64, to: u64, lost: Option<u64>) {
        let from = from.max(self.last);
        let to = to.max(from);
        varint::push(&mut self.bytes, from - self.last);
        varint::push(&mut self.bytes, to - from);
        varint::push(
            &mut self.bytes,
            lost.map_or(0, |lost| lost.saturating_add(1)),
        );
        self.last = to;
        self.count += 1;
        match lost {
            Some(lost) => self.lost = self.lost.saturating_add(lost),
            None => self.unknown += 1,
        }
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub(crate) fn count(&self) -> u64 {
        self.count
    }

    /// All lost edges of which the number is known.
    pub(crate) fn lost(&self) -> u64 {
        self.lost
    }

    /// Holes of which the number is unknown.
    pub(crate) fn unknown(&self) -> u64 {
        self.unknown
    }

    /// Of each hole: from, to, lost edges.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (u64, u64, Option<u64>)> {
        let (mut rest, mut time) = (&self.bytes[..], 0);
        std::iter::from_fn(move || {
            let from = time + varint::take(&mut rest)?;
            time = from + varint::take(&mut rest)?;
            Some((from, time, varint::take(&mut rest)?.checked_sub(1)))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holes_come_back_with_their_numbers() {
        let mut holes = Holes::default();
        holes.push(5, 9, Some(12));
        holes.push(9, 9, None);
        holes.push(100, u64::MAX, Some(1));
        assert_eq!((holes.count(), holes.lost(), holes.unknown()), (3, 13, 1));
        let expected = [(5, 9, Some(12)), (9, 9, None), (100, u64::MAX, Some(1))];
        assert!(holes.iter().eq(expected));
    }
}
