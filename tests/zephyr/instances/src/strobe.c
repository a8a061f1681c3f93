/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * A capture of bytes.
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
