//! Random inputs, always the same ones.

use edgepipe_checks::{channel, record, sr, stream, sump};

/// Checks inputs of up to `length` random bytes, one for each seed.
fn sample(seeds: u64, length: usize, check: fn(&[u8])) {
    for seed in 0..seeds {
        let mut random = fastrand::Rng::with_seed(seed);
        let mut data = vec![0; random.usize(0..=length)];
        random.fill(&mut data);
        // Shown if the check fails.
        println!("seed {seed}");
        check(&data);
    }
}

#[test]
fn captures_behave_like_the_model() {
    sample(2_000, 2_000, channel::check);
}

#[test]
fn records_are_decoded_or_refused() {
    sample(100_000, 8, record::check);
}

#[test]
fn samples_are_read_as_a_simple_loop_reads_them() {
    sample(300, 2_000, sr::check);
}

#[test]
fn streams_are_read_as_they_were_given() {
    sample(3_000, 3_000, stream::check);
}

#[test]
fn a_sump_analyser_behaves_like_the_model() {
    sample(2_000, 1_500, sump::check);
}
