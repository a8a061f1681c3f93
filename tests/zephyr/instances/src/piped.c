/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * A capture that delivers through a pipe, which any code can read.
 */

#include "support.h"

static uint8_t bytes[BYTES(16)];

static void zassert_lines(const uint8_t *records, int count, int first_sequence)
{
	for (int i = 0; i < count; i++) {
		uint64_t record = edgepipe_record(&records[BYTES(i)]);

		zassert_equal(edgepipe_kind(record), EDGEPIPE_EDGE);
		zassert_equal(edgepipe_sequence(record), first_sequence + i);
	}
}

ZTEST(piped, test_what_is_pending_is_in_the_pipe_when_the_capture_is_ready)
{
	struct edgepipe_stats stats;
	struct k_pipe *pipe;

	zassert_ok(edgepipe_open(PIPED));
	pipe = edgepipe_pipe(PIPED);
	zassert_not_null(pipe);
	edges(11, 3);
	zassert_equal(k_pipe_read(pipe, bytes, sizeof(bytes), K_NO_WAIT), -EAGAIN, "3 of 4");
	edges(11, 1);
	zassert_equal(edgepipe_ready(PIPED), EDGEPIPE_THRESHOLD);
	zassert_ok(edgepipe_stats(PIPED, &stats));
	zassert_equal(stats.delivered, 4);
	zassert_equal(stats.pending, 0);
	zassert_equal(k_pipe_read(pipe, bytes, BYTES(4), K_NO_WAIT), BYTES(4));
	zassert_lines(bytes, 4, 1);
}

ZTEST(piped, test_a_thread_in_k_pipe_read_gets_them)
{
	zassert_ok(edgepipe_open(PIPED));
	edges_soon(11, 4);
	zassert_equal(k_pipe_read(edgepipe_pipe(PIPED), bytes, BYTES(4), K_FOREVER), BYTES(4));
	zassert_lines(bytes, 4, 1);
}

ZTEST(piped, test_our_own_calls_read_the_same_pipe)
{
	zassert_ok(edgepipe_open(PIPED));
	edges_soon(11, 4);
	zassert_equal(edgepipe_wait(PIPED, K_FOREVER), EDGEPIPE_THRESHOLD);
	edges(11, 1);
	zassert_equal(edgepipe_read(PIPED, bytes, BYTES(3), K_NO_WAIT), BYTES(3));
	zassert_equal(edgepipe_read(PIPED, &bytes[BYTES(3)], BYTES(5), K_NO_WAIT), BYTES(2));
	zassert_lines(bytes, 5, 1);
}

ZTEST(piped, test_what_finds_no_room_in_the_pipe_stays_pending)
{
	struct edgepipe_stats stats;

	zassert_ok(edgepipe_open(PIPED));
	edges(11, 10);
	zassert_ok(edgepipe_stats(PIPED, &stats));
	zassert_equal(stats.delivered, edgepipe_pipe_records(PIPED));
	zassert_equal(stats.pending, 10 - edgepipe_pipe_records(PIPED));
	zassert_equal(stats.lost_full, 0);
	zassert_equal(edgepipe_read(PIPED, bytes, sizeof(bytes), K_NO_WAIT), BYTES(10));
	zassert_lines(bytes, 10, 1);
}

ZTEST(piped, test_a_close_ends_the_pipe_after_the_last_record)
{
	struct k_pipe *pipe;

	zassert_ok(edgepipe_open(PIPED));
	pipe = edgepipe_pipe(PIPED);
	edges(11, 2);
	zassert_ok(edgepipe_close(PIPED));
	zassert_equal(k_pipe_read(pipe, bytes, sizeof(bytes), K_FOREVER), BYTES(2));
	zassert_equal(k_pipe_read(pipe, bytes, sizeof(bytes), K_FOREVER), -EPIPE);
}

ZTEST(piped, test_only_a_capture_that_delivers_through_a_pipe_has_one)
{
	zassert_is_null(edgepipe_pipe(NULL));
	zassert_is_null(edgepipe_pipe(UNTOUCHED));
	zassert_ok(edgepipe_open(PULSES));
	zassert_is_null(edgepipe_pipe(PULSES));
}

ZTEST_SUITE(piped, NULL, NULL, before_each, after_each, NULL);
