/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Frames of remote controls with the NEC protocol.
 *
 * Only the times from one beginning of light to the next count: 13.5 ms at the start of a frame, then 1.125 ms for each 0
 * and 2.25 ms for each 1. The 32 bits, the lowest of a byte first, are the address, its inverse, the command, and its
 * inverse. A last light ends the last bit. While the key is held, a frame of two lights, 11.25 ms apart, repeats it
 * every 108 ms.
 */

#ifndef NEC_H_
#define NEC_H_

#include <stdbool.h>
#include <stdint.h>

/** A key of a remote control. */
struct nec_key {
	uint8_t address;
	uint8_t command;
};

/** What became of a frame. */
enum nec_result {
	/** A key was pressed. */
	NEC_KEY,
	/** The key of the frame before is still held. */
	NEC_AGAIN,
	/** Lights were lost. */
	NEC_HOLE,
	/** It does not begin as a frame does. */
	NEC_START,
	/** A bit is neither 0 nor 1. */
	NEC_BIT,
	/** It has too few bits or too many. */
	NEC_LENGTH,
	/** A byte does not match its inverse. */
	NEC_INVERSE,
	/** It repeats a key, but no right frame came directly before. */
	NEC_ALONE,
};

/** A decoder. Begin with all zero. */
struct nec_decoder {
	/** The bits of this frame so far; the first one is the lowest. */
	uint32_t bits;
	/** How many times light began in it. */
	unsigned int lights;
	/** From its first light to the second. */
	uint32_t start_us;
	/** From the beginning of the frame before to that of this one. */
	uint32_t apart_us;
	/** From the beginning of this frame to its newest light. */
	uint32_t age_us;
	/** Some of its lights are missing. */
	bool has_hole;
	/** One of its bits is neither 0 nor 1. */
	bool has_wrong_bit;
	/** The frame before was right: the key is @ref key. */
	bool is_held;
	struct nec_key key;
};

/** Light begins, @p us microseconds after it began the last time; UINT32_MAX also stands for more. */
void nec_light(struct nec_decoder *decoder, uint32_t us);

/** Lights were lost here. */
void nec_hole(struct nec_decoder *decoder);

/** The frame has ended. @p key is written for NEC_KEY and NEC_AGAIN only. */
enum nec_result nec_end(struct nec_decoder *decoder, struct nec_key *key);

#endif /* NEC_H_ */
