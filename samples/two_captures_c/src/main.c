/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Waits for two captures together, and reads those that are ready.
 */

#include <zephyr/kernel.h>
#include <zephyr/sys/fdtable.h>

#include <edgepipe/edgepipe.h>

/* By node label, and by alias. */
static const struct device *const captures[] = {
	DEVICE_DT_GET(DT_NODELABEL(pulses)),
	DEVICE_DT_GET(DT_ALIAS(keys)),
};

/* Reads the pending edges; prints their number, and the first. */
static int read_all(const struct device *dev)
{
	uint8_t bytes[32 * EDGEPIPE_RECORD_BYTES];
	ssize_t size = edgepipe_read(dev, bytes, sizeof(bytes), K_NO_WAIT);

	if (size < 0) {
		return size;
	}
	printk("%s: %d edges, the first on line %u\n", dev->name,
	       (int)(size / EDGEPIPE_RECORD_BYTES), edgepipe_line(edgepipe_record(bytes)));
	return 0;
}

int main(void)
{
	struct zvfs_pollfd fds[ARRAY_SIZE(captures)];

	for (int i = 0; i < ARRAY_SIZE(captures); i++) {
		int err = edgepipe_open(captures[i]);

		if (err < 0) {
			printk("%s cannot be opened: %d\n", captures[i]->name, err);
			return 0;
		}
		fds[i].fd = edgepipe_fd(captures[i]);
		fds[i].events = ZVFS_POLLIN;
	}

	/* Sleeps until one of them has as many edges as its threshold. */
	while (zvfs_poll(fds, ARRAY_SIZE(fds), -1) > 0) {
		for (int i = 0; i < ARRAY_SIZE(captures); i++) {
			if ((fds[i].revents & ZVFS_POLLIN) != 0 && read_all(captures[i]) < 0) {
				return 0;
			}
		}
	}
	return 0;
}
