/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * What a thread in user mode is for.
 */

#include "support.h"

ZTEST_SUITE(reading, NULL, NULL, before_each, after_each, NULL);

#define RECORDS 8

/* Where the thread can look at what it got. */
SHARED static struct edgepipe_edge edges[RECORDS];
SHARED static struct edgepipe_sample samples[RECORDS];
SHARED static struct edgepipe_gap gap;
SHARED static struct edgepipe_stats stats;
SHARED static volatile int reason;
SHARED static volatile int rounds;

static void waits_and_reads(void *a, void *b, void *c)
{
	reason = edgepipe_wait(PULSES, K_FOREVER);
	said = edgepipe_read(PULSES, shared, sizeof(shared), K_NO_WAIT);
}

ZTEST(reading, test_a_thread_is_woken_and_reads)
{
	edges_soon(0, RECORDS);
	zassert_equal(runs(waits_and_reads, NULL), RECORDS * EDGEPIPE_RECORD_BYTES);
	zassert_equal(reason, EDGEPIPE_THRESHOLD);
	for (int i = 0; i < RECORDS; i++) {
		uint64_t record = edgepipe_record(&shared[i * EDGEPIPE_RECORD_BYTES]);

		zassert_equal(edgepipe_level(record), i % 2 == 0);
	}
	check_edges(RECORDS, RECORDS);
}

static void blocks(void *a, void *b, void *c)
{
	while (said < RECORDS) {
		said += edgepipe_read_edges(PULSES, &edges[said], RECORDS - said, K_FOREVER);
	}
}

ZTEST(reading, test_a_read_of_edges_blocks_until_there_is_one)
{
	edges_soon(0, RECORDS);
	zassert_equal(runs(blocks, NULL), RECORDS);
	for (int i = 0; i < RECORDS; i++) {
		zassert_equal(edges[i].sequence, i + 1);
		zassert_equal(edges[i].level, i % 2 == 0);
		zassert_true(i == 0 || edges[i].time_ns > edges[i - 1].time_ns);
	}
	check_edges(RECORDS, RECORDS);
}

static void finds_nothing(void *a, void *b, void *c)
{
	said = edgepipe_ready(PULSES) == 0 && edgepipe_wait(PULSES, K_NO_WAIT) == -EAGAIN &&
	       edgepipe_wait(PULSES, K_MSEC(5)) == -EAGAIN &&
	       edgepipe_read(PULSES, shared, sizeof(shared), K_NO_WAIT) == -EAGAIN &&
	       edgepipe_read_edges(PULSES, edges, RECORDS, K_MSEC(5)) == -EAGAIN &&
	       edgepipe_discard(PULSES) == 0 && edgepipe_read_samples(PULSES, samples, 1, K_NO_WAIT) == -EINVAL;
}

ZTEST(reading, test_time_outs)
{
	zassert_true(runs(finds_nothing, NULL));
}

/* Absolute ones, which have passed. */
static void late_times(void *a, void *b, void *c)
{
	said = edgepipe_wait(PULSES, K_TIMEOUT_ABS_TICKS(0)) == -EAGAIN &&
	       edgepipe_read(PULSES, shared, 8, K_TIMEOUT_ABS_TICKS(1)) == -EAGAIN &&
	       edgepipe_read_edges(PULSES, edges, 1, K_TIMEOUT_ABS_TICKS(1)) == -EAGAIN;
}

ZTEST(reading, test_times_that_have_passed)
{
	zassert_true(runs(late_times, NULL));
}

static void asks(void *a, void *b, void *c)
{
	uint32_t levels = 0;
	uint32_t before = 1;
	uint64_t now = edgepipe_now_ns(PULSES);

	said = edgepipe_stats(PULSES, &stats) == 0 && edgepipe_levels(PULSES, &levels) == 0 &&
	       levels == 1 && edgepipe_levels_before(PULSES, &before) == 0 && before == 0 &&
	       edgepipe_hertz(PULSES) > 0 &&
	       edgepipe_read(PULSES, shared, 8, K_NO_WAIT) == 8 &&
	       edgepipe_record_ns(PULSES, edgepipe_record(shared)) < now &&
	       edgepipe_capacity(PULSES) == 64 && edgepipe_record_bytes(PULSES) == 8 &&
	       strcmp(edgepipe_reason_str(EDGEPIPE_IDLE), "idle") == 0;
}

ZTEST(reading, test_questions)
{
	edges_soon(0, 3);
	k_msleep(5);
	zassert_true(runs(asks, NULL));
	zassert_equal(stats.captured, 3);
	zassert_equal(stats.pending, 3);
	check_edges(3, 1);
}

static void sets_threshold(void *a, void *b, void *c)
{
	said = edgepipe_set_threshold(PULSES, 65) == -EINVAL && edgepipe_set_threshold(PULSES, 3) == 0 &&
	       edgepipe_wait(PULSES, K_FOREVER) == EDGEPIPE_THRESHOLD && edgepipe_discard(PULSES) == 3;
}

ZTEST(reading, test_the_threshold_can_be_set)
{
	edges_soon(0, 3);
	zassert_true(runs(sets_threshold, NULL));
}

static void reads_samples(void *a, void *b, void *c)
{
	k_msleep(1);
	reason = edgepipe_wait(SAMPLER, K_FOREVER);
	said = edgepipe_read_samples(SAMPLER, samples, RECORDS, K_NO_WAIT);
	reason = edgepipe_gap(SAMPLER, &gap);
}

ZTEST(reading, test_samples)
{
	start(reads_samples, NULL);
	k_object_access_grant(SAMPLER, &user);
	edges_soon(3, 4);
	zassert_false(ended_by_fault());
	zassert_equal(said, 2);
	zassert_equal(reason, 0);
}

static void reads_for_ever(void *a, void *b, void *c)
{
	ssize_t size;

	while ((size = edgepipe_read(PULSES, shared, 64, K_FOREVER)) > 0) {
		said += size / EDGEPIPE_RECORD_BYTES;
	}
	reason = size;
}

ZTEST(reading, test_a_close_ends_a_read)
{
	start(reads_for_ever, NULL);
	edges_soon(0, 3);
	k_msleep(5);
	zassert_ok(edgepipe_close(PULSES));
	zassert_false(ended_by_fault());
	zassert_equal(said, 3);
	zassert_equal(reason, 0, "end of file");
}

static void waits(void *a, void *b, void *c)
{
	said = edgepipe_wait(PULSES, K_FOREVER);
}

static void blocks_in_a_read(void *a, void *b, void *c)
{
	said = edgepipe_read(PULSES, shared, 64, K_FOREVER);
}

ZTEST(reading, test_a_close_ends_a_wait)
{
	start(waits, NULL);
	k_msleep(2);
	zassert_ok(edgepipe_close(PULSES));
	zassert_false(ended_by_fault());
	zassert_equal(said, EDGEPIPE_CLOSED);
}

ZTEST(reading, test_opening_again_ends_a_wait_and_a_read)
{
	k_thread_entry_t both[] = {waits, blocks_in_a_read};

	for (size_t i = 0; i < ARRAY_SIZE(both); i++) {
		start(both[i], NULL);
		k_msleep(2);
		/* It has no time to see that it is closed. */
		k_sched_lock();
		zassert_ok(edgepipe_close(PULSES));
		zassert_ok(edgepipe_open(PULSES));
		k_sched_unlock();
		zassert_false(ended_by_fault());
		zassert_equal(said, -EBADF, "%d", said);
	}
	edges_soon(0, 10);
	k_msleep(12);
	check_edges(10, 0);
}

ZTEST(reading, test_a_thread_that_is_aborted_in_a_wait_leaves_it_to_others)
{
	start(waits, NULL);
	k_msleep(2);
	k_thread_abort(&user);
	start(blocks_in_a_read, NULL);
	k_msleep(2);
	k_thread_abort(&user);
	edges_soon(0, 10);
	zassert_equal(edgepipe_wait(PULSES, K_MSEC(50)), EDGEPIPE_THRESHOLD);
	check_edges(10, 0);
}

/* A thread in supervisor mode that waits beside the user, and has a lower priority. */
static struct k_thread beside;
static K_THREAD_STACK_DEFINE(beside_stack, 1024);
static int beside_found;

static void waits_beside(void *a, void *b, void *c)
{
	beside_found = edgepipe_wait(PULSES, K_FOREVER);
}

static void reads_beside(void *a, void *b, void *c)
{
	uint8_t bytes[8];

	beside_found = edgepipe_read(PULSES, bytes, sizeof(bytes), K_FOREVER);
}

ZTEST(reading, test_a_thread_that_is_aborted_when_it_is_woken_does_not_keep_the_wake)
{
	k_thread_entry_t of_user[] = {waits, blocks_in_a_read};
	k_thread_entry_t of_other[] = {waits_beside, reads_beside};
	int found[] = {EDGEPIPE_THRESHOLD, 8};

	for (size_t i = 0; i < ARRAY_SIZE(found); i++) {
		beside_found = 0;
		start(of_user[i], NULL);
		k_thread_create(&beside, beside_stack, K_THREAD_STACK_SIZEOF(beside_stack), of_other[i],
				NULL, NULL, NULL, 3, 0, K_NO_WAIT);
		k_msleep(2);
		/* This thread is busy meanwhile, so the user is awake, but has not run. */
		edges_soon(0, 10);
		k_busy_wait(12 * USEC_PER_MSEC);
		k_thread_abort(&user);
		zassert_ok(k_thread_join(&beside, K_MSEC(20)), "%zu: it was not woken", i);
		zassert_equal(beside_found, found[i], "%zu: %d", i, beside_found);
		zassert_ok(edgepipe_close(PULSES));
		zassert_ok(edgepipe_open(PULSES));
	}
}

static void waits_for_any(void *a, void *b, void *c)
{
	const struct device *devs[] = {PULSES};

	said = edgepipe_wait_any(devs, (int *)shared, 1, K_FOREVER);
}

ZTEST(reading, test_a_thread_that_is_aborted_in_a_wait_for_several_leaves_it_to_others)
{
	const struct device *devs[] = {PULSES};
	int reason = 0;

	start(waits_for_any, NULL);
	k_msleep(2);
	k_thread_abort(&user);
	edges_soon(0, 10);
	zassert_equal(edgepipe_wait_any(devs, &reason, 1, K_MSEC(50)), 1);
	zassert_equal(reason, EDGEPIPE_THRESHOLD);
	check_edges(10, 0);
}

static void opens_and_closes(void *a, void *b, void *c)
{
	k_msleep(1);
	said = edgepipe_close(SECOND) == 0 && edgepipe_close(SECOND) == -EBADF &&
	       edgepipe_open(SECOND) == 0 && edgepipe_open(SECOND) == -EBUSY;
}

ZTEST(reading, test_with_the_right_it_opens_and_closes)
{
	start(opens_and_closes, NULL);
	k_object_access_grant(SECOND, &user);
	k_object_access_grant(edgepipe_control(SECOND), &user);
	zassert_false(ended_by_fault());
	zassert_true(said);
	zassert_equal(edgepipe_ready(SECOND), 0);
}

/* Its stack is the kernel's in a system call, so that only its own code can overflow its own. */
static int down_to(uint8_t *end)
{
	uint8_t here[64];
	size_t left = here - end;

	if (left > 320) {
		return down_to(end) + (here[0] & 0);
	}
	return edgepipe_read(PULSES, here, sizeof(here), K_NO_WAIT);
}

static void deep(void *a, void *b, void *c)
{
	said = down_to(a);
}

static void too_deep(void *a, void *b, void *c)
{
	said = down_to((uint8_t *)a - 4096);
}

ZTEST(reading, test_a_read_with_a_stack_that_is_nearly_full)
{
	edges_soon(0, 8);
	k_msleep(10);
	start(deep, NULL);
	k_thread_abort(&user);
	zassert_equal(runs(deep, (void *)user.stack_info.start), 64, "%d", said);
	check_edges(8, 8);
}

ZTEST(reading, test_a_stack_that_overflows)
{
	ends(too_deep, (void *)user.stack_info.start);
}

/* The same memory, of another thread in user mode. */
static struct k_thread scribbler;
static K_THREAD_STACK_DEFINE(scribbler_stack, 1024);

static void scribbles(void *a, void *b, void *c)
{
	while (true) {
		memset((uint8_t *)shared, rounds++, sizeof(shared));
		k_yield();
	}
}

static void reads_where_others_write(void *a, void *b, void *c)
{
	while (said < RECORDS) {
		ssize_t size = edgepipe_read(PULSES, shared, sizeof(shared), K_NO_WAIT);

		said += size > 0 ? size / EDGEPIPE_RECORD_BYTES : 0;
		k_yield();
	}
}

ZTEST(reading, test_memory_that_changes_during_reads)
{
	rounds = 0;
	k_thread_create(&scribbler, scribbler_stack, K_THREAD_STACK_SIZEOF(scribbler_stack), scribbles,
			NULL, NULL, NULL, 2, K_USER, K_NO_WAIT);
	edges_soon(0, RECORDS);
	zassert_equal(runs(reads_where_others_write, NULL), RECORDS);
	k_thread_abort(&scribbler);
	zassert_true(rounds > RECORDS);
	check_edges(RECORDS, RECORDS);
}
