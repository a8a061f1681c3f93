/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Wiegand frames of card readers: 26 bits with a facility of 8 bits and a card number of 16, or 34 bits with 16 and 16.
 * The first bit makes the parity of the first half even, the last one that of the second half odd.
 */

#ifndef WIEGAND_H_
#define WIEGAND_H_

#include <stdbool.h>
#include <stdint.h>

/** A frame, bit by bit. Begin with all zero. */
struct wiegand_frame {
	/** The bits so far; the first one is the highest. */
	uint64_t bits;
	/** How many. */
	unsigned int count;
	/** Some are missing. */
	bool has_hole;
};

/** What a card says. */
struct wiegand_card {
	uint16_t facility;
	uint16_t number;
};

/** What became of a frame. */
enum wiegand_result {
	WIEGAND_CARD,
	/** Bits were lost. */
	WIEGAND_HOLE,
	/** It has neither 26 bits nor 34. */
	WIEGAND_LENGTH,
	/** A parity is wrong. */
	WIEGAND_PARITY,
};

/** Adds a bit: false for an edge of D0, true for one of D1. */
void wiegand_add(struct wiegand_frame *frame, bool bit);

/** Decodes a frame that has ended; @p card is written for WIEGAND_CARD only. */
enum wiegand_result wiegand_decode(const struct wiegand_frame *frame, struct wiegand_card *card);

#endif /* WIEGAND_H_ */
