/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Prints the cards that a Wiegand reader reads. It wakes once for each: when no bit came for a while.
 */

#include <zephyr/kernel.h>

#include <edgepipe/edgepipe.h>

#include "wiegand.h"

static const struct device *const reader = DEVICE_DT_GET(DT_NODELABEL(reader));

static void print_frame(const struct wiegand_frame *frame)
{
	struct wiegand_card card;

	switch (wiegand_decode(frame, &card)) {
	case WIEGAND_CARD:
		printk("%u bits: facility %u, card %u\n", frame->count, card.facility, card.number);
		break;
	case WIEGAND_HOLE:
		printk("%u bits, and some were lost\n", frame->count);
		break;
	case WIEGAND_LENGTH:
		printk("%u bits are no frame\n", frame->count);
		break;
	case WIEGAND_PARITY:
		printk("%u bits with a wrong parity\n", frame->count);
		break;
	}
}

/* Adds all pending bits to the frame. */
static int read_bits(struct wiegand_frame *frame)
{
	struct edgepipe_edge edges[34];
	ssize_t count;

	do {
		count = edgepipe_read_edges(reader, edges, ARRAY_SIZE(edges), K_NO_WAIT);
		for (ssize_t i = 0; i < count; i++) {
			frame->has_hole |= edges[i].after_gap;
			wiegand_add(frame, edges[i].line == 1);
		}
	} while (count > 0);
	return count == -EAGAIN ? 0 : count;
}

int main(void)
{
	struct wiegand_frame frame = {0};
	int reason = edgepipe_open(reader);

	int err = reason;

	while (err >= 0) {
		reason = edgepipe_wait(reader, K_FOREVER);
		err = reason < 0 ? reason : read_bits(&frame);
		/* Otherwise more bits than the buffer holds came, and the frame goes on. */
		if (reason == EDGEPIPE_IDLE) {
			print_frame(&frame);
			frame = (struct wiegand_frame){0};
		}
	}
	printk("the reader failed: %d\n", err);
	return 0;
}
