/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The NEC protocol of infrared remote controls.
 *
 * A frame begins with light for 9 ms and a pause of 4.5 ms. 32 bits follow, the lowest of each byte
 * first: address, address inverted, command, command inverted. A bit is light for 562.5 us and a
 * pause, of 562.5 us for 0 and 1687.5 us for 1. A last light ends the frame. While the key is held,
 * light for 9 ms, a pause of 2.25 ms and a last light repeat it.
 */

#ifndef NEC_H_
#define NEC_H_

#include <stdbool.h>
#include <stdint.h>

struct nec_frame {
	uint8_t address;
	uint8_t command;
	/** The key is still held. The address and the command are those of the frame before. */
	bool repeated;
};

/** Where a decoder is in a frame. Begin with all zero. */
struct nec_decoder {
	/** Bits so far, if it is within a frame. */
	uint8_t bits;
	bool in_frame;
	uint32_t data;
	struct nec_frame last;
	/** The frame before was right. */
	bool has_last;
};

/**
 * Light begins.
 *
 * @param decoder where the decoder is
 * @param us how long ago it began the last time, in microseconds
 * @param frame filled in if it is complete
 * @return whether it is
 */
bool nec_light(struct nec_decoder *decoder, uint32_t us, struct nec_frame *frame);

#endif /* NEC_H_ */
