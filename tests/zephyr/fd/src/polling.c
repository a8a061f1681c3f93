/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * poll() and select().
 */

#include "support.h"

#include <zephyr/zvfs/eventfd.h>

ZTEST(polling, test_poll_reports_input_exactly_while_ready)
{
	int fd = open_ready_at(0, 3);
	uint8_t record[BYTES(1)];

	for (int pending = 0; pending <= CAPACITY; pending++) {
		zassert_equal(capture_is_ready(0), pending >= 3);
		zassert_equal(poll_one(fd, ZVFS_POLLIN, 0), pending >= 3 ? ZVFS_POLLIN : 0);
		if (pending < CAPACITY) {
			edges(0, 1);
		}
	}
	for (int pending = CAPACITY; pending > 0; pending--) {
		zassert_equal(capture_is_ready(0), pending >= 3);
		zassert_equal(poll_one(fd, ZVFS_POLLIN, 0), pending >= 3 ? ZVFS_POLLIN : 0);
		zassert_equal(fd_read(fd, record, sizeof(record)), sizeof(record));
	}
}

ZTEST(polling, test_poll_reports_input_after_a_loss)
{
	int fd = open_ready_at(0, 0);

	edges(0, CAPACITY + 1);
	zassert_true(capture_is_ready(0));
	zassert_equal(poll_one(fd, ZVFS_POLLIN, 0), ZVFS_POLLIN);
}

ZTEST(polling, test_poll_times_out)
{
	int fd = open_ready_at(0, 0);
	int64_t begin;
	int64_t elapsed;

	edges(0, CAPACITY - 1);
	begin = k_uptime_get();
	zassert_equal(poll_one(fd, ZVFS_POLLIN, 50), 0);
	elapsed = k_uptime_delta(&begin);
	zassert_between_inclusive(elapsed, 50, 59);
	zassert_equal(readable_bytes(fd), BYTES(CAPACITY - 1));
}

ZTEST(polling, test_an_interrupt_wakes_poll_when_the_buffer_is_full)
{
	int fd = open_ready_at(0, 0);

	edges_soon(0, CAPACITY);
	zassert_equal(poll_one(fd, ZVFS_POLLIN, -1), ZVFS_POLLIN);
	zassert_equal(readable_bytes(fd), BYTES(CAPACITY));
}

ZTEST(polling, test_poll_is_level_triggered)
{
	int fd = open_ready_at(0, 2);

	edges(0, 2);
	for (int i = 0; i < 3; i++) {
		zassert_equal(poll_one(fd, ZVFS_POLLIN, -1), ZVFS_POLLIN);
	}
}

ZTEST(polling, test_poll_waits_for_either_of_two_captures)
{
	struct zvfs_pollfd pfds[] = {
		{.fd = open_ready_at(0, 2), .events = ZVFS_POLLIN},
		{.fd = open_ready_at(1, 4), .events = ZVFS_POLLIN},
	};
	uint8_t buf[BYTES(CAPACITY)];

	edges_soon(0, 2);
	zassert_equal(zvfs_poll(pfds, 2, -1), 1);
	zassert_equal(pfds[0].revents, ZVFS_POLLIN);
	zassert_equal(pfds[1].revents, 0);
	zassert_equal(fd_read(pfds[0].fd, buf, sizeof(buf)), BYTES(2));

	edges_soon(1, 4);
	zassert_equal(zvfs_poll(pfds, 2, -1), 1);
	zassert_equal(pfds[0].revents, 0);
	zassert_equal(pfds[1].revents, ZVFS_POLLIN);

	edges(0, 2);
	zassert_equal(zvfs_poll(pfds, 2, -1), 2);
}

ZTEST(polling, test_poll_waits_for_a_capture_or_an_eventfd)
{
	int efd = zvfs_eventfd(0, 0);
	struct zvfs_pollfd pfds[] = {
		{.fd = efd, .events = ZVFS_POLLIN},
		{.fd = open_ready_at(0, 2), .events = ZVFS_POLLIN},
	};
	zvfs_eventfd_t value;

	zassert_true(efd >= 0);
	zassert_equal(zvfs_poll(pfds, 2, 10), 0);

	edges_soon(0, 2);
	zassert_equal(zvfs_poll(pfds, 2, -1), 1);
	zassert_equal(pfds[0].revents, 0);
	zassert_equal(pfds[1].revents, ZVFS_POLLIN);

	zassert_ok(zvfs_eventfd_write(efd, 1));
	zassert_equal(zvfs_poll(pfds, 2, -1), 2);
	zassert_equal(capture_try_read(0, 1), BYTES(1));
	zassert_equal(zvfs_poll(pfds, 2, -1), 1);
	zassert_equal(pfds[0].revents, ZVFS_POLLIN);
	zassert_equal(pfds[1].revents, 0);

	zassert_ok(zvfs_eventfd_read(efd, &value));
	zassert_equal(zvfs_poll(pfds, 2, 10), 0);
	zassert_ok(fd_close(efd));
}

ZTEST(polling, test_two_threads_polling_one_descriptor_both_wake)
{
	int fd = open_ready_at(0, 2);
	struct job jobs[] = {
		{.body = job_poll, .fd = fd, .events = ZVFS_POLLIN},
		{.body = job_poll, .fd = fd, .events = ZVFS_POLLIN},
	};

	start(0, &jobs[0]);
	start(1, &jobs[1]);
	edges(0, 1);
	pause_ms(5);
	zassert_false(jobs[0].done || jobs[1].done);

	edges(0, 1);
	join(0, &jobs[0]);
	join(1, &jobs[1]);
	zassert_equal(jobs[0].result, ZVFS_POLLIN);
	zassert_equal(jobs[1].result, ZVFS_POLLIN);
}

ZTEST(polling, test_a_poll_whose_records_were_read_by_another_goes_on)
{
	struct job job = {.body = job_poll, .fd = open_ready_at(0, 2), .events = ZVFS_POLLIN};

	start(0, &job);
	edges_soon(0, 2);
	/*
	 * Interrupts arrive, but the thread that they wake does not run before the records are gone.
	 */
	k_busy_wait(4000);
	zassert_equal(capture_try_read(0, 2), BYTES(2));
	pause_ms(5);
	zassert_false(job.done);

	edges(0, 2);
	join(0, &job);
	zassert_equal(job.result, ZVFS_POLLIN);
}

ZTEST(polling, test_a_poll_not_for_input_is_not_woken_by_records)
{
	int fd = open_ready_at(0, 2);
	struct job job = {.body = job_poll, .fd = fd, .events = ZVFS_POLLOUT};

	edges(0, 2);
	zassert_equal(poll_one(fd, 0, 10), 0);
	zassert_equal(poll_one(fd, ZVFS_POLLOUT, 0), 0);

	start(0, &job);
	edges(0, 2);
	zassert_false(job.done);
	capture_close(0);
	join(0, &job);
	zassert_equal(job.result, ZVFS_POLLHUP);
}

ZTEST(polling, test_a_poll_that_fails_leaves_nothing_behind)
{
	struct zvfs_pollfd pfds[CONFIG_ZVFS_POLL_MAX + 1];
	int fd = open_ready_at(0, 2);

	for (int i = 0; i < ARRAY_SIZE(pfds); i++) {
		pfds[i] = (struct zvfs_pollfd){.fd = fd, .events = ZVFS_POLLIN};
	}
	for (int i = 0; i < 3; i++) {
		zassert_equal(zvfs_poll(pfds, ARRAY_SIZE(pfds), -1), -1);
		zassert_equal(errno, ENOMEM);
	}
	/* Otherwise the same descriptor may occur several times. */
	edges_soon(0, 2);
	zassert_equal(zvfs_poll(pfds, CONFIG_ZVFS_POLL_MAX, -1), CONFIG_ZVFS_POLL_MAX);
}

static int broken_ioctl(void *obj, unsigned int request, va_list args)
{
	return request == ZFD_IOCTL_POLL_UPDATE ? -EIO : 0;
}

static void job_poll_beside_broken(struct job *job)
{
	static const struct fd_op_vtable vtable = {.ioctl = broken_ioctl};
	struct zvfs_pollfd pfds[] = {
		{.fd = zvfs_alloc_fd(job, &vtable)},
		{.fd = job->fd, .events = ZVFS_POLLIN},
	};

	job->result = zvfs_poll(pfds, 2, -1);
	job->error = errno;
	zvfs_free_fd(pfds[0].fd);
}

ZTEST(polling, test_a_poll_that_is_woken_and_fails_takes_no_wake_from_others)
{
	int fd = open_ready_at(0, 2);
	struct job broken = {.body = job_poll_beside_broken, .fd = fd};
	struct job job = {.body = job_poll, .fd = fd, .events = ZVFS_POLLIN};

	/* The first to be woken is a poll that zvfs does not let evaluate the capture any more. */
	start(0, &broken);
	start(1, &job);
	edges(0, 2);
	join(0, &broken);
	zassert_equal(broken.result, -1);
	zassert_equal(broken.error, EIO);
	join(1, &job);
	zassert_equal(job.result, ZVFS_POLLIN);
}

/* Makes the capture ready, and lets another poll see that, before the calling poll sleeps. */
static int meddling_ioctl(void *obj, unsigned int request, va_list args)
{
	struct job *job = obj;

	if (request == ZFD_IOCTL_POLL_PREPARE) {
		edges(0, 2);
		zassert_equal(poll_one(job->fd, ZVFS_POLLIN, 0), ZVFS_POLLIN);
	}
	return 0;
}

static void job_poll_beside_meddler(struct job *job)
{
	static const struct fd_op_vtable vtable = {.ioctl = meddling_ioctl};
	struct zvfs_pollfd pfds[] = {
		{.fd = job->fd, .events = ZVFS_POLLIN},
		{.fd = zvfs_alloc_fd(job, &vtable)},
	};

	job->result = zvfs_poll(pfds, 2, -1);
	zvfs_free_fd(pfds[1].fd);
}

ZTEST(polling, test_a_poll_takes_no_wake_from_one_that_is_about_to_sleep)
{
	struct job job = {.body = job_poll_beside_meddler, .fd = open_ready_at(0, 2)};

	start(0, &job);
	join(0, &job);
	zassert_equal(job.result, 1);
}

ZTEST(polling, test_select_reports_input_or_times_out)
{
	int fd = open_ready_at(0, 2);
	struct timespec timeout = {.tv_nsec = 10 * NSEC_PER_MSEC};
	struct zvfs_fd_set input;

	ZVFS_FD_ZERO(&input);
	ZVFS_FD_SET(fd, &input);
	zassert_equal(zvfs_select(fd + 1, &input, NULL, NULL, &timeout, NULL), 0);
	zassert_false(ZVFS_FD_ISSET(fd, &input));

	edges_soon(0, 2);
	ZVFS_FD_SET(fd, &input);
	zassert_equal(zvfs_select(fd + 1, &input, NULL, NULL, NULL, NULL), 1);
	zassert_true(ZVFS_FD_ISSET(fd, &input));
}

ZTEST_SUITE(polling, NULL, NULL, NULL, after_each, NULL);
