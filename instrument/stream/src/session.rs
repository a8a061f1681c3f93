//! What the decoder knows of a session.

use crate::fields::{EdgeCode, Fields, with_level};
use crate::{Cause, Event, Head, LINES_MAX, NAME_MAX, Point, VERSION};

/// A head as it comes, without the names of the lines.
#[derive(Clone, Copy, Debug)]
pub(crate) struct HeadFrame {
    code: EdgeCode,
    pub(crate) id: u32,
    rate_hz: u32,
    point: Point,
    device: Name,
}

impl HeadFrame {
    /// `Err` has another version of the protocol.
    pub(crate) fn parse(mut fields: Fields<'_>) -> Option<Result<Self, u8>> {
        let version = fields.byte()?;
        if version != VERSION {
            return Some(Err(version));
        }
        let head = Self {
            code: EdgeCode::of(fields.byte()?.into())?,
            id: fields.number32()?,
            rate_hz: fields.number32().filter(|rate| *rate > 0)?,
            point: fields.point()?,
            device: Name::of(fields.name()?),
        };
        fields.is_empty().then_some(Ok(head))
    }
}

/// One session of a device.
#[derive(Debug)]
pub(crate) struct Session {
    head: HeadFrame,
    names: [Option<Name>; LINES_MAX],
    /// All names are known, and [`Event::Head`] was told.
    pub(crate) joined: bool,
    /// Follows one that was joined, so every edge that is missing is a loss.
    pub(crate) follows: bool,
    /// After the last edge.
    point: Point,
}

impl Session {
    pub(crate) fn new(head: HeadFrame, follows: bool) -> Self {
        Self {
            head,
            names: [None; LINES_MAX],
            joined: false,
            follows,
            point: head.point,
        }
    }

    pub(crate) fn id(&self) -> u32 {
        self.head.id
    }

    /// The head came again. Returns whether it can be of this session.
    pub(crate) fn repeated(&mut self, head: HeadFrame, sink: &mut impl FnMut(Event<'_>)) -> bool {
        if head.id != self.head.id || head.point.number < self.point.number {
            return false;
        }
        if self.joined {
            self.reach(head.point, 0, sink);
            sink(Event::Alive {
                ticks: head.point.ticks,
            });
        }
        self.point = head.point;
        true
    }

    /// Takes names of lines. With the last of them, the session is joined.
    pub(crate) fn names(
        &mut self,
        mut fields: Fields<'_>,
        sink: &mut impl FnMut(Event<'_>),
    ) -> Option<()> {
        let first = usize::from(fields.byte()?);
        for place in self
            .names
            .iter_mut()
            .take(self.head.code.lines())
            .skip(first)
        {
            if fields.is_empty() {
                break;
            }
            *place = Some(Name::of(fields.name()?));
        }
        if !self.joined {
            self.join(sink);
        }
        fields.is_empty().then_some(())
    }

    fn join(&mut self, sink: &mut impl FnMut(Event<'_>)) {
        let mut lines = [""; LINES_MAX];
        let count = self.head.code.lines();
        for (line, name) in lines.iter_mut().zip(&self.names).take(count) {
            match name {
                Some(name) => *line = name.text(),
                None => return,
            }
        }
        self.joined = true;
        let head = Head {
            session: self.head.id,
            rate_hz: self.head.rate_hz,
            device: self.head.device.text(),
            lines: lines.get(..count).unwrap_or_default(),
        };
        sink(Event::Head(head, self.point));
        if self.follows && self.point.number > 0 {
            sink(loss(self.point.number, self.point, Cause::Line));
        }
    }

    /// Takes a frame of edges, all or nothing.
    pub(crate) fn edges(
        &mut self,
        mut fields: Fields<'_>,
        sink: &mut impl FnMut(Event<'_>),
    ) -> Option<()> {
        let lost = fields.number()?;
        let first = fields.point()?;
        let before = first.number.checked_sub(lost)?;
        if before < self.point.number || !self.are_edges(fields, first) {
            return None;
        }
        self.reach(first, lost, sink);
        self.point = first;
        if fields.is_empty() {
            sink(Event::Alive { ticks: first.ticks });
        }
        while let Some((ticks, line, high)) = self.next_edge(&mut fields, self.point.ticks) {
            self.point.number += 1;
            self.point.ticks = ticks;
            self.point.levels = with_level(self.point.levels, line, high);
            sink(Event::Edge { ticks, line, high });
        }
        Some(())
    }

    /// Tells how the stream gets to this point, of which the device lost so many edges.
    fn reach(&self, to: Point, lost: u64, sink: &mut impl FnMut(Event<'_>)) {
        let missing = to
            .number
            .saturating_sub(lost)
            .saturating_sub(self.point.number);
        for (lost, cause) in [(missing, Cause::Line), (lost, Cause::Board)] {
            if lost > 0 {
                sink(loss(lost, to, cause));
            }
        }
    }

    fn are_edges(&self, mut fields: Fields<'_>, first: Point) -> bool {
        let (mut ticks, mut number) = (first.ticks, first.number);
        while !fields.is_empty() {
            match (self.next_edge(&mut fields, ticks), number.checked_add(1)) {
                (Some((at, ..)), Some(next)) => (ticks, number) = (at, next),
                _ => return false,
            }
        }
        true
    }

    fn next_edge(&self, fields: &mut Fields<'_>, ticks: u64) -> Option<(u64, u8, bool)> {
        let (since, line, high) = self.head.code.decode(fields.number()?)?;
        Some((ticks.checked_add(since)?, line, high))
    }
}

fn loss(lost: u64, after: Point, cause: Cause) -> Event<'static> {
    Event::Loss {
        lost,
        levels: after.levels,
        until: after.ticks,
        cause,
    }
}

/// The name of a line or a device.
#[derive(Clone, Copy, Debug)]
struct Name {
    bytes: [u8; NAME_MAX],
    len: u8,
}

impl Name {
    fn of(name: &str) -> Self {
        let mut bytes = [0; NAME_MAX];
        let len = name.len().min(NAME_MAX);
        bytes
            .iter_mut()
            .zip(name.bytes())
            .for_each(|(to, from)| *to = from);
        Self {
            bytes,
            len: len as u8,
        }
    }

    fn text(&self) -> &str {
        let bytes = self.bytes.get(..usize::from(self.len)).unwrap_or_default();
        str::from_utf8(bytes).unwrap_or_default()
    }
}
