/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Reads a device that is ready when its buffer is full, in each of the ways that POSIX has. Nothing
 * in this file depends on Zephyr: it compiles on Linux unchanged.
 */

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <edgepipe/record.h>

/** Records read at a time: as many as the buffer holds. */
#define RECORDS 16

static int failed(const char *call)
{
	printf("%s: %s\n", call, strerror(errno));
	return -1;
}

/** Prints how many records were read, and the first. */
static void show(const char *form, const uint8_t *bytes, int size)
{
	uint64_t record;

	if (size == 0) {
		printf("%s: end of file\n", form);
		return;
	}
	record = edgepipe_record(bytes);
	printf("%s: %d records, the first: ", form, size / EDGEPIPE_RECORD_BYTES);
	if (edgepipe_kind(record) == EDGEPIPE_EDGE) {
		printf("line %u goes %s\n", edgepipe_line(record),
		       edgepipe_level(record) ? "high" : "low");
	} else {
		printf("%u edges were lost\n", (unsigned int)edgepipe_lost(record));
	}
}

/** Sleeps in poll() until the buffer is full, then reads it. */
static int poll_then_read(int fd)
{
	uint8_t bytes[RECORDS * EDGEPIPE_RECORD_BYTES];
	struct pollfd pfd = {.fd = fd, .events = POLLIN};
	int pending;
	int size;

	if (poll(&pfd, 1, 1000) < 0) {
		return failed("poll");
	}
	if (ioctl(fd, FIONREAD, &pending) < 0) {
		return failed("ioctl");
	}
	size = read(fd, bytes, sizeof(bytes));
	if (size < 0) {
		return failed("read");
	}
	printf("poll:%s%s, %d bytes\n", (pfd.revents & POLLIN) != 0 ? " POLLIN" : "",
	       (pfd.revents & POLLHUP) != 0 ? " POLLHUP" : "", pending);
	show("read after poll", bytes, size);
	return size;
}

/** Just reads: sleeps until there are as many records as it asks for. */
static int blocking_read(int fd)
{
	uint8_t bytes[4 * EDGEPIPE_RECORD_BYTES];
	int size = read(fd, bytes, sizeof(bytes));

	if (size < 0) {
		return failed("read");
	}
	show("blocking read", bytes, size);
	return size;
}

/** Reads the pending records; gets EAGAIN when there are none. */
static int nonblocking_reads(int fd)
{
	uint8_t bytes[RECORDS * EDGEPIPE_RECORD_BYTES];
	int flags = fcntl(fd, F_GETFL);
	int size;

	if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0) {
		return failed("fcntl");
	}
	do {
		size = read(fd, bytes, sizeof(bytes));
		if (size >= 0) {
			show("O_NONBLOCK read", bytes, size);
		}
	} while (size > 0);
	if (size < 0 && errno != EAGAIN) {
		return failed("read");
	}
	if (size < 0) {
		printf("O_NONBLOCK read: EAGAIN\n");
	}
	return fcntl(fd, F_SETFL, flags);
}

int posix_reader(int fd)
{
	int size;

	if (poll_then_read(fd) < 0 || blocking_read(fd) < 0 || nonblocking_reads(fd) < 0) {
		return -1;
	}
	/* And so on, until the device hangs up and everything has been read. */
	do {
		size = poll_then_read(fd);
	} while (size > 0);
	return close(fd);
}
