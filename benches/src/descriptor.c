/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * A capture as a file descriptor.
 */

#include "descriptor.h"

#include <edgepipe/zvfs.h>

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
