use crate::{Memory, changes::Changes, losses::Losses, settings::Settings, trigger::Trigger};

/// Edges on their way to becoming samples: from the beginning to the last sample.
#[derive(Debug)]
pub(crate) struct Acquisition<'a> {
    start_ns: u64,
    /// Of the lines, and of the channel above them, which is high unless it tells of a loss.
    levels: u32,
    /// All samples before this one are certain.
    certain: u64,
    trigger: Trigger,
    /// The samples that the client gets, since the trigger.
    window: Option<Window>,
    changes: Changes<'a>,
    losses: Losses,
}

#[derive(Debug, Clone, Copy)]
struct Window {
    first: u64,
    end: u64,
    /// How many of the changes that are kept were before the trigger.
    before: usize,
}

/// No sample can follow: the last is certain, or there is no more room.
#[derive(Debug)]
pub(crate) struct Complete;

impl<'a> Acquisition<'a> {
    pub(crate) const fn new<const EDGES: usize>(memory: &'a mut Memory<EDGES>) -> Self {
        Self {
            start_ns: 0,
            levels: 0,
            certain: 0,
            trigger: Trigger::new(),
            window: None,
            changes: Changes::new(memory),
            losses: Losses::new(),
        }
    }

    /// Forgets all, and begins at this time with these levels.
    pub(crate) fn begin(&mut self, start_ns: u64, levels: u32) {
        self.start_ns = start_ns;
        self.levels = levels;
        self.certain = 0;
        self.trigger = Trigger::new();
        self.window = None;
        self.changes.clear();
        self.losses = Losses::new();
    }

    /// Time has passed, without any more edges before `time_ns`.
    pub(crate) fn advance(&mut self, settings: &Settings, time_ns: u64) -> Result<(), Complete> {
        let elapsed = time_ns.saturating_sub(self.start_ns);
        let certain = elapsed.div_ceil(settings.period_ns()).max(self.certain);
        if self.window.is_none() {
            // So there are always as many samples before the trigger as the client expects.
            let from = self.certain.max(settings.before().into());
            let trigger = self
                .trigger
                .find(settings.stages(), self.levels, from..certain);
            self.window = trigger.map(|sample| {
                let first = sample - u64::from(settings.before());
                Window {
                    first,
                    end: first + u64::from(settings.samples()),
                    before: self.changes.count_before(sample),
                }
            });
        }
        self.certain = certain;
        match self.window {
            Some(window) if certain >= window.end => {
                self.certain = window.end;
                Err(Complete)
            }
            _ => Ok(()),
        }
    }

    /// From the first sample that is not certain, the lines have these levels.
    pub(crate) fn change(&mut self, settings: &Settings, levels: u32) -> Result<(), Complete> {
        let lines = self.levels ^ levels;
        if lines == 0 {
            return Ok(());
        }
        while !self.changes.push(self.certain, lines) {
            self.make_room(settings)?;
        }
        self.levels = levels;
        Ok(())
    }

    /// Edges were lost before the first sample that is not certain.
    pub(crate) fn lose(&mut self, lost: u32) -> Result<(), Complete> {
        if lost == 0 || self.losses.add(self.certain, lost) {
            return Ok(());
        }
        // As before the trigger the oldest gives way, and after it only what the client does not see.
        let oldest = self.losses.oldest();
        if self.window.is_some_and(|window| oldest > window.first) {
            return Err(Complete);
        }
        self.losses.forget(oldest, 0);
        let _ = self.losses.add(self.certain, lost);
        Ok(())
    }

    /// Before the trigger the oldest change gives way. After it, only what is not wanted, or has more than its share.
    fn make_room(&mut self, settings: &Settings) -> Result<(), Complete> {
        if let Some(window) = &mut self.window {
            let share = self.changes.room() as u64 * u64::from(settings.before())
                / u64::from(settings.samples());
            if self.changes.oldest() > window.first && window.before as u64 <= share {
                return Err(Complete);
            }
            window.before = window.before.saturating_sub(1);
        }
        let (sample, lines) = self.changes.pop().ok_or(Complete)?;
        self.losses.forget(sample, lines.count_ones());
        Ok(())
    }

    pub(crate) fn levels(&self) -> u32 {
        self.levels
    }

    /// The samples that the client gets.
    pub(crate) fn samples(&self) -> core::ops::Range<u64> {
        self.window
            .map_or(0..0, |window| window.first..self.certain)
    }

    pub(crate) fn changes(&self) -> &Changes<'a> {
        &self.changes
    }

    pub(crate) fn losses(&self) -> &Losses {
        &self.losses
    }
}
