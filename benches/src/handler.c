/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * What does an edge cost in the interrupt handler?
 *
 * The cost of all edges that fill a buffer, one interrupt each. It includes what happens once in a
 * buffer. No thread reads meanwhile. If a mechanism knows when its buffer is full, a reader waits
 * for that and is woken. The part that every handler has is reported separately, and subtracted
 * from the rest: walking the list of callbacks and reading the port ("dispatch"), and reading the
 * clock.
 */

#include <stdio.h>

#include "harness.h"
#include "port.h"

static const struct mechanism *mechanism;
static struct setup setup;
static struct record records[CAPACITY];
static size_t taken;

/** The cost of every handler, which is subtracted. */
static uint32_t rest;

static void wait_for_all(void)
{
	taken = mechanism->wait(records, ARRAY_SIZE(records));
	while (taken < setup.capacity) {
		taken += mechanism->take(records, ARRAY_SIZE(records));
	}
}

static void run(struct tally *tally)
{
	taken = 0;
	mechanism->open(&setup);
	if (mechanism->counts) {
		reader_start(wait_for_all);
	}
	harness_fill(tally, setup.capacity, setup.lines);
	if (mechanism->counts) {
		reader_join();
	} else {
		taken = mechanism->take(records, setup.capacity);
	}
	mechanism->close();
	MUST(taken == setup.capacity, "%s: %zu of %u records", mechanism->name, taken,
	     setup.capacity);
}

static void measure(const struct mechanism *subject, uint32_t lines, uint32_t capacity)
{
	char parameters[48];
	struct tally tally;

	mechanism = subject;
	setup = (struct setup){.lines = lines, .capacity = capacity};
	run(&tally);
	snprintf(parameters, sizeof(parameters), "lines=%u,capacity=%u", lines, capacity);
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

	rest = measure_rest();
	for (size_t i = 0; i < mechanisms_count; i++) {
		measure(mechanisms[i], 1, CAPACITY);
	}
	for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
		measure(&mechanism_edgepipe, lines[i], CAPACITY);
	}
	for (size_t i = 0; i < ARRAY_SIZE(capacities); i++) {
		measure(&mechanism_edgepipe, 1, capacities[i]);
	}
}
