/*
 * SPDX-License-Identifier: Apache-2.0
 */

#include "nec.h"

/* From one beginning of light to the next, in microseconds. */
#define US_START  13500
#define US_REPEAT 11250
#define US_ZERO   1125
#define US_ONE    2250

/* Within an eighth. */
static bool is_about(uint32_t us, uint32_t expected)
{
	return us > expected - expected / 8 && us < expected + expected / 8;
}

static bool byte_is_right(uint32_t pair)
{
	return (uint8_t)pair == (uint8_t)~(pair >> 8);
}

bool nec_light(struct nec_decoder *decoder, uint32_t us, struct nec_frame *frame)
{
	if (is_about(us, US_START)) {
		decoder->in_frame = true;
		decoder->has_last = false;
		decoder->bits = 0;
		decoder->data = 0;
		return false;
	}
	if (is_about(us, US_REPEAT)) {
		decoder->in_frame = false;
		*frame = decoder->last;
		frame->repeated = true;
		return decoder->has_last;
	}
	if (!decoder->in_frame || (!is_about(us, US_ZERO) && !is_about(us, US_ONE))) {
		decoder->in_frame = false;
		return false;
	}
	if (is_about(us, US_ONE)) {
		decoder->data |= UINT32_C(1) << decoder->bits;
	}
	decoder->bits++;
	if (decoder->bits < 32) {
		return false;
	}
	decoder->in_frame = false;
	if (!byte_is_right(decoder->data) || !byte_is_right(decoder->data >> 16)) {
		return false;
	}
	decoder->last.address = decoder->data;
	decoder->last.command = decoder->data >> 16;
	decoder->has_last = true;
	*frame = decoder->last;
	return true;
}
