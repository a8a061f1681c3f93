//! Losses are told in the channel above the lines, as text in asynchronous serial.

use edgepipe_sump::{Analyzer, Memory, Probe};

const LINES: u8 = 6;
const TOLD: u8 = 1 << LINES;
/// How many samples the longest text takes.
const TEXT_MAX: u64 = 640;

/// The time of a sample, at 1 MHz.
const PERIOD_NS: u64 = 1000;

/// An analyser with an acquisition that has begun. Line 0 being high is the trigger; `before` samples come before it.
fn armed<const EDGES: usize>(samples: u32, before: u32) -> Analyzer<'static> {
    let probe = Probe {
        name: "edgepipe",
        lines: LINES,
        rate_max: 1_000_000,
        memory: 1 << 20,
    };
    let memory = Box::leak(Box::new(Memory::<EDGES>::new()));
    let mut analyzer = Analyzer::new(probe, memory);
    let registers = [
        (0xc0, 1),
        (0xc1, 1),
        (0xc2, 1 << 27),
        (0x80, 99),
        (0x84, samples / 4 - 1),
        (0x83, (samples - before) / 4 - 1),
        (0x82, 0x38),
    ];
    for (register, value) in registers {
        analyzer.receive(&[register]);
        analyzer.receive(&u32::to_le_bytes(value));
    }
    analyzer.receive(&[1]);
    analyzer.begin(0, 0);
    analyzer
}

/// The samples that the client gets, the oldest first.
fn samples(analyzer: &mut Analyzer<'_>) -> Vec<u8> {
    analyzer.advance(u64::MAX);
    let mut all = vec![0; 1 << 20];
    let count = analyzer.transmit(&mut all);
    all.truncate(count);
    all.reverse();
    all
}

/// The texts in the channel above the lines, and the samples at which they begin.
fn texts(samples: &[u8]) -> Vec<(usize, String)> {
    let is_high = |place: usize| samples.get(place).is_none_or(|sample| sample & TOLD != 0);
    let mut texts = vec![];
    let mut place = 0;
    while place < samples.len() {
        if is_high(place) {
            place += 1;
            continue;
        }
        let mut text = (place, String::new());
        // Two samples into each bit.
        while !is_high(place + 2) {
            let data = (0..8).map(|bit| u8::from(is_high(place + 6 + 4 * bit)) << bit);
            text.1.push(data.sum::<u8>().into());
            assert!(is_high(place + 38), "a stop bit");
            place += 40;
        }
        texts.push(text);
    }
    texts
}

fn expected(texts: &[(usize, &str)]) -> Vec<(usize, String)> {
    texts
        .iter()
        .map(|&(place, text)| (place, text.into()))
        .collect()
}

#[test]
fn a_loss_is_told_where_it_was() {
    let mut analyzer = armed::<16>(4000, 0);
    analyzer.edge(0, 0, true);
    analyzer.gap(1_000 * PERIOD_NS, 17, 0b10_0001);
    analyzer.edge(1_100 * PERIOD_NS, 5, false);
    analyzer.gap(3_000 * PERIOD_NS, u32::MAX, 0);
    let samples = samples(&mut analyzer);
    assert_eq!(
        texts(&samples),
        expected(&[(1_000, "LOST 17\n"), (3_000, "LOST 4294967295\n")])
    );
    let lines: Vec<_> = samples.iter().map(|sample| sample & !TOLD).collect();
    assert_eq!(
        lines[999..=1_100],
        [&[1][..], &[0b10_0001; 100], &[1]].concat()
    );
    assert_eq!(lines[2_999..=3_000], [1, 0]);
}

#[test]
fn losses_in_quick_succession_are_added_up() {
    let mut analyzer = armed::<16>(4000, 0);
    analyzer.edge(0, 0, true);
    for (after, lost) in [
        (0, 1),
        (100, 2),
        (TEXT_MAX - 1, 3),
        (TEXT_MAX, 4),
        (TEXT_MAX + 1, 5),
    ] {
        analyzer.gap((10 + after) * PERIOD_NS, lost, 1);
    }
    assert_eq!(
        texts(&samples(&mut analyzer)),
        expected(&[(10, "LOST 6\n"), (650, "LOST 9\n")])
    );
}

#[test]
fn a_gap_without_a_loss_tells_the_levels_only() {
    let mut analyzer = armed::<16>(4000, 0);
    analyzer.gap(0, 0, 0b11);
    let samples = samples(&mut analyzer);
    assert_eq!(texts(&samples), []);
    assert_eq!(samples, [TOLD | 0b11; 4000]);
}

#[test]
fn what_gives_way_before_the_trigger_is_told() {
    // Room for four changes, of which three are before the trigger.
    let mut analyzer = armed::<4>(4000, 3000);
    for change in 0..10 {
        analyzer.edge((2_000 + 100 * change) * PERIOD_NS, 1, change % 2 == 0);
    }
    analyzer.edge(3_500 * PERIOD_NS, 0, true);
    let samples = samples(&mut analyzer);
    // The last three changes of line 1, and the trigger, are left. The window begins at 500.
    assert_eq!(texts(&samples), expected(&[(2_600 - 500, "LOST 7\n")]));
    let lines: Vec<_> = samples.iter().map(|sample| sample & !TOLD).collect();
    let runs = [(2_200, 2), (100, 0), (100, 2), (600, 0), (1_000, 1)];
    let runs = runs.map(|(len, levels)| vec![levels; len]);
    assert_eq!(lines, runs.concat());
}

#[test]
fn what_gave_way_before_all_that_the_client_sees_is_not_told() {
    let mut analyzer = armed::<4>(4000, 2000);
    for change in 0..10 {
        analyzer.edge(100 * change * PERIOD_NS, 1, change % 2 == 0);
    }
    analyzer.edge(9_000 * PERIOD_NS, 0, true);
    // These need the room of all changes but the last, which are long past.
    for change in 1..4 {
        analyzer.edge((9_000 + 100 * change) * PERIOD_NS, 1, change % 2 == 1);
    }
    let samples = samples(&mut analyzer);
    assert_eq!(texts(&samples), []);
    assert_eq!(samples.len(), 4_000);
    assert_eq!(samples[1_999..2_002], [TOLD, TOLD | 1, TOLD | 1]);
    assert_eq!(samples[2_299..2_301], [TOLD | 1, TOLD | 3]);
}

#[test]
fn of_many_losses_before_the_trigger_the_oldest_give_way() {
    let mut analyzer = armed::<4>(16_000, 12_000);
    for loss in 0..10 {
        analyzer.gap(1_000 * loss * PERIOD_NS, 1, 0);
    }
    analyzer.edge(12_000 * PERIOD_NS, 0, true);
    let told = texts(&samples(&mut analyzer));
    let mut places: Vec<_> = (3..10).map(|loss| (1_000 * loss, "LOST 1\n")).collect();
    places.insert(0, (2_000, "LOST 3\n"));
    assert_eq!(told, expected(&places));
}

#[test]
fn of_many_losses_after_the_trigger_one_too_many_is_the_end() {
    let mut analyzer = armed::<4>(16_000, 0);
    analyzer.edge(0, 0, true);
    // The one before the first sample, which makes no sample wrong, gives way.
    for loss in 0..10 {
        analyzer.gap(1_000 * loss * PERIOD_NS, 1, 1);
    }
    let samples = samples(&mut analyzer);
    assert_eq!(samples.len(), 8_000);
    let places: Vec<_> = (1..8).map(|loss| (1_000 * loss, "LOST 1\n")).collect();
    assert_eq!(texts(&samples), expected(&places));
}

#[test]
fn where_a_text_has_no_room_before_the_end_it_is_cut() {
    let mut analyzer = armed::<4>(1_000, 0);
    analyzer.edge(0, 0, true);
    analyzer.gap(990 * PERIOD_NS, 1, 1);
    let samples = samples(&mut analyzer);
    assert_eq!(samples[..990], [TOLD | 1; 990]);
    // The start bit, and the lowest two bits of the letter L.
    assert_eq!(samples[990..], [1; 10]);
}
