/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Two instances with different thresholds, waited for together.
 */

#include "support.h"

#include <zephyr/sys/fdtable.h>

/* Zephyr has no header for it yet. */
int zvfs_close(int fd);

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
	zassert_ok(zvfs_close(fds[0].fd));
	zassert_ok(zvfs_close(fds[1].fd));
	after_each(fixture);
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

ZTEST_SUITE(together, NULL, NULL, before_each, close_both, NULL);
