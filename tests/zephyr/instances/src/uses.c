/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * From one use of an instance to the next.
 */

#include "support.h"

#include <edgepipe/zvfs.h>

static K_THREAD_STACK_DEFINE(stack, 2048);
static struct k_thread thread;
static int result;
static uint8_t bytes[BYTES(8)];

static void wait_for_pulses(void *p1, void *p2, void *p3)
{
	result = edgepipe_wait(PULSES, K_FOREVER);
}

static void read_pulses(void *p1, void *p2, void *p3)
{
	result = edgepipe_read(PULSES, bytes, sizeof(bytes), K_FOREVER);
}

/* A thread that has begun to wait. */
static void start(k_thread_entry_t entry)
{
	result = 0;
	k_thread_create(&thread, stack, K_THREAD_STACK_SIZEOF(stack), entry, NULL, NULL, NULL,
			K_PRIO_PREEMPT(1), 0, K_NO_WAIT);
	k_msleep(2);
	zassert_equal(result, 0);
}

ZTEST(uses, test_a_thread_that_is_aborted_in_a_call_keeps_nothing)
{
	static const k_thread_entry_t entries[] = {wait_for_pulses, read_pulses};

	for (int i = 0; i < ARRAY_SIZE(entries); i++) {
		zassert_ok(edgepipe_open(PULSES));
		start(entries[i]);
		k_thread_abort(&thread);
		zassert_ok(edgepipe_close(PULSES));
	}
	zassert_ok(edgepipe_open(PULSES));
	edges_soon(0, 4);
	zassert_equal(edgepipe_wait(PULSES, K_FOREVER), EDGEPIPE_THRESHOLD);
	zassert_equal(edgepipe_read(PULSES, bytes, sizeof(bytes), K_NO_WAIT), BYTES(4));
}

ZTEST(uses, test_an_open_that_is_refused_discards_nothing)
{
	struct edgepipe_stats before;
	struct edgepipe_stats after;
	int fd;

	zassert_ok(edgepipe_open(PULSES));
	fd = edgepipe_fd(PULSES);
	zassert_true(fd >= 0);
	edges(0, 3);
	zassert_equal(edgepipe_open(PULSES), -EBUSY, "it captures");
	zassert_ok(edgepipe_close(PULSES));
	zassert_ok(edgepipe_stats(PULSES, &before));
	zassert_equal(edgepipe_open(PULSES), -EBUSY, "a descriptor is open");
	zassert_equal(edgepipe_ready(PULSES), EDGEPIPE_CLOSED);
	zassert_equal(edgepipe_read(PULSES, bytes, BYTES(2), K_NO_WAIT), BYTES(2));
	zassert_ok(edgepipe_stats(PULSES, &after));
	zassert_equal(after.opened, before.opened);

	zassert_ok(zvfs_close(fd));
	zassert_ok(edgepipe_open(PULSES));
	zassert_equal(edgepipe_read(PULSES, bytes, sizeof(bytes), K_NO_WAIT), -EAGAIN);
	zassert_ok(edgepipe_stats(PULSES, &after));
	zassert_equal(after.opened, before.opened + 1);
}

ZTEST(uses, test_a_descriptor_of_another_instance_is_none_of_ours)
{
	int fd;

	zassert_ok(edgepipe_open(BUTTONS));
	zassert_ok(edgepipe_open(PULSES));
	fd = edgepipe_fd(BUTTONS);
	zassert_true(fd >= 0);
	zassert_ok(edgepipe_close(PULSES));
	zassert_ok(edgepipe_open(PULSES));
	zassert_ok(zvfs_close(fd));
}

ZTEST(uses, test_the_books_say_of_which_use_they_are)
{
	struct edgepipe_stats stats;
	uint32_t first;

	zassert_ok(edgepipe_open(PULSES));
	zassert_ok(edgepipe_stats(PULSES, &stats));
	first = stats.opened;
	for (uint32_t i = 1; i <= 3; i++) {
		zassert_ok(edgepipe_close(PULSES));
		zassert_ok(edgepipe_stats(PULSES, &stats));
		zassert_equal(stats.opened, first + i - 1);
		zassert_ok(edgepipe_open(PULSES));
		zassert_ok(edgepipe_stats(PULSES, &stats));
		zassert_equal(stats.opened, first + i);
	}
}

ZTEST_SUITE(uses, NULL, NULL, before_each, after_each, NULL);
