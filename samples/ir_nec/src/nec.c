/*
 * SPDX-License-Identifier: Apache-2.0
 */

#include "nec.h"

/* From one beginning of light to the next, in microseconds. */
#define US_START  13500
#define US_REPEAT 11250
#define US_ZERO   1125
#define US_ONE    2250

/* Half of what is between two that must be told apart. */
#define US_TOLERANCE     ((US_START - US_REPEAT) / 2)
#define US_BIT_TOLERANCE ((US_ONE - US_ZERO) / 2)

/* A key that is held is repeated every 108 ms. */
#define US_APART 120000

/* All bits, the light before the first one, and the light after the last one. */
#define BITS   32
#define LIGHTS (BITS + 2)

static bool is_about(uint32_t us, uint32_t expected, uint32_t tolerance)
{
	return us >= expected - tolerance && us < expected + tolerance;
}

static void add_bit(struct nec_decoder *decoder, uint32_t us)
{
	unsigned int bit = decoder->lights - 2;

	if (is_about(us, US_ONE, US_BIT_TOLERANCE)) {
		if (bit < BITS) {
			decoder->bits |= UINT32_C(1) << bit;
		}
	} else if (!is_about(us, US_ZERO, US_BIT_TOLERANCE)) {
		decoder->has_wrong_bit = true;
	}
}

void nec_light(struct nec_decoder *decoder, uint32_t us)
{
	uint32_t age_us = us < UINT32_MAX - decoder->age_us ? decoder->age_us + us : UINT32_MAX;

	decoder->age_us = age_us;
	if (decoder->lights == 0) {
		decoder->apart_us = age_us;
		decoder->age_us = 0;
	} else if (decoder->lights == 1) {
		decoder->start_us = us;
	} else {
		add_bit(decoder, us);
	}
	decoder->lights++;
}

void nec_hole(struct nec_decoder *decoder)
{
	decoder->has_hole = true;
}

static bool has_inverse(uint32_t bytes)
{
	return (uint8_t)bytes == (uint8_t)~(bytes >> 8);
}

static enum nec_result result_of(const struct nec_decoder *decoder)
{
	if (decoder->has_hole) {
		return NEC_HOLE;
	}
	if (decoder->lights < 2) {
		return NEC_LENGTH;
	}
	if (is_about(decoder->start_us, US_REPEAT, US_TOLERANCE)) {
		if (decoder->lights > 2) {
			return NEC_LENGTH;
		}
		return decoder->is_held && decoder->apart_us <= US_APART ? NEC_AGAIN : NEC_ALONE;
	}
	if (!is_about(decoder->start_us, US_START, US_TOLERANCE)) {
		return NEC_START;
	}
	if (decoder->has_wrong_bit) {
		return NEC_BIT;
	}
	if (decoder->lights != LIGHTS) {
		return NEC_LENGTH;
	}
	if (!has_inverse(decoder->bits) || !has_inverse(decoder->bits >> 16)) {
		return NEC_INVERSE;
	}
	return NEC_KEY;
}

enum nec_result nec_end(struct nec_decoder *decoder, struct nec_key *key)
{
	enum nec_result result = result_of(decoder);

	if (result == NEC_KEY) {
		decoder->key.address = (uint8_t)decoder->bits;
		decoder->key.command = (uint8_t)(decoder->bits >> 16);
	}
	decoder->is_held = result == NEC_KEY || result == NEC_AGAIN;
	if (decoder->is_held) {
		*key = decoder->key;
	}
	decoder->bits = 0;
	decoder->lights = 0;
	decoder->has_hole = false;
	decoder->has_wrong_bit = false;
	return result;
}
