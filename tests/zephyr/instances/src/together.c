/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Two instances with different thresholds, waited for together.
 */

#include "support.h"

#include <string.h>

#include <edgepipe/zvfs.h>

static struct zvfs_pollfd fds[2];

static void open_both(void)
{
	zassert_ok(edgepipe_open(PULSES));
	zassert_ok(edgepipe_open(BUTTONS));
	fds[0] = (struct zvfs_pollfd){.fd = edgepipe_fd(PULSES), .events = ZVFS_POLLIN};
	fds[1] = (struct zvfs_pollfd){.fd = edgepipe_fd(BUTTONS), .events = ZVFS_POLLIN};
	zassert_true(fds[0].fd >= 0 && fds[1].fd >= 0);
}

static void close_both(void *fixture)
{
	for (int i = 0; i < ARRAY_SIZE(fds); i++) {
		if (fds[i].fd >= 0) {
			zassert_ok(zvfs_close(fds[i].fd));
		}
	}
	after_each(fixture);
}

static void no_fds(void *fixture)
{
	before_each(fixture);
	fds[0].fd = -1;
	fds[1].fd = -1;
}

ZTEST(together, test_each_becomes_ready_at_its_own_threshold)
{
	uint8_t bytes[BYTES(8)];

	open_both();
	edges(0, 3);
	edges(2, 5);
	zassert_equal(zvfs_poll(fds, 2, 2), 0, "3 of 4, and 5 of 6");

	edges_soon(0, 1);
	zassert_equal(zvfs_poll(fds, 2, -1), 1);
	zassert_equal(fds[0].revents, ZVFS_POLLIN);
	zassert_equal(fds[1].revents, 0);
	zassert_equal(edgepipe_ready(PULSES), EDGEPIPE_THRESHOLD);
	zassert_equal(edgepipe_read(PULSES, bytes, sizeof(bytes), K_NO_WAIT), BYTES(4));

	edges_soon(2, 1);
	zassert_equal(zvfs_poll(fds, 2, -1), 1);
	zassert_equal(fds[0].revents, 0);
	zassert_equal(fds[1].revents, ZVFS_POLLIN);
	zassert_equal(edgepipe_ready(BUTTONS), EDGEPIPE_FULL);

	edges(0, 4);
	zassert_equal(zvfs_poll(fds, 2, -1), 2, "now both are");
}

ZTEST(together, test_a_file_descriptor_keeps_its_instance_busy)
{
	open_both();
	zassert_ok(edgepipe_close(PULSES));
	zassert_equal(zvfs_poll(fds, 1, 0), 1);
	zassert_equal(fds[0].revents, ZVFS_POLLIN | ZVFS_POLLHUP);
	zassert_equal(edgepipe_open(PULSES), -EBUSY);
}

static const struct device *const devs[] = {PULSES, BUTTONS, SAMPLER, PULSES};
static int reasons[ARRAY_SIZE(devs)];

static int wait_any(size_t count, k_timeout_t timeout)
{
	return edgepipe_wait_any(devs, reasons, count, timeout);
}

static void open_all(void)
{
	zassert_ok(edgepipe_open(PULSES));
	zassert_ok(edgepipe_open(BUTTONS));
	zassert_ok(edgepipe_open(SAMPLER));
}

ZTEST(together, test_one_call_waits_for_captures_of_all_kinds)
{
	uint8_t bytes[BYTES(8)];

	open_all();
	zassert_equal(wait_any(3, K_NO_WAIT), -EAGAIN);
	edges(0, 3);
	zassert_equal(wait_any(3, K_MSEC(5)), -EAGAIN);

	edges_soon(0, 1);
	zassert_equal(wait_any(3, K_FOREVER), 1);
	zassert_equal(reasons[0], EDGEPIPE_THRESHOLD);
	zassert_equal(reasons[1], 0);
	zassert_equal(reasons[2], 0);
	zassert_equal(edgepipe_read(PULSES, bytes, sizeof(bytes), K_NO_WAIT), BYTES(4));

	edges_soon(12, 4);
	zassert_equal(wait_any(3, K_FOREVER), 1);
	zassert_equal(reasons[0], 0);
	zassert_equal(reasons[2], EDGEPIPE_THRESHOLD);

	/* One that is there twice. */
	edges(0, 4);
	zassert_equal(wait_any(4, K_FOREVER), 3);
	zassert_equal(reasons[0], EDGEPIPE_THRESHOLD);
	zassert_equal(reasons[3], EDGEPIPE_THRESHOLD);
	zassert_ok(edgepipe_close(BUTTONS));
	zassert_equal(wait_any(2, K_FOREVER), 2);
	zassert_equal(reasons[1], EDGEPIPE_CLOSED);
}

ZTEST(together, test_a_wait_for_several_is_refused)
{
	static const struct device *const none[] = {PULSES, NULL};

	open_all();
	zassert_equal(wait_any(0, K_FOREVER), -EINVAL);
	zassert_equal(edgepipe_wait_any(NULL, reasons, 1, K_FOREVER), -EINVAL);
	zassert_equal(edgepipe_wait_any(devs, NULL, 1, K_FOREVER), -EINVAL);
	zassert_equal(edgepipe_wait_any(none, reasons, 2, K_FOREVER), -EINVAL);
	zassert_equal(edgepipe_wait_any((const struct device *[]){PULSES, UNTOUCHED}, reasons, 2,
					K_FOREVER),
		      -EBADF);
	edges(0, 4);
	zassert_equal(wait_any(3, K_FOREVER), 1, "what was refused holds nothing");
}

ZTEST(together, test_a_wake_ends_one_wait)
{
	uint8_t bytes[BYTES(8)];

	open_all();
	zassert_ok(edgepipe_wake(BUTTONS));
	zassert_ok(edgepipe_wake(PULSES));
	memset(reasons, 0xff, sizeof(reasons));
	zassert_equal(wait_any(3, K_FOREVER), 0, "of before");
	for (int i = 0; i < 3; i++) {
		zassert_equal(reasons[i], 0);
	}
	zassert_equal(wait_any(3, K_NO_WAIT), -EAGAIN, "both ended only one");

	/* A capture that is ready is told first. */
	edges(0, 4);
	zassert_ok(edgepipe_wake(SAMPLER));
	zassert_equal(wait_any(3, K_FOREVER), 1);
	zassert_equal(reasons[0], EDGEPIPE_THRESHOLD);
	zassert_equal(edgepipe_read(PULSES, bytes, sizeof(bytes), K_NO_WAIT), BYTES(4));
	zassert_equal(wait_any(3, K_NO_WAIT), 0);

	zassert_ok(edgepipe_wake(PULSES));
	zassert_ok(edgepipe_close(PULSES));
	zassert_ok(edgepipe_open(PULSES));
	zassert_equal(wait_any(1, K_NO_WAIT), -EAGAIN, "of an earlier use");
}

static void wake(struct k_timer *timer)
{
	zassert_true(k_is_in_isr());
	zassert_ok(edgepipe_wake(k_timer_user_data_get(timer)));
}

ZTEST(together, test_an_interrupt_wakes_those_who_wait_for_the_instance)
{
	static K_TIMER_DEFINE(timer, wake, NULL);
	int64_t before;

	open_all();
	k_timer_user_data_set(&timer, (void *)BUTTONS);
	k_timer_start(&timer, K_MSEC(3), K_NO_WAIT);
	zassert_equal(wait_any(3, K_FOREVER), 0);

	before = k_uptime_get();
	k_timer_user_data_set(&timer, (void *)SAMPLER);
	k_timer_start(&timer, K_MSEC(3), K_NO_WAIT);
	zassert_equal(wait_any(2, K_MSEC(20)), -EAGAIN, "it waits for others");
	zassert_between_inclusive(k_uptime_get() - before, 20, 24);
	zassert_equal(wait_any(3, K_NO_WAIT), 0);
}

static K_THREAD_STACK_DEFINE(stack, 2048);
static struct k_thread thread;
static int result;

static void wait_for_all(void *p1, void *p2, void *p3)
{
	static int its_reasons[3];

	result = edgepipe_wait_any(devs, its_reasons, ARRAY_SIZE(its_reasons), K_FOREVER);
}

ZTEST(together, test_a_wait_ends_when_an_instance_is_opened_again)
{
	open_all();
	result = 0;
	k_thread_create(&thread, stack, K_THREAD_STACK_SIZEOF(stack), wait_for_all, NULL, NULL,
			NULL, K_PRIO_PREEMPT(1), 0, K_NO_WAIT);
	k_msleep(2);
	zassert_equal(result, 0);
	zassert_equal(wait_any(1, K_FOREVER), -EBUSY, "CONFIG_EDGEPIPE_WAIT_ANY_THREADS is 1");
	zassert_ok(edgepipe_close(BUTTONS));
	zassert_ok(k_thread_join(&thread, K_FOREVER));
	zassert_equal(result, 1, "it is closed");

	zassert_ok(edgepipe_open(BUTTONS));
	result = 0;
	k_thread_create(&thread, stack, K_THREAD_STACK_SIZEOF(stack), wait_for_all, NULL, NULL,
			NULL, K_PRIO_COOP(1), 0, K_NO_WAIT);
	k_msleep(2);
	k_sched_lock();
	zassert_ok(edgepipe_close(BUTTONS));
	zassert_ok(edgepipe_open(BUTTONS));
	k_sched_unlock();
	zassert_ok(k_thread_join(&thread, K_FOREVER));
	zassert_equal(result, -EBADF);
}

ZTEST_SUITE(together, NULL, NULL, no_fds, close_both, NULL);
