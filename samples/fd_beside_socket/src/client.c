/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Whoever is at the other end of the socket, such as a program elsewhere on a network.
 */

#include "client.h"

#include <string.h>

#include <zephyr/kernel.h>
#include <zephyr/net/socket.h>
#include <zephyr/zvfs/eventfd.h>

/* After the threads that serve it. */
#define PRIORITY K_PRIO_PREEMPT(10)

static const struct {
	/* Since the start of the kernel. */
	int32_t at_ms;
	/* A line, or a piece of one. */
	const char *text;
} steps[] = {
	{275, "threshold 4\n"},
	{345, "sta"},
	{355, "ts\n"},
	{355, "threshold 33\n"},
	{355, "speed 9\n"},
	{365, "stop\n"},
};

static K_THREAD_STACK_DEFINE(stack, 2048);
static struct k_thread thread;

static bool print_answer(int socket)
{
	char byte;

	do {
		if (zsock_recv(socket, &byte, 1, 0) != 1) {
			return false;
		}
		printk("%c", byte);
	} while (byte != '\n');
	return true;
}

static void run(void *socket, void *end, void *unused)
{
	int fd = POINTER_TO_INT(socket);

	ARG_UNUSED(unused);
	for (size_t i = 0; i < ARRAY_SIZE(steps); i++) {
		const char *text = steps[i].text;

		k_sleep(K_TIMEOUT_ABS_MS(steps[i].at_ms));
		zsock_send(fd, text, strlen(text), 0);
		if (text[strlen(text) - 1] == '\n' && !print_answer(fd)) {
			break;
		}
	}
	zvfs_eventfd_write(POINTER_TO_INT(end), 1);
}

void client_start(int socket, int end)
{
	k_thread_create(&thread, stack, K_THREAD_STACK_SIZEOF(stack), run, INT_TO_POINTER(socket),
			INT_TO_POINTER(end), NULL, PRIORITY, 0, K_NO_WAIT);
}
