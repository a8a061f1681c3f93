/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * What does an edge cost in the interrupt handler?
 *
 * The cost of all edges that fill a buffer, one interrupt each, so that what happens once in a block
 * or a buffer is in it. Nobody drains meanwhile; a reader waits for full buffers with those that know
 * when they are, and is woken. What every handler has to do is reported apart, and not in the rest:
 * walking the list of callbacks and reading the port ("dispatch"), and reading the clock.
 */

#include <stdio.h>

#include "harness.h"
#include "port.h"

static const struct mechanism *mechanism;
static struct setup setup;
static struct record records[CAPACITY];
static size_t taken;

static void wait_for_all(void)
{
	taken = mechanism->wait(records, ARRAY_SIZE(records));
	while (taken < setup.capacity) {
		taken += mechanism->take(records, ARRAY_SIZE(records));
	}
}

/** Fills the buffer once. */
static void fill(struct tally *tally, uint32_t capacity)
{
	harness_tally = TALLY_NONE;
	k_thread_priority_set(k_current_get(), FILLING_PRIORITY);
	port_measures = true;
	for (uint32_t edge = 0; edge < capacity; edge++) {
		port_toggle(BIT(edge % setup.lines));
	}
	port_measures = false;
	*tally = harness_tally;
	k_thread_priority_set(k_current_get(), MAIN_PRIORITY);
}

static void run(struct tally *tally)
{
	taken = 0;
	mechanism->open(&setup);
	if (mechanism->counts) {
		reader_start(wait_for_all);
	}
	fill(tally, setup.capacity);
	if (mechanism->counts) {
		reader_join();
	} else {
		taken = mechanism->take(records, setup.capacity);
	}
	mechanism->close();
	MUST(taken == setup.capacity, "%s: %zu of %u records", mechanism->name, taken,
	     setup.capacity);
}

/* What is in all the others. */

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

/** The cost of every edge that the others are measured without. */
static uint32_t rest;

static void measure_rest(void)
{
	struct tally tally;
	uint32_t dispatched;

	setup.lines = 1;
	listen(dispatch, 1);
	fill(&tally, CAPACITY);
	unlisten();
	report_callgrind("handler", "dispatch", "-");
	dispatched = tally.least;
	listen(dispatch_and_clock, 1);
	fill(&tally, CAPACITY);
	unlisten();
	report_callgrind("handler", "dispatch+clock", "-");
	rest = tally.least;
	report("handler", "dispatch", "-", "each", dispatched);
	report("handler", "clock", "-", "each", rest - dispatched);
}

static void measure(const struct mechanism *subject, uint32_t lines, uint32_t capacity,
		    uint32_t block)
{
	char parameters[48];
	struct tally tally;

	mechanism = subject;
	setup = (struct setup){.lines = lines, .capacity = capacity, .block = block};
	run(&tally);
	if (block == 0) {
		snprintf(parameters, sizeof(parameters), "lines=%u,capacity=%u", lines, capacity);
	} else {
		snprintf(parameters, sizeof(parameters), "lines=%u,capacity=%u,block=%u", lines,
			 capacity, block);
	}
	report_callgrind("handler", subject->name, parameters);
	report_ratio("handler", subject->name, parameters, "amortised",
		     tally.sum - tally.times * rest, tally.times);
	report("handler", subject->name, parameters, "least", tally.least - rest);
	report("handler", subject->name, parameters, "worst", tally.most - rest);
}

void measure_handler(void)
{
	static const uint32_t lines[] = {8, 32};
	static const uint32_t capacities[] = {16, 32, 64, 256, 512, 1024};
	static const uint32_t blocks[] = {1, 8, 16, 32, 64};

	measure_rest();
	for (size_t i = 0; i < mechanisms_count; i++) {
		measure(mechanisms[i], 1, CAPACITY, 0);
	}
	for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
		measure(&mechanism_edgepipe, lines[i], CAPACITY, 0);
	}
	for (size_t i = 0; i < ARRAY_SIZE(capacities); i++) {
		measure(&mechanism_edgepipe, 1, capacities[i], 0);
	}
	for (size_t i = 0; i < ARRAY_SIZE(blocks); i++) {
		measure(&mechanism_edgepipe, 1, CAPACITY, blocks[i]);
	}
}
