/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * A capture as a file descriptor.
 */

#include "descriptor.h"

#include <sys/types.h>

#include <zephyr/sys/fdtable.h>

/* Zephyr has no header for it yet. */
ssize_t zvfs_read(int fd, void *buf, size_t size, const size_t *from_offset);
int zvfs_close(int fd);

static int fd;

void descriptor_open(int opened)
{
	fd = opened;
}

void descriptor_poll(void)
{
	struct zvfs_pollfd pfd = {.fd = fd, .events = ZVFS_POLLIN};

	(void)zvfs_poll(&pfd, 1, -1);
}

size_t descriptor_read(struct record *records, size_t most)
{
	return zvfs_read(fd, records, most * sizeof(*records), NULL) / sizeof(*records);
}

void descriptor_close(void)
{
	(void)zvfs_close(fd);
}
