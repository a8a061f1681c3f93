/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * native_sim's runner: simulated time jumps to the next time-out.
 *
 * The model of the hardware timer takes the kernel's order to stay silent for a number of ticks, and then
 * counts these ticks one by one. With a tick of 1 us, an idle hour takes a minute. Here, instead, the timer
 * is set to the tick that interrupts. The linker puts these functions in place of the model's (--wrap).
 */

#include <stdint.h>

#include "nsi_hw_scheduler.h"

/* The model's own. */
void __real_hwtimer_enable(uint64_t period);
void __real_hwtimer_set_silent_ticks(int64_t ticks);

void __wrap_hwtimer_enable(uint64_t period);
void __wrap_hwtimer_set_silent_ticks(int64_t ticks);

/* The longest jump in ticks: the kernel cannot announce more at once. */
#define TICKS_MAX INT32_MAX

/* In microseconds. */
static uint64_t tick;
static uint64_t first;

void __wrap_hwtimer_enable(uint64_t period)
{
	tick = period;
	first = nsi_hws_get_time();
	__real_hwtimer_enable(period);
}

void __wrap_hwtimer_set_silent_ticks(int64_t ticks)
{
	if (tick == 0) {
		__real_hwtimer_set_silent_ticks(ticks);
		return;
	}

	/* Ticks stay where they were, at whole ticks after the first. */
	uint64_t until_next = tick - (nsi_hws_get_time() - first) % tick;
	uint64_t silent = ticks < TICKS_MAX ? ticks : TICKS_MAX;

	__real_hwtimer_enable(until_next + silent * tick);
}
