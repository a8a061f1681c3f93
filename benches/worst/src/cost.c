/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * How many instructions does a call take?
 */

#include "count.h"

/* The benches have no system clock, so nothing interrupts. */
uint32_t cost_of_call(void (*body)(void))
{
	uint32_t before = count_now();

	body();
	return count_between(before, count_now());
}
