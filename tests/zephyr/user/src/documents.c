/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The snippets of the documents.
 */

#include "support.h"

ZTEST_SUITE(documents, NULL, NULL, before_each, after_each, NULL);

/* docs/linux.md */
int start_reader(const struct device *buttons);

/* docs/c.md */
int wait_for_both(const struct device *dev, struct k_sem *other);

static K_SEM_DEFINE(unused, 0, 1);

ZTEST(documents, test_the_program_of_the_linux_question)
{
	struct edgepipe_stats stats;

	zassert_ok(edgepipe_close(PULSES));
	zassert_ok(start_reader(PULSES));
	edges_soon(0, 16);
	k_msleep(20);
	zassert_ok(edgepipe_stats(PULSES, &stats));
	zassert_equal(stats.delivered, 16);
	zassert_equal(stats.wakes, 2);
	zassert_ok(edgepipe_close(PULSES));
	k_msleep(2);
	zassert_equal(edgepipe_wait(PULSES, K_NO_WAIT), -EPIPE, "it has read the end of file");
}

static void waits_for_both(void *a, void *b, void *c)
{
	k_msleep(1);
	said = wait_for_both(PULSES, a);
}

ZTEST(documents, test_a_poll_with_another_object)
{
	start(waits_for_both, &unused);
	k_object_access_grant(edgepipe_ready_sem(PULSES), &user);
	k_object_access_grant(&unused, &user);
	edges_soon(0, 8);
	zassert_false(ended_by_fault());
	zassert_equal(said, EDGEPIPE_THRESHOLD);
}
