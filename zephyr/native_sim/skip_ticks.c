/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * native_sim's runner: simulated time goes on in large steps while nothing happens.
 *
 * The kernel orders the model of the hardware timer to stay silent for a number of ticks, and the model then
 * counts them one by one. With a tick of 1 us, an idle hour takes a minute. Here, the timer is given a longer
 * period while it is silent. The linker puts these functions in place of the model's (--wrap).
 */

#include <stdint.h>

#include "nsi_hw_scheduler.h"

/* The model's own. */
void __real_hwtimer_enable(uint64_t period);
void __real_hwtimer_set_silent_ticks(int64_t ticks);

void __wrap_hwtimer_enable(uint64_t period);
void __wrap_hwtimer_set_silent_ticks(int64_t ticks);

/* The longest step, in microseconds: so much later than asked may -stop_at end the run. */
#define STEP 100000U

/* The kernel cannot announce more at once. */
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
	uint64_t until_last = until_next + (ticks < TICKS_MAX ? ticks : TICKS_MAX) * tick;
	uint64_t steps = until_last / STEP;
	uint64_t rest = until_last % STEP;

	if (steps == 0 || rest == 0) {
		__real_hwtimer_enable(steps == 0 ? rest : STEP);
		__real_hwtimer_set_silent_ticks(steps == 0 ? 0 : steps - 1);
	} else {
		/* The kernel is interrupted after the rest, and asks again for the whole steps. */
		__real_hwtimer_enable(rest);
		__real_hwtimer_set_silent_ticks(0);
	}
}
