/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Several descriptors and the Rust reader on one capture, at the same time.
 */

#include "support.h"

ZTEST(sharing, test_reader_and_descriptors_agree)
{
	int fds[] = {open_ready_at(0, 3), open_another(0)};
	uint8_t buf[BYTES(1)];

	for (int i = 0; i < 30; i++) {
		if (i % 3 != 2) {
			edges(0, 1);
		} else if (i % 2 == 0) {
			zassert_equal(capture_try_read(0, 1), BYTES(1));
		} else {
			zassert_equal(fd_read(fds[i / 3 % 2], buf, sizeof(buf)), BYTES(1));
		}
		for (int j = 0; j < ARRAY_SIZE(fds); j++) {
			zassert_equal(poll_one(fds[j], ZVFS_POLLIN, 0),
				      capture_is_ready(0) ? ZVFS_POLLIN : 0);
		}
		zassert_equal(readable_bytes(fds[0]), readable_bytes(fds[1]));
	}
}

ZTEST(sharing, test_each_record_goes_to_one_of_them)
{
	uint8_t buf[BYTES(CAPACITY)];
	int fd = open_ready_at(0, 4);
	int other = open_another(0);

	edges(0, CAPACITY);
	zassert_equal(fd_read(fd, buf, BYTES(3)), BYTES(3));
	zassert_equal(capture_try_read(0, 2), BYTES(2));
	zassert_equal(fd_read(other, buf, BYTES(1)), BYTES(1));
	zassert_equal(edgepipe_sequence(edgepipe_record(buf)), 6);
	zassert_equal(capture_try_read(0, CAPACITY), BYTES(2));
	zassert_equal(capture_try_read(0, CAPACITY), -EAGAIN);
}

static void job_wait_ready(struct job *job)
{
	capture_wait_ready(0);
}

static void job_read_in_rust(struct job *job)
{
	job->result = capture_read(0, job->size / EDGEPIPE_RECORD_BYTES);
}

ZTEST(sharing, test_all_who_wait_for_readiness_wake)
{
	struct job jobs[] = {
		{.body = job_poll, .fd = open_ready_at(0, 2), .events = ZVFS_POLLIN},
		{.body = job_poll, .fd = open_another(0), .events = ZVFS_POLLIN},
		{.body = job_wait_ready},
	};

	for (int i = 0; i < ARRAY_SIZE(jobs); i++) {
		start(i, &jobs[i]);
	}
	edges(0, 1);
	pause_ms(5);
	zassert_false(jobs[0].done || jobs[1].done || jobs[2].done);

	edges(0, 1);
	for (int i = 0; i < ARRAY_SIZE(jobs); i++) {
		join(i, &jobs[i]);
	}
	zassert_equal(jobs[0].result, ZVFS_POLLIN);
	zassert_equal(jobs[1].result, ZVFS_POLLIN);
}

ZTEST(sharing, test_a_blocked_reader_and_a_blocked_read_are_both_served)
{
	struct job in_c = {.body = job_read, .fd = open_ready_at(0, 3), .size = BYTES(CAPACITY)};
	struct job in_rust = {.body = job_read_in_rust, .size = BYTES(CAPACITY)};

	start(0, &in_c);
	start(1, &in_rust);
	/* The reader takes any record. */
	edges(0, 1);
	join(1, &in_rust);
	zassert_equal(in_rust.result, BYTES(1));
	zassert_false(in_c.done);

	edges(0, 2);
	pause_ms(5);
	zassert_false(in_c.done);
	edges(0, 1);
	join(0, &in_c);
	zassert_equal(in_c.result, BYTES(3));
}

ZTEST(sharing, test_captures_do_not_wake_each_other)
{
	struct job job = {.body = job_read, .fd = open_ready_at(0, 2), .size = BYTES(2)};
	int other = open_ready_at(1, 1);

	start(0, &job);
	edges(1, 4);
	zassert_false(job.done);
	zassert_equal(readable_bytes(other), BYTES(4));
	capture_close(1);
	pause_ms(2);
	zassert_false(job.done);
	edges(0, 2);
	join(0, &job);
	zassert_equal(job.result, BYTES(2));
}

ZTEST(sharing, test_a_steady_stream_is_shared_without_loss)
{
	enum { EDGES = 200 };
	struct zvfs_pollfd pfds[] = {
		{.fd = open_ready_at(0, 2), .events = ZVFS_POLLIN},
		{.fd = open_another(0), .events = ZVFS_POLLIN},
	};
	struct job job = {.body = job_read, .fd = pfds[0].fd, .size = BYTES(1)};
	uint8_t buf[BYTES(CAPACITY)];
	int total = 0;

	edges_soon(0, EDGES);
	start(0, &job);
	while (total < EDGES - 1) {
		int got;

		if (job.done) {
			join(0, &job);
			total += job.result / EDGEPIPE_RECORD_BYTES;
			start(0, &job);
		}
		zassert_true(zvfs_poll(pfds, 2, 20) >= 0);
		got = capture_try_read(0, 1);
		total += MAX(got, 0) / EDGEPIPE_RECORD_BYTES;
		zassert_ok(edgepipe_fd_fcntl(pfds[1].fd, ZVFS_F_SETFL, ZVFS_O_NONBLOCK));
		got = fd_read(pfds[1].fd, buf, sizeof(buf));
		total += MAX(got, 0) / EDGEPIPE_RECORD_BYTES;
	}
	pause_ms(5);
	capture_close(0);
	join(0, &job);
	total += MAX(job.result, 0) / EDGEPIPE_RECORD_BYTES;
	total += MAX(capture_try_read(0, CAPACITY), 0) / EDGEPIPE_RECORD_BYTES;
	zassert_equal(total, EDGES, "%d", total);
}

ZTEST_SUITE(sharing, NULL, NULL, NULL, after_each, NULL);
