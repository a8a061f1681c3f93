//! An acquisition that keeps every sample.

use std::collections::BTreeMap;

/// Longer ones are not followed.
pub(super) const SAMPLES_MAX: usize = 20_000;
const TEXT_MAX: usize = 16 * 10 * 4;

/// What the client's registers say.
#[derive(Debug, Clone)]
pub(super) struct Settings {
    pub(super) registers: BTreeMap<u8, u32>,
    pub(super) read: u64,
    pub(super) delay: u64,
}

impl Settings {
    fn register(&self, register: u8) -> u32 {
        self.registers.get(&register).copied().unwrap_or(0)
    }

    fn period(&self) -> u64 {
        u64::from(self.register(0x80) % (1 << 24)) * 10 + 10
    }

    fn before(&self) -> usize {
        self.read.checked_sub(self.delay).unwrap_or(self.read) as usize
    }

    pub(super) fn groups(&self) -> Vec<u32> {
        let flags = self.register(0x82);
        (0..4)
            .filter(|group| flags >> (2 + group) & 1 == 0)
            .collect()
    }

    pub(super) fn is_counted(&self) -> bool {
        self.register(0x82) >> 8 & 1 == 1
    }
}

#[derive(Debug)]
pub(super) struct Signal {
    settings: Settings,
    /// Mask, value and configuration, as far as the client has set them.
    stages: [[Option<u32>; 3]; 4],
    edges_max: usize,
    start: u64,
    /// Before the first sample, of each sample, and of the one that is not certain yet.
    levels_before: u32,
    samples: Vec<u32>,
    levels: u32,
    /// The samples whose changes are kept, and the newest one whose change gave way.
    changes: Vec<usize>,
    forgotten: Option<usize>,
    /// The trigger: its level, the stages that were met, and its sample.
    level: u32,
    met: [bool; 4],
    trigger: Option<usize>,
    /// Samples, and the number of edges lost before: those that gave way, and all others.
    gone: (usize, u64),
    losses: Vec<(usize, u64)>,
    pub(super) is_complete: bool,
}

impl Signal {
    pub(super) fn new(settings: Settings, edges_max: usize, start: u64, levels: u32) -> Self {
        let stage = |first: u8| {
            [first, first + 1, first + 2].map(|register| settings.registers.get(&register).copied())
        };
        Self {
            stages: [0xc0, 0xc4, 0xc8, 0xcc].map(stage),
            settings,
            edges_max,
            start,
            levels_before: levels,
            samples: Vec::new(),
            levels,
            changes: Vec::new(),
            forgotten: None,
            level: 0,
            met: [false; 4],
            trigger: None,
            gone: (0, 0),
            losses: Vec::new(),
            is_complete: false,
        }
    }

    pub(super) fn is_too_long(&self) -> bool {
        self.samples.len() >= SAMPLES_MAX
    }

    pub(super) fn levels(&self) -> u32 {
        self.levels
    }

    pub(super) fn advance(&mut self, now: u64) {
        let period = self.settings.period();
        while !self.is_complete
            && !self.is_too_long()
            && self.start + self.samples.len() as u64 * period < now
        {
            self.sample();
        }
    }

    fn sample(&mut self) {
        let sample = self.samples.len();
        if self.levels != self.before(sample) {
            self.changes.push(sample);
        }
        self.samples.push(self.levels);
        if self.trigger.is_none() && sample >= self.settings.before() && self.is_trigger() {
            self.trigger = Some(sample);
        }
        self.is_complete = self.samples.len() >= self.window().1;
    }

    /// Looks at all stages in this sample.
    fn is_trigger(&mut self) -> bool {
        let met_before = self.met;
        for (stage, met) in self.stages.iter().zip(&mut self.met) {
            let [mask, value, config] = stage.map(|register| register.unwrap_or(0));
            let is_configured = stage[2].is_some() && config >> 26 & 1 == 0;
            if is_configured
                && config >> 16 & 3 <= self.level
                && (self.levels ^ value) & mask == 0
                && !*met
            {
                if config >> 27 & 1 == 1 {
                    return true;
                }
                *met = true;
            }
        }
        self.level += u32::from(self.met != met_before);
        false
    }

    /// The first sample and the one after the last.
    fn window(&self) -> (usize, usize) {
        self.trigger.map_or((usize::MAX, usize::MAX), |trigger| {
            let first = trigger - self.settings.before();
            (first, first + self.settings.read as usize)
        })
    }

    fn before(&self, sample: usize) -> u32 {
        let before = sample.checked_sub(1);
        before.map_or(self.levels_before, |before| self.samples[before])
    }

    pub(super) fn change(&mut self, levels: u32) {
        let before = self.before(self.samples.len());
        let is_new = self.levels == before && levels != before;
        while is_new && self.changes.len() >= self.edges_max {
            let oldest = self.changes[0];
            if let Some(trigger) = self.trigger {
                let share =
                    self.edges_max as u64 * self.settings.before() as u64 / self.settings.read;
                let older = self.changes.iter().filter(|&&sample| sample < trigger);
                if oldest > self.window().0 && older.count() as u64 <= share {
                    self.is_complete = true;
                    return;
                }
            }
            let lines = self.samples[oldest] ^ self.before(oldest);
            self.changes.remove(0);
            self.forgotten = Some(oldest);
            self.forget(oldest, lines.count_ones().into());
        }
        self.levels = levels;
    }

    pub(super) fn lose(&mut self, lost: u32) {
        let (sample, lost) = (self.samples.len(), u64::from(lost));
        if lost == 0 {
            return;
        }
        let latest = self.losses.last_mut().unwrap_or(&mut self.gone);
        if latest.1 > 0 && sample < latest.0 + TEXT_MAX {
            latest.1 += lost;
            return;
        }
        if self.losses.len() == 7 {
            if self.trigger.is_some() && self.losses[0].0 > self.window().0 {
                self.is_complete = true;
                return;
            }
            let (sample, lost) = self.losses.remove(0);
            self.forget(sample, lost);
        }
        self.losses.push((sample, lost));
    }

    fn forget(&mut self, sample: usize, lost: u64) {
        self.gone = (self.gone.0.max(sample), self.gone.1 + lost);
        while let Some(next) = self.losses.first().copied()
            && next.0 < self.gone.0 + TEXT_MAX
        {
            self.gone = (self.gone.0.max(next.0), self.gone.1 + next.1);
            self.losses.remove(0);
        }
    }

    /// What the client sees in the end, the oldest sample first. `told` has the bit that tells of losses.
    pub(super) fn seen(&self, told: u32) -> Vec<u32> {
        let (first, end) = self.window();
        let end = end.min(self.samples.len());
        let known = self.forgotten.unwrap_or(0);
        let mut seen: Vec<_> = (first..end)
            .map(|sample| self.samples[sample.max(known)])
            .collect();
        for (sample, lost) in self.losses.iter().chain([&self.gone]) {
            if let Some(place) = sample.checked_sub(first)
                && *lost > 0
                && place > 0
            {
                let text = serial(&format!("LOST {}\n", lost.min(&u32::MAX.into())));
                for (level, seen) in text.iter().zip(seen.iter_mut().skip(place)) {
                    *seen &= if *level { u32::MAX } else { !told };
                }
            }
        }
        seen
    }
}

/// Text as levels: 8n1, four samples a bit.
fn serial(text: &str) -> Vec<bool> {
    let mut levels = Vec::new();
    for byte in text.bytes() {
        let frame = 1 << 9 | u16::from(byte) << 1;
        levels.extend((0..40).map(|quarter| frame >> (quarter / 4) & 1 == 1));
    }
    levels
}
