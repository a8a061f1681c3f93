/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * A rotary encoder with two lines, A and B. In one direction A changes before B, in the other
 * after it. The position goes on by one at each edge; most knobs have four edges to a detent.
 */

#ifndef ENCODER_H_
#define ENCODER_H_

#include <stdbool.h>
#include <stdint.h>

/** An encoder. Begin with all zero, but for the levels. */
struct encoder {
	/** In edges; it wraps. */
	int32_t position;
	/** The levels of the lines, A in bit 0, B in bit 1; first those before the first edge. */
	uint32_t levels;
	/** It was turned unseen: the position is no longer exact. */
	bool is_vague;
};

/** Line @p line, 0 for A and 1 for B, went to @p level. */
void encoder_edge(struct encoder *encoder, unsigned int line, bool level);

/** There is a hole in which @p lost edges were lost, and @p levels are the levels at its end. */
void encoder_hole(struct encoder *encoder, uint32_t levels, uint32_t lost);

#endif /* ENCODER_H_ */
