/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * What is the whole cost of an edge, until the reader has it?
 *
 * Everything from the first of many interrupts until a reader, woken at each threshold, has read the
 * last record into its own memory. The cost of interrupts without any callback is subtracted.
 */

#include <stdio.h>

#include "harness.h"
#include "port.h"

#define EDGES 1024

static const struct mechanism *mechanism;
static struct record records[CAPACITY];
static size_t taken;
static uint32_t wakes;

static void read_all(void)
{
	do {
		taken += mechanism->wait(records, ARRAY_SIZE(records));
		wakes++;
	} while (taken < EDGES);
}

/** Makes the edges; returns the cost. */
static uint32_t make_edges(void)
{
	uint32_t from = count_now();
	uint32_t to;

	for (uint32_t edge = 0; edge < EDGES; edge++) {
		port_toggle(BIT(0));
	}
	to = count_now();
	return count_between(from, to) - count_overhead;
}

/** Lets the reader read at this threshold; returns the cost. */
static uint32_t run_with(const struct mechanism *subject, uint32_t capacity, uint32_t threshold)
{
	const struct setup setup = {.lines = 1, .capacity = capacity, .threshold = threshold};
	uint32_t cost;

	mechanism = subject;
	taken = 0;
	wakes = 0;
	mechanism->open(&setup);
	if (mechanism->has_thread) {
		cost = make_edges();
		taken = mechanism->take(records, EDGES);
		wakes = taken;
	} else {
		reader_start(read_all);
		cost = make_edges();
		reader_join();
	}
	mechanism->close();
	MUST(taken == EDGES, "%s: %zu of %u records", mechanism->name, taken, EDGES);
	return cost;
}

static uint32_t run(const struct mechanism *subject, uint32_t threshold)
{
	return run_with(subject, CAPACITY, threshold);
}

static void for_each(void (*body)(const struct mechanism *subject, uint32_t threshold))
{
	static const uint32_t thresholds[] = {1, 8, 64, CAPACITY};

	ARRAY_FOR_EACH(thresholds, i) {
		for (size_t j = 0; j < mechanisms_count; j++) {
			if (thresholds[i] == 1 || !mechanisms[j]->has_thread) {
				body(mechanisms[j], thresholds[i]);
			}
		}
		body(&mechanism_edgepipe_edges, thresholds[i]);
		body(&mechanism_edgepipe_pipe, thresholds[i]);
	}
}

/** The cost of interrupts without any callback. */
static uint32_t rest;

static void measure_cost(const struct mechanism *subject, uint32_t threshold)
{
	char parameters[32];
	uint32_t cost = run(subject, threshold);

	snprintf(parameters, sizeof(parameters), "threshold=%u", threshold);
	report_ratio("thresholds", subject->name, parameters, "cost", cost - rest, EDGES);
	report_count("thresholds", subject->name, parameters, "wakes", wakes);
}

/** The same at one threshold, for several sizes of the buffer. */
static void measure_capacities(uint32_t threshold)
{
	static const uint32_t capacities[] = {64, 128, 256, 512, 1024};

	ARRAY_FOR_EACH(capacities, i) {
		char parameters[32];
		uint32_t cost = run_with(&mechanism_edgepipe, capacities[i], threshold);

		snprintf(parameters, sizeof(parameters), "capacity=%u,threshold=%u", capacities[i],
			 threshold);
		report_ratio("capacities", mechanism_edgepipe.name, parameters, "cost", cost - rest,
			     EDGES);
	}
}

void measure_thresholds(void)
{
	rest = make_edges();
	report_ratio("thresholds", "interrupt", "-", "cost", rest, EDGES);
	for_each(measure_cost);
	measure_capacities(8);
	measure_capacities(64);
}

#ifdef CONFIG_TRACING_USER

static uint32_t switches;

/* The kernel calls this whenever a thread begins or continues to run. */
void sys_trace_thread_switched_in_user(void)
{
	switches++;
}

static void measure_one(const struct mechanism *subject, uint32_t threshold)
{
	char parameters[32];
	uint32_t before = switches;

	(void)run(subject, threshold);
	snprintf(parameters, sizeof(parameters), "threshold=%u", threshold);
	report_count("switches", subject->name, parameters, "count", switches - before);
}

void measure_switches(void)
{
	report_count("switches", "edges", "-", "count", EDGES);
	for_each(measure_one);
}

#else

void measure_switches(void)
{
}

#endif
