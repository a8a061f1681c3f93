/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Prints the keys of a remote control. It wakes once for each frame: when no light began for a while.
 */

#include <zephyr/kernel.h>

#include <edgepipe/edgepipe.h>

#include "nec.h"

static const struct device *const receiver = DEVICE_DT_GET(DT_NODELABEL(receiver));

static void print_frame(struct nec_decoder *decoder)
{
	struct nec_key key;

	switch (nec_end(decoder, &key)) {
	case NEC_KEY:
		printk("address 0x%02x command 0x%02x\n", key.address, key.command);
		break;
	case NEC_AGAIN:
		printk("address 0x%02x command 0x%02x again\n", key.address, key.command);
		break;
	case NEC_HOLE:
		printk("no frame: edges were lost\n");
		break;
	case NEC_START:
		printk("no frame: it does not begin as one\n");
		break;
	case NEC_BIT:
		printk("no frame: a bit is neither 0 nor 1\n");
		break;
	case NEC_LENGTH:
		printk("no frame: too few bits or too many\n");
		break;
	case NEC_INVERSE:
		printk("no frame: a byte does not match its inverse\n");
		break;
	case NEC_ALONE:
		printk("a repetition of no key\n");
		break;
	}
}

/* Tells the decoder of all pending edges. At each, light begins. */
static int read_lights(struct nec_decoder *decoder)
{
	static uint64_t last_ns;
	struct edgepipe_edge edges[34];
	ssize_t count;

	do {
		count = edgepipe_read_edges(receiver, edges, ARRAY_SIZE(edges), K_NO_WAIT);
		for (ssize_t i = 0; i < count; i++) {
			uint64_t us = (edges[i].time_ns - last_ns) / NSEC_PER_USEC;

			last_ns = edges[i].time_ns;
			if (edges[i].after_gap) {
				nec_hole(decoder);
			}
			nec_light(decoder, MIN(us, UINT32_MAX));
		}
	} while (count > 0);
	return count == -EAGAIN ? 0 : count;
}

int main(void)
{
	struct nec_decoder decoder = {0};
	int reason = edgepipe_open(receiver);
	int err = reason;

	while (err >= 0) {
		reason = edgepipe_wait(receiver, K_FOREVER);
		err = reason < 0 ? reason : read_lights(&decoder);
		/* Otherwise more edges than a frame has came without a pause, and it goes on. */
		if (reason == EDGEPIPE_IDLE) {
			print_frame(&decoder);
		}
	}
	printk("the receiver failed: %d\n", err);
	return 0;
}
