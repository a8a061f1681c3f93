/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * What is told of a block of samples, between which none is missing.
 */

#ifndef BLOCK_H_
#define BLOCK_H_

#include <stdint.h>

/** A block of samples. Begin with all zero. */
struct block {
	/** How many. */
	uint32_t count;
	/** The lowest and the highest one. */
	uint32_t min;
	uint32_t max;
	/** All of them together. */
	uint64_t sum;
	/** The times of the first and of the last one. */
	uint64_t first_ns;
	uint64_t last_ns;
};

/** Adds the next sample. */
void block_add(struct block *block, uint32_t value, uint64_t time_ns);

/** The mean, to the nearest whole number; 0 of no samples. */
uint32_t block_mean(const struct block *block);

/** Samples in a second, to the nearest whole number; 0 if fewer than two times are known. */
uint32_t block_hertz(const struct block *block);

#endif /* BLOCK_H_ */
