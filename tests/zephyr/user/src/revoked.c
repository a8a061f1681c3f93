/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * What was the thread's, and is taken back.
 */

#include "support.h"

ZTEST_SUITE(revoked, NULL, NULL, before_each, after_each, NULL);

static void asks_for_ever(void *a, void *b, void *c)
{
	while (edgepipe_ready(PULSES) >= 0) {
		said++;
		k_msleep(1);
	}
}

ZTEST(revoked, test_the_capture)
{
	start(asks_for_ever, NULL);
	k_msleep(5);
	zassert_true(said > 2);
	k_object_access_revoke(PULSES, &user);
	zassert_true(ended_by_fault());
	edges_soon(0, 10);
	k_msleep(12);
	check_edges(10, 0);
}

static void blocks(void *a, void *b, void *c)
{
	said = edgepipe_read(PULSES, shared, 64, K_FOREVER);
}

static void blocks_for_edges(void *a, void *b, void *c)
{
	said = edgepipe_read_edges(PULSES, (struct edgepipe_edge *)shared, 2, K_FOREVER);
}

/* No edge is lost to the thread: the supervisor reads it. */
ZTEST(revoked, test_the_capture_during_a_read)
{
	start(blocks, NULL);
	k_msleep(2);
	k_object_access_revoke(PULSES, &user);
	edges_soon(0, 10);
	zassert_true(ended_by_fault(), "%d", said);
	check_edges(10, 0);
}

ZTEST(revoked, test_the_memory_during_a_read)
{
	start(blocks, NULL);
	k_msleep(2);
	zassert_ok(k_mem_domain_remove_partition(&k_mem_domain_default, &shared_partition));
	edges_soon(0, 10);
	zassert_true(ended_by_fault());
	zassert_ok(k_mem_domain_add_partition(&k_mem_domain_default, &shared_partition));
	zassert_equal(shared[0], 0, "it was written");
	check_edges(10, 0);
}

ZTEST(revoked, test_the_memory_during_a_read_of_edges)
{
	start(blocks_for_edges, NULL);
	k_msleep(2);
	zassert_ok(k_mem_domain_remove_partition(&k_mem_domain_default, &shared_partition));
	edges_soon(0, 10);
	zassert_true(ended_by_fault());
	zassert_ok(k_mem_domain_add_partition(&k_mem_domain_default, &shared_partition));
	zassert_equal(shared[0], 0, "it was written");
	check_edges(10, 0);
}

static void opens_twice(void *a, void *b, void *c)
{
	k_msleep(1);
	said = edgepipe_close(SECOND);
	k_msleep(2);
	said = edgepipe_open(SECOND);
	said = 1;
}

ZTEST(revoked, test_the_right_to_open)
{
	start(opens_twice, NULL);
	k_object_access_grant(SECOND, &user);
	k_object_access_grant(edgepipe_control(SECOND), &user);
	k_msleep(2);
	k_object_access_revoke(edgepipe_control(SECOND), &user);
	zassert_true(ended_by_fault());
	zassert_equal(said, 0, "it was closed, but not opened: %d", said);
}
