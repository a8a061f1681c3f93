/*
 * SPDX-License-Identifier: Apache-2.0
 */

#include "wiegand.h"

void wiegand_add(struct wiegand_frame *frame, bool bit)
{
	frame->bits = frame->bits << 1 | bit;
	frame->count++;
}

/* The low bits of a frame. */
static uint64_t low(uint64_t bits, unsigned int count)
{
	return bits & ((UINT64_C(1) << count) - 1);
}

static bool is_odd(uint64_t bits)
{
	bool odd = false;

	for (; bits != 0; bits &= bits - 1) {
		odd = !odd;
	}
	return odd;
}

enum wiegand_result wiegand_decode(const struct wiegand_frame *frame, struct wiegand_card *card)
{
	unsigned int half = frame->count / 2;
	uint64_t data = frame->bits >> 1;

	if (frame->has_hole) {
		return WIEGAND_HOLE;
	}
	if (frame->count != 26 && frame->count != 34) {
		return WIEGAND_LENGTH;
	}
	if (is_odd(frame->bits >> half) || !is_odd(low(frame->bits, half))) {
		return WIEGAND_PARITY;
	}
	card->number = (uint16_t)data;
	card->facility = (uint16_t)low(data >> 16, frame->count - 18);
	return WIEGAND_CARD;
}
