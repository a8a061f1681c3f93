/*
 * SPDX-License-Identifier: Apache-2.0
 */

#include "block.h"

#define SECOND_NS UINT64_C(1000000000)

void block_add(struct block *block, uint32_t value, uint64_t time_ns)
{
	if (block->count == 0) {
		block->first_ns = time_ns;
		block->min = value;
		block->max = value;
	}
	if (value < block->min) {
		block->min = value;
	}
	if (value > block->max) {
		block->max = value;
	}
	block->last_ns = time_ns;
	block->sum += value;
	block->count++;
}

/* To the nearest whole number; 0 if it cannot be divided. */
static uint32_t divided(uint64_t dividend, uint64_t divisor)
{
	return divisor == 0 ? 0 : (uint32_t)((dividend + divisor / 2) / divisor);
}

uint32_t block_mean(const struct block *block)
{
	return divided(block->sum, block->count);
}

uint32_t block_hertz(const struct block *block)
{
	/* If there are not two times, the divisor is 0. */
	return divided((block->count - UINT64_C(1)) * SECOND_NS, block->last_ns - block->first_ns);
}
