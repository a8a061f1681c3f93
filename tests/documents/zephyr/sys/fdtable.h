/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Stands in for Zephyr's header.
 */

#define ZVFS_POLLIN 1

struct zvfs_pollfd {
	int fd;
	short events;
	short revents;
};

int zvfs_poll(struct zvfs_pollfd *fds, int nfds, int timeout);
