/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The part that every handler has: walking the list of callbacks and reading the port, and reading the
 * clock.
 */

#include "harness.h"

static void dispatch(const struct device *port, struct gpio_callback *callback,
		     gpio_port_pins_t pins)
{
	gpio_port_value_t levels;

	ARG_UNUSED(callback);
	ARG_UNUSED(pins);
	(void)gpio_port_get_raw(port, &levels);
}

static void dispatch_and_clock(const struct device *port, struct gpio_callback *callback,
			       gpio_port_pins_t pins)
{
	dispatch(port, callback, pins);
	(void)k_cycle_get_32();
}

static K_TIMER_DEFINE(timer, NULL, NULL);

/** Expires before that one, so that starting it does not set SysTick, by which instructions are counted. */
static K_TIMER_DEFINE(earlier, NULL, NULL);

/** Starts a deadline. The first start is the most expensive. */
static void dispatch_and_timer(const struct device *port, struct gpio_callback *callback,
			       gpio_port_pins_t pins)
{
	ARG_UNUSED(port);
	ARG_UNUSED(callback);
	ARG_UNUSED(pins);

	k_timer_start(&timer, K_TICKS(101), K_NO_WAIT);
}

uint32_t measure_rest(void)
{
	struct tally tally;
	uint32_t dispatched;
	uint32_t rest;

	listen(dispatch, 1);
	harness_fill(&tally, CAPACITY, 1);
	unlisten();
	report_callgrind("handler", "dispatch", "-");
	dispatched = tally.least;
	listen(dispatch_and_clock, 1);
	harness_fill(&tally, CAPACITY, 1);
	unlisten();
	report_callgrind("handler", "dispatch+clock", "-");
	report("handler", "dispatch", "-", "each", dispatched);
	report("handler", "clock", "-", "each", tally.least - dispatched);
	rest = tally.least;
	k_timer_start(&earlier, K_TICKS(50), K_NO_WAIT);
	listen(dispatch_and_timer, 1);
	harness_fill(&tally, CAPACITY, 1);
	unlisten();
	k_timer_stop(&timer);
	k_timer_stop(&earlier);
	report("handler", "k_timer_start", "-", "each", tally.most - dispatched);
	return rest;
}
