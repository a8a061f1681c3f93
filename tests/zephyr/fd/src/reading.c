/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * read(), and the other calls on a file descriptor.
 */

#include "support.h"

ZTEST(reading, test_a_blocking_read_waits_for_the_threshold)
{
	struct job job = {.body = job_read, .fd = open_ready_at(0, 4), .size = BYTES(CAPACITY)};

	start(0, &job);
	edges(0, 3);
	pause_ms(5);
	zassert_false(job.done);
	edges(0, 1);
	join(0, &job);
	zassert_equal(job.result, BYTES(4));
}

ZTEST(reading, test_a_blocking_read_waits_for_no_more_than_it_asks_for)
{
	struct job job = {.body = job_read, .fd = open_ready_at(0, 4), .size = BYTES(2)};

	start(0, &job);
	edges(0, 1);
	pause_ms(5);
	zassert_false(job.done);
	edges(0, 1);
	join(0, &job);
	zassert_equal(job.result, BYTES(2));
}

ZTEST(reading, test_a_blocking_read_returns_all_that_is_pending)
{
	uint8_t buf[BYTES(CAPACITY)];
	int fd = open_ready_at(0, 4);

	edges(0, 6);
	zassert_equal(fd_read(fd, buf, sizeof(buf)), BYTES(6));
	edges(0, 6);
	zassert_equal(fd_read(fd, buf, BYTES(5)), BYTES(5));
	zassert_equal(readable_bytes(fd), BYTES(1));
}

ZTEST(reading, test_strobed_bytes_are_read_one_by_one)
{
	uint8_t buf[CAPACITY];
	int fd = strobe_open();

	zassert_true(fd >= 0);
	/* Two edges of the strobe latch one byte; the data changes in between. */
	edges(1, 2);
	edges(0, 1);
	edges(1, 2);
	zassert_equal(readable_bytes(fd), 2);
	zassert_equal(fd_read(fd, buf, 1), 1);
	strobe_close();
	zassert_equal(fd_read(fd, &buf[1], sizeof(buf) - 1), 1);
	zassert_equal(buf[0] ^ buf[1], 1);
	zassert_equal(fd_read(fd, buf, sizeof(buf)), 0);
	zassert_ok(fd_close(fd));
}

ZTEST(reading, test_a_read_that_may_not_block_returns_what_is_pending)
{
	uint8_t buf[BYTES(CAPACITY)];
	int fd = open_ready_at(0, 4);
	int on = 1;
	int off = 0;

	zassert_equal(edgepipe_fd_fcntl(fd, ZVFS_F_GETFL), ZVFS_O_RDONLY);
	zassert_ok(edgepipe_fd_fcntl(fd, ZVFS_F_SETFL, ZVFS_O_NONBLOCK));
	zassert_equal(edgepipe_fd_fcntl(fd, ZVFS_F_GETFL), ZVFS_O_RDONLY | ZVFS_O_NONBLOCK);

	zassert_equal(fd_read(fd, buf, sizeof(buf)), -1);
	zassert_equal(errno, EAGAIN);
	edges(0, 1);
	zassert_equal(fd_read(fd, buf, sizeof(buf)), BYTES(1));
	zassert_equal(fd_read(fd, buf, sizeof(buf)), -1);
	zassert_equal(errno, EAGAIN);

	zassert_ok(edgepipe_fd_ioctl(fd, ZFD_IOCTL_FIONBIO, &off));
	zassert_equal(edgepipe_fd_fcntl(fd, ZVFS_F_GETFL), ZVFS_O_RDONLY);
	zassert_ok(edgepipe_fd_ioctl(fd, ZFD_IOCTL_FIONBIO, &on));
	zassert_equal(edgepipe_fd_fcntl(fd, ZVFS_F_GETFL), ZVFS_O_RDONLY | ZVFS_O_NONBLOCK);
}

ZTEST(reading, test_o_nonblock_belongs_to_one_descriptor)
{
	int fd = open_ready_at(0, 4);
	int other = open_another(0);

	zassert_ok(edgepipe_fd_fcntl(fd, ZVFS_F_SETFL, ZVFS_O_NONBLOCK));
	zassert_equal(edgepipe_fd_fcntl(other, ZVFS_F_GETFL), ZVFS_O_RDONLY);
}

ZTEST(reading, test_a_read_shorter_than_a_record_is_invalid)
{
	uint8_t buf[BYTES(1)];
	int fd = open_ready_at(0, 1);

	zassert_equal(fd_read(fd, buf, 0), 0);
	for (size_t size = 1; size < sizeof(buf); size++) {
		zassert_equal(fd_read(fd, buf, size), -1);
		zassert_equal(errno, EINVAL);
	}
	edges(0, 1);
	zassert_equal(fd_read(fd, buf, 0), 0);
	zassert_equal(fd_read(fd, buf, sizeof(buf) - 1), -1);
	zassert_equal(errno, EINVAL);
	zassert_equal(readable_bytes(fd), BYTES(1));
}

ZTEST(reading, test_only_whole_records_are_read)
{
	uint8_t buf[BYTES(CAPACITY)];
	int fd = open_ready_at(0, 4);

	edges(0, 4);
	buf[BYTES(2)] = 0x5a;
	zassert_equal(fd_read(fd, buf, BYTES(3) - 1), BYTES(2));
	zassert_equal(buf[BYTES(2)], 0x5a);
	/* The read of one and a half records waits for one. */
	zassert_equal(fd_read(fd, buf, BYTES(2) - 4), BYTES(1));
	zassert_equal(readable_bytes(fd), BYTES(1));
}

ZTEST(reading, test_fionread_counts_the_bytes_of_all_records)
{
	uint8_t buf[BYTES(CAPACITY)];
	int fd = open_ready_at(0, 0);

	zassert_equal(readable_bytes(fd), 0);
	edges(0, 5);
	zassert_equal(readable_bytes(fd), BYTES(5));
	edges(0, 7);
	zassert_equal(readable_bytes(fd), BYTES(CAPACITY));

	/* Four were lost. The read that makes room for a gap record stores it. */
	zassert_equal(fd_read(fd, buf, BYTES(2)), BYTES(2));
	zassert_equal(readable_bytes(fd), BYTES(CAPACITY - 2 + 1));
	zassert_equal(fd_read(fd, buf, BYTES(7)), BYTES(7));
	zassert_equal(edgepipe_kind(edgepipe_record(&buf[BYTES(6)])), EDGEPIPE_GAP);
	zassert_equal(edgepipe_lost(edgepipe_record(&buf[BYTES(6)])), 4);
	zassert_equal(edgepipe_gap_levels(edgepipe_record(&buf[BYTES(6)])), 0);
	zassert_equal(readable_bytes(fd), 0);
}

ZTEST(reading, test_the_header_takes_records_apart)
{
	uint8_t buf[BYTES(2)];
	int fd = open_ready_at(0, 2);
	uint64_t first;
	uint64_t second;
	uint64_t elapsed_us;

	edges(0, 2);
	zassert_equal(fd_read(fd, buf, sizeof(buf)), sizeof(buf));
	first = edgepipe_record(buf);
	second = edgepipe_record(&buf[BYTES(1)]);

	zassert_equal(edgepipe_kind(first), EDGEPIPE_EDGE);
	zassert_equal(edgepipe_line(first), 0);
	zassert_true(edgepipe_level(first));
	zassert_false(edgepipe_level(second));
	zassert_equal(edgepipe_sequence(first), 1);
	zassert_equal(edgepipe_sequence(second), 2);
	elapsed_us = k_cyc_to_us_near64(edgepipe_cycles(second) - edgepipe_cycles(first));
	zassert_between_inclusive(elapsed_us, 900, 1100, "%llu us", elapsed_us);
}

ZTEST(reading, test_what_a_capture_cannot_do_is_refused)
{
	uint8_t buf[BYTES(1)] = {0};
	int fd = open_ready_at(0, 1);

	zassert_equal(fd_write(fd, buf, sizeof(buf)), -1);
	zassert_equal(errno, EBADF);
	zassert_equal(fd_seek(fd), -1);
	zassert_equal(errno, ESPIPE);
	zassert_equal(edgepipe_fd_fcntl(fd, ZVFS_F_DUPFD, 0), -1);
	zassert_equal(errno, EINVAL);
	zassert_equal(edgepipe_fd_ioctl(fd, 0x5400), -1);
	zassert_equal(errno, ENOTTY);
	zassert_equal(fd_read(fd, NULL, sizeof(buf)), -1);
	zassert_equal(errno, EFAULT);
	zassert_equal(edgepipe_fd_ioctl(fd, ZFD_IOCTL_FIONREAD, NULL), -1);
	zassert_equal(errno, EFAULT);
	zassert_equal(edgepipe_fd_ioctl(fd, ZFD_IOCTL_FIONBIO, NULL), -1);
	zassert_equal(errno, EFAULT);
}

ZTEST(reading, test_a_read_of_any_size_reads_what_is_pending)
{
	static const size_t sizes[] = {SIZE_MAX, SIZE_MAX - 6, (size_t)PTRDIFF_MAX + 1, PTRDIFF_MAX};
	uint8_t buf[BYTES(CAPACITY)];
	int fd = open_ready_at(0, 2);

	for (int i = 0; i < ARRAY_SIZE(sizes); i++) {
		edges(0, 2);
		zassert_equal(fd_read(fd, buf, sizes[i]), BYTES(2));
	}
	zassert_ok(edgepipe_fd_fcntl(fd, ZVFS_F_SETFL, ZVFS_O_NONBLOCK));
	for (int i = 0; i < ARRAY_SIZE(sizes); i++) {
		edges(0, 1);
		zassert_equal(fd_read(fd, buf, sizes[i]), BYTES(1));
		zassert_equal(fd_read(fd, NULL, sizes[i]), -1);
		zassert_equal(errno, EFAULT);
	}
}

ZTEST(reading, test_a_blocked_read_leaves_the_descriptor_to_others)
{
	int fd = open_ready_at(0, 4);
	struct job job = {.body = job_read, .fd = fd, .size = BYTES(4)};
	uint8_t buf[BYTES(2)];

	start(0, &job);
	edges(0, 2);
	zassert_equal(readable_bytes(fd), BYTES(2));
	zassert_equal(poll_one(fd, ZVFS_POLLIN, 2), 0);
	zassert_equal(fd_read(fd, buf, sizeof(buf)), sizeof(buf));
	zassert_false(job.done);

	edges(0, 4);
	join(0, &job);
	zassert_equal(job.result, BYTES(4));
}

ZTEST(reading, test_each_blocked_read_waits_for_its_own_number_of_records)
{
	int fd = open_ready_at(0, 6);
	/* The read that needs most records would run first. */
	struct job most = {.body = job_read, .fd = fd, .size = BYTES(6)};
	struct job some = {.body = job_read, .fd = fd, .size = BYTES(3)};
	struct job one = {.body = job_read, .fd = fd, .size = BYTES(1)};

	start(1, &some);
	start(0, &most);
	edges(0, 2);
	start(2, &one);
	zassert_true(one.done);
	join(2, &one);
	zassert_equal(one.result, BYTES(1));
	zassert_false(some.done || most.done);

	start(2, &one);
	zassert_true(one.done);
	join(2, &one);
	start(2, &one);
	zassert_false(one.done);
	edges(0, 1);
	join(2, &one);
	zassert_equal(one.result, BYTES(1));
	zassert_false(some.done || most.done);

	edges(0, 3);
	join(1, &some);
	zassert_equal(some.result, BYTES(3));
	zassert_false(most.done);
	edges(0, 6);
	join(0, &most);
	zassert_equal(most.result, BYTES(6));
}

ZTEST(reading, test_a_descriptor_reads_what_is_in_the_pipe)
{
	uint8_t buf[BYTES(CAPACITY)];
	int fd = open_piped(0, 2);

	edges(0, 3);
	zassert_equal(poll_one(fd, ZVFS_POLLIN, 0), ZVFS_POLLIN);
	zassert_equal(readable_bytes(fd), BYTES(3));
	zassert_equal(k_pipe_read(capture_pipe(0), buf, BYTES(1), K_NO_WAIT), BYTES(1));
	zassert_equal(fd_read(fd, &buf[BYTES(1)], BYTES(5)), BYTES(2));
	for (int i = 0; i < 3; i++) {
		zassert_equal(edgepipe_sequence(edgepipe_record(&buf[BYTES(i)])), i + 1);
	}
}

ZTEST(reading, test_a_blocking_read_goes_on_when_other_code_was_faster)
{
	struct job job = {.body = job_read, .fd = open_piped(0, 2), .size = BYTES(2)};
	uint8_t buf[BYTES(2)];

	edges(0, 2);
	zassert_equal(k_pipe_read(capture_pipe(0), buf, sizeof(buf), K_NO_WAIT), sizeof(buf));
	start(0, &job);
	zassert_false(job.done);
	edges(0, 2);
	join(0, &job);
	zassert_equal(job.result, BYTES(2));
}

ZTEST_SUITE(reading, NULL, NULL, NULL, after_each, NULL);
