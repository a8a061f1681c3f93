/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * How many instructions does a call take?
 */

#include <zephyr/kernel.h>

#include "count.h"

/* Between two ticks, so that none of them is counted. */
uint32_t cost_of_call(void (*body)(void))
{
	uint32_t before;

	k_sleep(K_TICKS(1));
	before = count_now();
	body();
	return count_between(before, count_now());
}
