/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Several captures, and other objects, from user mode.
 */

#include "support.h"

ZTEST_SUITE(polling, NULL, NULL, before_each, after_each, NULL);

SHARED static int reasons[3];
SHARED static volatile int polled;
K_SEM_DEFINE(other, 0, 1);

static void grant(void)
{
	k_object_access_grant(SECOND, &user);
	k_object_access_grant(edgepipe_ready_sem(PULSES), &user);
	k_object_access_grant(edgepipe_ready_sem(SECOND), &user);
	k_object_access_grant(&other, &user);
	/* As after the start. */
	k_sem_give(edgepipe_ready_sem(PULSES));
	k_sem_give(edgepipe_ready_sem(SECOND));
}

static void waits_for_any(void *a, void *b, void *c)
{
	const struct device *devs[] = {PULSES, SECOND, PULSES};

	k_msleep(1);
	said = edgepipe_wait_any(devs, reasons, ARRAY_SIZE(devs), K_FOREVER);
}

ZTEST(polling, test_any_of_several)
{
	start(waits_for_any, NULL);
	grant();
	edges_soon(1, 1);
	zassert_false(ended_by_fault());
	zassert_equal(said, 1);
	zassert_equal(reasons[0], 0);
	zassert_equal(reasons[1], EDGEPIPE_THRESHOLD);
	zassert_equal(reasons[2], 0);
}

static void waits_in_vain(void *a, void *b, void *c)
{
	const struct device *devs[] = {PULSES};

	said = edgepipe_wait_any(devs, reasons, 1, K_MSEC(5)) == -EAGAIN &&
	       edgepipe_wait_any(devs, reasons, 0, K_NO_WAIT) == -EINVAL;
}

ZTEST(polling, test_none_of_several)
{
	zassert_true(runs(waits_in_vain, NULL));
}

static void without_memory(void *a, void *b, void *c)
{
	const struct device *devs[] = {PULSES};

	k_msleep(1);
	said = edgepipe_wait_any(devs, reasons, 1, K_NO_WAIT);
}

ZTEST(polling, test_a_thread_without_a_resource_pool)
{
	start(without_memory, NULL);
	k_thread_heap_assign(&user, NULL);
	zassert_false(ended_by_fault());
	zassert_equal(said, -ENOMEM);
}

/* Polls both captures and the other semaphore, and returns which were ready. */
static int poll_all(k_timeout_t timeout)
{
	struct k_poll_event events[] = {
		K_POLL_EVENT_INITIALIZER(K_POLL_TYPE_SEM_AVAILABLE, K_POLL_MODE_NOTIFY_ONLY,
					 edgepipe_ready_sem(PULSES)),
		K_POLL_EVENT_INITIALIZER(K_POLL_TYPE_SEM_AVAILABLE, K_POLL_MODE_NOTIFY_ONLY,
					 edgepipe_ready_sem(SECOND)),
		K_POLL_EVENT_INITIALIZER(K_POLL_TYPE_SEM_AVAILABLE, K_POLL_MODE_NOTIFY_ONLY, &other),
	};
	int ready = 0;

	polled = k_poll(events, ARRAY_SIZE(events), timeout);
	for (size_t i = 0; i < ARRAY_SIZE(events); i++) {
		ready |= events[i].state == K_POLL_STATE_SEM_AVAILABLE ? BIT(i) : 0;
	}
	return ready;
}

/* Each step says how far it came. */
static void expect(bool holds)
{
	if (!holds) {
		k_thread_abort(k_current_get());
	}
	said++;
}

static void polls(void *a, void *b, void *c)
{
	k_msleep(1);
	/* At first both are up. */
	expect(poll_all(K_NO_WAIT) == 3);
	expect(edgepipe_ready(PULSES) == 0 && edgepipe_ready(SECOND) == 0);
	expect(poll_all(K_MSEC(1)) == 0 && polled == -EAGAIN);
	/* Woken by an edge of the second. Until it is read, it is ready. */
	expect(poll_all(K_FOREVER) == 2 && edgepipe_ready(SECOND) == EDGEPIPE_THRESHOLD);
	expect(poll_all(K_FOREVER) == 2);
	expect(edgepipe_read(SECOND, shared, sizeof(shared), K_NO_WAIT) == 8);
	expect(poll_all(K_NO_WAIT) == 2 && edgepipe_ready(SECOND) == 0);
	/* And by another object. */
	expect(poll_all(K_FOREVER) == 4 && k_sem_take(&other, K_NO_WAIT) == 0);
	/* By a close, for good. */
	expect(poll_all(K_FOREVER) == 1 && edgepipe_ready(PULSES) == EDGEPIPE_CLOSED);
	expect(poll_all(K_NO_WAIT) == 1);
}

ZTEST(polling, test_captures_and_another_object_in_one_poll)
{
	start(polls, NULL);
	grant();
	k_msleep(6);
	zassert_equal(said, 3, "%d", said);
	edges_soon(1, 1);
	k_msleep(4);
	zassert_equal(said, 7, "%d", said);
	k_sem_give(&other);
	k_msleep(2);
	zassert_equal(said, 8, "%d", said);
	zassert_ok(edgepipe_close(PULSES));
	zassert_false(ended_by_fault());
	zassert_equal(said, 10, "%d", said);
}

static void polls_for_ever(void *a, void *b, void *c)
{
	k_msleep(1);
	while (true) {
		said += edgepipe_ready(PULSES) == 0;
		poll_all(K_FOREVER);
	}
}

/* What it leaves is not in the way of another thread. */
ZTEST(polling, test_a_thread_that_is_aborted_between_polls)
{
	start(polls_for_ever, NULL);
	grant();
	k_msleep(5);
	zassert_true(said > 0);
	k_thread_abort(&user);
	edges_soon(0, 10);
	zassert_equal(edgepipe_wait(PULSES, K_MSEC(50)), EDGEPIPE_THRESHOLD);
	check_edges(10, 0);
}

static void lowers_by_hand(void *a, void *b, void *c)
{
	k_msleep(1);
	said = edgepipe_ready(PULSES);
	for (int i = 0; i < 100; i++) {
		k_sem_give(edgepipe_ready_sem(PULSES));
		k_sem_reset(edgepipe_ready_sem(PULSES));
	}
	said = 1;
}

/* That harms only those who poll it. */
ZTEST(polling, test_a_thread_that_plays_with_the_semaphore)
{
	start(lowers_by_hand, NULL);
	grant();
	edges_soon(0, 10);
	zassert_equal(edgepipe_wait(PULSES, K_MSEC(50)), EDGEPIPE_THRESHOLD);
	zassert_false(ended_by_fault());
	check_edges(10, 0);
}
