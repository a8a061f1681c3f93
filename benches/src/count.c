/*
 * SPDX-License-Identifier: Apache-2.0
 */

#include "count.h"

uint32_t count_overhead;

void count_init(void)
{
	struct tally tally = TALLY_NONE;

#if COUNT_IS_EXACT
	SysTick->CTRL &= ~SysTick_CTRL_TICKINT_Msk;
#endif
	for (int i = 0; i < 10; i++) {
		const uint32_t from = count_now();

		tally_add(&tally, from, count_now());
	}
	count_overhead = tally.least;
}

void tally_add(struct tally *tally, uint32_t from, uint32_t to)
{
	uint32_t count = count_between(from, to) - count_overhead;

	tally->times++;
	tally->sum += count;
	tally->least = MIN(tally->least, count);
	tally->most = MAX(tally->most, count);
}
