/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * One loop for a capture, for commands that come through a socket, and for an event that ends it.
 */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <zephyr/kernel.h>
#include <zephyr/net/socket.h>
#include <zephyr/zvfs/eventfd.h>

#include <edgepipe/edgepipe.h>
#include <edgepipe/zvfs.h>

#include "client.h"
#include "command.h"

static const struct device *const pulses = DEVICE_DT_GET(DT_NODELABEL(pulses));

enum { EDGES, COMMANDS, END, DESCRIPTORS };

/* Reads the edges that are pending, and prints their numbers. Returns whether more may come. */
static bool read_edges(void)
{
	struct edgepipe_edge edges[32];
	ssize_t count = edgepipe_read_edges(pulses, edges, ARRAY_SIZE(edges), K_NO_WAIT);

	if (count > 0) {
		printk("edges %u to %u\n", edges[0].sequence, edges[count - 1].sequence);
	} else if (count == 0) {
		printk("no more edges\n");
	}
	return count > 0 || count == -EAGAIN;
}

/* Does what a line says, and writes the answer. */
static void obey(enum command command, unsigned int number, const char *line, char *answer,
		 size_t size)
{
	struct edgepipe_stats stats;

	switch (command) {
	case COMMAND_NONE:
		break;
	case COMMAND_THRESHOLD:
		if (edgepipe_set_threshold(pulses, number) < 0) {
			snprintf(answer, size, "threshold %u is not 1 to %u\n", number,
				 (unsigned int)edgepipe_capacity(pulses));
		} else {
			snprintf(answer, size, "ready at %u edges\n", number);
		}
		break;
	case COMMAND_STATS:
		edgepipe_stats(pulses, &stats);
		snprintf(answer, size, "%u captured, %u pending, %u lost\n",
			 (unsigned int)stats.captured, (unsigned int)stats.pending,
			 (unsigned int)stats.lost_full);
		break;
	case COMMAND_STOP:
		edgepipe_close(pulses);
		snprintf(answer, size, "stopped\n");
		break;
	case COMMAND_UNKNOWN:
		snprintf(answer, size, "\"%s\" is no command\n", line);
		break;
	}
}

/* A socket may take less than all at a time. */
static void send_all(int socket, const char *text)
{
	size_t left = strlen(text);

	while (left > 0) {
		ssize_t sent = zsock_send(socket, text, left, 0);

		if (sent <= 0) {
			return;
		}
		text += sent;
		left -= sent;
	}
}

/* Reads a piece of the commands, and answers those that it ends. Returns whether more may come. */
static bool serve(int socket, struct command_line *line)
{
	char bytes[16];
	char answer[64];
	ssize_t size = zsock_recv(socket, bytes, sizeof(bytes), 0);

	for (ssize_t i = 0; i < size; i++) {
		uint32_t number = 0;
		enum command command = command_add(line, bytes[i], &number);

		if (command != COMMAND_NONE) {
			obey(command, number, line->text, answer, sizeof(answer));
			send_all(socket, answer);
		}
	}
	return size > 0;
}

/* Until there is an event. A descriptor of -1 is not polled. */
static int loop(struct zvfs_pollfd fds[DESCRIPTORS])
{
	struct command_line line = {0};

	do {
		if (zvfs_poll(fds, DESCRIPTORS, -1) < 0) {
			return -errno;
		}
		if (fds[EDGES].revents != 0 && !read_edges()) {
			zvfs_close(fds[EDGES].fd);
			fds[EDGES].fd = -1;
		}
		if (fds[COMMANDS].revents != 0 && !serve(fds[COMMANDS].fd, &line)) {
			zsock_close(fds[COMMANDS].fd);
			fds[COMMANDS].fd = -1;
		}
	} while (fds[END].revents == 0);
	return 0;
}

/* Says what could not be opened. */
static int failed(const char *what, int err)
{
	printk("cannot open %s: %d\n", what, err);
	return err;
}

/* Opens what is polled, and starts the client at the other end of the socket. */
static int start(struct zvfs_pollfd fds[DESCRIPTORS])
{
	int sockets[2];
	int err = edgepipe_open(pulses);

	if (err < 0) {
		return failed("the capture", err);
	}
	if (zsock_socketpair(AF_UNIX, SOCK_STREAM, 0, sockets) < 0) {
		return failed("the sockets", -errno);
	}
	fds[COMMANDS] = (struct zvfs_pollfd){.fd = sockets[0], .events = ZVFS_POLLIN};
	fds[EDGES] = (struct zvfs_pollfd){.fd = edgepipe_fd(pulses), .events = ZVFS_POLLIN};
	if (fds[EDGES].fd < 0) {
		return failed("the capture's descriptor", fds[EDGES].fd);
	}
	fds[END] = (struct zvfs_pollfd){.fd = zvfs_eventfd(0, 0), .events = ZVFS_POLLIN};
	if (fds[END].fd < 0) {
		return failed("the event", -errno);
	}
	client_start(sockets[1], fds[END].fd);
	return 0;
}

int main(void)
{
	struct zvfs_pollfd fds[DESCRIPTORS];

	if (start(fds) == 0) {
		printk("the end: %d\n", loop(fds));
	}
	return 0;
}
