/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Captures of samples: bytes, and 12 lines with times.
 */

#include "support.h"

static void latch(uint8_t byte)
{
	set(8, byte & 1);
	set(9, byte >> 1 & 1);
	/* Active low. */
	set(10, !(byte >> 2 & 1));
	edges(12, 2);
}

ZTEST(strobe, test_each_rising_strobe_latches_a_byte)
{
	uint8_t bytes[4];

	zassert_ok(edgepipe_open(SAMPLER));
	latch(5);
	zassert_equal(edgepipe_ready(SAMPLER), 0);
	latch(2);
	zassert_equal(edgepipe_wait(SAMPLER, K_NO_WAIT), EDGEPIPE_THRESHOLD);
	zassert_equal(edgepipe_read(SAMPLER, bytes, sizeof(bytes), K_NO_WAIT), 2);
	zassert_equal(bytes[0], 5);
	zassert_equal(bytes[1], 2);
}

ZTEST(strobe, test_a_byte_can_be_read_alone)
{
	uint8_t byte;

	zassert_ok(edgepipe_open(SAMPLER));
	latch(7);
	zassert_equal(edgepipe_read(SAMPLER, &byte, 1, K_NO_WAIT), 1);
	zassert_equal(byte, 7);
}

static void latch_on_bus(uint16_t value)
{
	for (int bit = 0; bit < 12; bit++) {
		set(16 + bit, value >> bit & 1);
	}
	edges(13, 2);
}

ZTEST(strobe, test_samples_have_values_and_times)
{
	struct edgepipe_sample samples[4];
	uint8_t bytes[8];
	uint64_t before;

	zassert_ok(edgepipe_open(BUS));
	zassert_ok(edgepipe_open(SAMPLER));
	before = edgepipe_now_ns(BUS);
	latch_on_bus(0xa5c);
	latch_on_bus(0x3f1);
	zassert_equal(edgepipe_read_samples(BUS, samples, 4, K_NO_WAIT), 2);
	zassert_equal(samples[0].value, 0xa5c);
	zassert_equal(samples[1].value, 0x3f1);
	zassert_true(before <= samples[0].time_ns);
	zassert_true(samples[0].time_ns < samples[1].time_ns);
	zassert_true(samples[1].time_ns <= edgepipe_now_ns(BUS));
	zassert_equal(samples[0].after_gap, 0);
	/* The same of bytes. The bits where an edge has its kind are set. */
	latch_on_bus(0xfff);
	zassert_equal(edgepipe_read(BUS, bytes, 7, K_NO_WAIT), -EINVAL);
	zassert_equal(edgepipe_read(BUS, bytes, sizeof(bytes), K_NO_WAIT), 8);
	zassert_equal(edgepipe_record(bytes) >> 48, 0xfff);
	zassert_true(edgepipe_record_ns(BUS, edgepipe_record(bytes)) > samples[1].time_ns);

	latch(6);
	zassert_equal(edgepipe_read_samples(SAMPLER, samples, 4, K_NO_WAIT), 1);
	zassert_equal(samples[0].value, 6);
	zassert_equal(samples[0].time_ns, 0);
	zassert_equal(edgepipe_read_samples(SAMPLER, samples, 4, K_NO_WAIT), -EAGAIN);
	zassert_equal(edgepipe_read_samples(SAMPLER, NULL, 4, K_NO_WAIT), -EINVAL);
	zassert_equal(edgepipe_read_samples(SAMPLER, samples, 0, K_NO_WAIT), 0);
}

ZTEST(strobe, test_a_read_ends_where_samples_were_lost)
{
	struct edgepipe_sample samples[4];
	struct edgepipe_gap gap = {.lost = 7};
	uint8_t bytes[32];

	zassert_ok(edgepipe_open(BUS));
	for (uint16_t value = 1; value <= 5; value++) {
		latch_on_bus(value);
	}
	zassert_equal(edgepipe_read(BUS, bytes, 8, K_NO_WAIT), 8);
	latch_on_bus(6);
	zassert_equal(edgepipe_read_samples(BUS, samples, 4, K_NO_WAIT), 2);
	zassert_equal(edgepipe_gap(BUS, &gap), 0);
	zassert_equal(gap.lost, 0);
	zassert_equal(edgepipe_read_samples(BUS, samples, 4, K_NO_WAIT), 1);
	zassert_equal(samples[0].value, 6);
	zassert_equal(samples[0].after_gap, 1);
	zassert_equal(samples[0].lost_before, 2);
	zassert_equal(samples[0].levels_before, 5);
	zassert_equal(edgepipe_gap(BUS, &gap), 1);
	zassert_equal(gap.lost, 2);
	zassert_equal(gap.levels, 5);

	/* A pause, and reads of bytes. */
	latch_on_bus(7);
	zassert_ok(edgepipe_pause(BUS));
	zassert_ok(edgepipe_resume(BUS));
	latch_on_bus(8);
	zassert_equal(edgepipe_read(BUS, bytes, sizeof(bytes), K_NO_WAIT), 8);
	zassert_equal(edgepipe_gap(BUS, &gap), 0);
	zassert_equal(edgepipe_read(BUS, bytes, sizeof(bytes), K_NO_WAIT), 8);
	zassert_equal(edgepipe_gap(BUS, &gap), 1);
	zassert_equal(gap.lost, 0);
	zassert_equal(edgepipe_gap(BUS, NULL), -EINVAL);
	zassert_ok(edgepipe_open(PULSES));
	zassert_equal(edgepipe_gap(PULSES, &gap), 0);
	zassert_equal(edgepipe_read_samples(PULSES, samples, 4, K_NO_WAIT), -EINVAL);
	zassert_equal(edgepipe_gap(UNTOUCHED, &gap), -EBADF);
	zassert_equal(edgepipe_read_samples(UNTOUCHED, samples, 4, K_NO_WAIT), -EBADF);
}

ZTEST(strobe, test_bytes_are_no_edges)
{
	struct edgepipe_edge edge;

	zassert_ok(edgepipe_open(SAMPLER));
	latch(7);
	zassert_equal(edgepipe_read_edges(SAMPLER, &edge, 1, K_NO_WAIT), -EINVAL);
	zassert_equal(edgepipe_drive(SAMPLER, 0, true), -EINVAL);
	zassert_equal(edgepipe_release(SAMPLER, 0), -EINVAL);
}

ZTEST_SUITE(strobe, NULL, NULL, before_each, after_each, NULL);
