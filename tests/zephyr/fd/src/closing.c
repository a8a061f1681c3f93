/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The end of a capture, and the end of a file descriptor.
 */

#include "support.h"

ZTEST(closing, test_polls_report_a_hang_up)
{
	int fd = open_ready_at(0, 4);

	zassert_equal(poll_one(fd, ZVFS_POLLIN, 0), 0);
	capture_close(0);
	zassert_equal(poll_one(fd, ZVFS_POLLIN, -1), ZVFS_POLLIN | ZVFS_POLLHUP);
	zassert_equal(poll_one(fd, 0, -1), ZVFS_POLLHUP);
	zassert_equal(poll_one(fd, ZVFS_POLLOUT, -1), ZVFS_POLLHUP);
}

ZTEST(closing, test_the_rest_drains_and_then_comes_end_of_file)
{
	uint8_t buf[BYTES(CAPACITY)];
	int fd = open_ready_at(0, 0);

	edges(0, 5);
	capture_close(0);
	zassert_equal(readable_bytes(fd), BYTES(5));
	zassert_equal(fd_read(fd, buf, BYTES(3)), BYTES(3));
	zassert_equal(fd_read(fd, buf, sizeof(buf)), BYTES(2));
	zassert_equal(fd_read(fd, buf, sizeof(buf)), 0);
	zassert_equal(fd_read(fd, buf, 1), -1);
	zassert_equal(errno, EINVAL);
	zassert_ok(edgepipe_fd_fcntl(fd, ZVFS_F_SETFL, ZVFS_O_NONBLOCK));
	zassert_equal(fd_read(fd, buf, sizeof(buf)), 0);
}

ZTEST(closing, test_closing_the_capture_wakes_everyone)
{
	int fd = open_ready_at(0, 4);
	struct job jobs[] = {
		{.body = job_poll, .fd = fd, .events = ZVFS_POLLIN},
		{.body = job_read, .fd = fd, .size = BYTES(CAPACITY)},
		{.body = job_read, .fd = open_another(0), .size = BYTES(CAPACITY)},
	};

	for (int i = 0; i < ARRAY_SIZE(jobs); i++) {
		start(i, &jobs[i]);
	}
	edges(0, 3);
	zassert_false(jobs[0].done || jobs[1].done || jobs[2].done);

	capture_close(0);
	for (int i = 0; i < ARRAY_SIZE(jobs); i++) {
		join(i, &jobs[i]);
	}
	zassert_equal(jobs[0].result, ZVFS_POLLIN | ZVFS_POLLHUP);
	/* One of the reads gets the records, the other finds the end. */
	zassert_equal(jobs[1].result + jobs[2].result, BYTES(3));
	zassert_equal(MIN(jobs[1].result, jobs[2].result), 0);
}

static void job_select(struct job *job)
{
	struct zvfs_fd_set input;

	ZVFS_FD_ZERO(&input);
	ZVFS_FD_SET(job->fd, &input);
	job->result = zvfs_select(job->fd + 1, &input, NULL, NULL, NULL, NULL);
	job->events = ZVFS_FD_ISSET(job->fd, &input);
}

ZTEST(closing, test_closing_the_capture_wakes_select)
{
	struct job job = {.body = job_select, .fd = open_ready_at(0, 4)};

	start(0, &job);
	zassert_false(job.done);
	capture_close(0);
	join(0, &job);
	zassert_equal(job.result, 1);
	zassert_equal(job.events, 1);
}

ZTEST(closing, test_closing_a_descriptor_frees_it_and_the_capture_goes_on)
{
	uint8_t buf[BYTES(2)];
	int fd = open_ready_at(0, 2);

	for (int i = 1; i < CONFIG_EDGEPIPE_FD_MAX; i++) {
		open_another(0);
	}
	zassert_equal(capture_fd(0), -ENFILE);

	for (int i = 0; i < 3; i++) {
		close_now(fd);
		zassert_equal(fd_read(fd, buf, sizeof(buf)), -1);
		zassert_equal(errno, EBADF);
		fd = open_another(0);
		zassert_equal(capture_fd(0), -ENFILE);
	}
	edges(0, 2);
	zassert_equal(fd_read(fd, buf, sizeof(buf)), sizeof(buf));
}

/* How many descriptors, of any kind, could be opened now. */
static int free_numbers(void)
{
	int numbers[64];
	int count = 0;

	while (count < ARRAY_SIZE(numbers)) {
		int number = zvfs_reserve_fd();

		if (number < 0) {
			break;
		}
		numbers[count++] = number;
	}
	zassert_true(count < ARRAY_SIZE(numbers), "zvfs has more descriptors than this can count");
	for (int i = 0; i < count; i++) {
		zvfs_free_fd(numbers[i]);
	}
	return count;
}

ZTEST(closing, test_an_open_that_is_refused_takes_no_number)
{
	int count;

	open_ready_at(0, 2);
	for (int i = 1; i < CONFIG_EDGEPIPE_FD_MAX; i++) {
		open_another(0);
	}
	count = free_numbers();
	zassert_true(count > 0, "an open would be refused for want of a number");
	zassert_equal(capture_fd(0), -ENFILE);
	zassert_equal(free_numbers(), count);
}

ZTEST(closing, test_a_reopened_descriptor_starts_afresh)
{
	int fd = open_ready_at(0, 2);

	zassert_ok(edgepipe_fd_fcntl(fd, ZVFS_F_SETFL, ZVFS_O_NONBLOCK));
	edges(0, 2);
	zassert_equal(poll_one(fd, ZVFS_POLLIN, 0), ZVFS_POLLIN);
	capture_close(0);
	capture_drop_reader(0);
	close_now(fd);

	fd = open_ready_at(0, 2);
	zassert_equal(edgepipe_fd_fcntl(fd, ZVFS_F_GETFL), ZVFS_O_RDONLY);
	zassert_equal(poll_one(fd, ZVFS_POLLIN, 2), 0);
	zassert_equal(poll_one(fd, 0, 2), 0);
	zassert_equal(readable_bytes(fd), 0);
}

ZTEST(closing, test_a_device_is_busy_while_a_descriptor_is_open)
{
	uint8_t buf[BYTES(CAPACITY)];
	int fd = open_ready_at(0, 2);
	int other = open_another(0);

	edges(0, 2);
	capture_close(0);
	capture_drop_reader(0);
	zassert_equal(capture_try_open(0, 2), -EBUSY);
	zassert_equal(fd_read(fd, buf, sizeof(buf)), BYTES(2));
	zassert_equal(fd_read(fd, buf, sizeof(buf)), 0);
	close_now(fd);
	zassert_equal(capture_try_open(0, 2), -EBUSY);
	close_now(other);
	zassert_ok(capture_try_open(0, 2));
}

ZTEST(closing, test_closing_a_descriptor_ends_reads_that_are_blocked_in_it)
{
	int fd = open_ready_at(0, 4);
	struct job jobs[] = {
		{.body = job_read, .fd = fd, .size = BYTES(4)},
		{.body = job_read, .fd = fd, .size = BYTES(1)},
		{.body = job_read, .fd = open_another(0), .size = BYTES(4)},
	};

	for (int i = 0; i < ARRAY_SIZE(jobs); i++) {
		start(i, &jobs[i]);
	}
	close_now(fd);
	/* The close waited for the reads, so the next descriptor can have its place. */
	for (int open = 1; open < CONFIG_EDGEPIPE_FD_MAX; open++) {
		open_another(0);
	}
	for (int i = 0; i < 2; i++) {
		join(i, &jobs[i]);
		zassert_equal(jobs[i].result, -1);
		zassert_equal(jobs[i].error, EBADF);
	}

	/* The other descriptor and the capture go on. */
	zassert_false(jobs[2].done);
	edges(0, 4);
	join(2, &jobs[2]);
	zassert_equal(jobs[2].result, BYTES(4));
}

ZTEST(closing, test_closing_a_descriptor_ends_polls_of_it)
{
	int fd = open_ready_at(0, 4);
	struct job jobs[] = {
		{.body = job_poll, .fd = fd, .events = ZVFS_POLLIN},
		{.body = job_poll, .fd = fd, .events = ZVFS_POLLOUT},
		{.body = job_poll, .fd = open_another(0), .events = ZVFS_POLLIN},
	};

	for (int i = 0; i < ARRAY_SIZE(jobs); i++) {
		start(i, &jobs[i]);
	}
	close_now(fd);
	for (int i = 0; i < 2; i++) {
		join(i, &jobs[i]);
		zassert_equal(jobs[i].result, ZVFS_POLLNVAL);
	}

	zassert_false(jobs[2].done);
	edges(0, 4);
	join(2, &jobs[2]);
	zassert_equal(jobs[2].result, ZVFS_POLLIN);
}

/* Whether a call in a thread of lower priority returns after the job's thread has ended, not before. */
static bool is_done_after(void (*call)(int), int arg, const struct job *job)
{
	int priority = k_thread_priority_get(k_current_get());
	bool done;

	k_thread_priority_set(k_current_get(), K_PRIO_PREEMPT(5));
	call(arg);
	done = job->done;
	k_thread_priority_set(k_current_get(), priority);
	return done;
}

ZTEST(closing, test_a_more_urgent_thread_runs_as_soon_as_it_is_woken)
{
	struct job jobs[] = {
		{.body = job_read, .fd = open_ready_at(0, 4), .size = BYTES(4)},
		{.body = job_poll, .fd = open_another(0), .events = ZVFS_POLLIN},
	};
	bool done[2];

	start(0, &jobs[0]);
	start(1, &jobs[1]);
	done[1] = is_done_after(close_now, jobs[1].fd, &jobs[1]);
	done[0] = is_done_after(capture_close, 0, &jobs[0]);
	zassert_true(done[0] && done[1], "%d %d", done[0], done[1]);
	join(0, &jobs[0]);
	join(1, &jobs[1]);
	zassert_equal(jobs[0].result, 0);
	zassert_equal(jobs[1].result, ZVFS_POLLNVAL);
}

static void job_read_to_the_end(struct job *job)
{
	do {
		job_read(job);
	} while (job->result > 0);
}

static void job_poll_to_the_end(struct job *job)
{
	do {
		pause_ms(1);
		job_poll(job);
	} while ((job->result & ZVFS_POLLHUP) == 0);
}

ZTEST(closing, test_captures_and_descriptors_come_and_go_under_load)
{
	for (int round = 0; round < 50; round++) {
		int fd = open_ready_at(0, 2);
		int other = open_another(0);
		struct job jobs[] = {
			{.body = job_read_to_the_end, .fd = fd, .size = BYTES(3)},
			{.body = job_read_to_the_end, .fd = other, .size = BYTES(1)},
			{.body = job_poll_to_the_end, .fd = fd, .events = ZVFS_POLLIN},
		};

		edges_soon(0, INT_MAX);
		for (int i = 0; i < ARRAY_SIZE(jobs); i++) {
			start(i, &jobs[i]);
		}
		pause_ms(round % 7);
		capture_close(0);
		for (int i = 0; i < ARRAY_SIZE(jobs); i++) {
			join(i, &jobs[i]);
		}
		zassert_equal(jobs[0].result, 0);
		zassert_equal(jobs[1].result, 0);
		zassert_equal(readable_bytes(fd), 0);

		edges_stop(0);
		close_now(fd);
		close_now(other);
		capture_drop_reader(0);
	}
}

ZTEST_SUITE(closing, NULL, NULL, NULL, after_each, NULL);
