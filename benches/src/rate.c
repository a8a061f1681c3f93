/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * How fast may edges arrive without a loss, and how many at once?
 *
 * A timer of the SoC interrupts at a fixed interval of instructions, and each of its interrupts is an
 * edge. Bisection finds the shortest interval at which all of a thousand edges are read: with no other
 * work, and with a thread of higher priority than the reader that is busy for half of the time.
 */

#include <stdio.h>

#include "harness.h"
#include "port.h"

static struct record records[CAPACITY];

/** How many of twice its capacity a mechanism keeps while no thread reads. */
static void measure_burst(const struct mechanism *subject, uint32_t capacity)
{
	const struct setup setup = {.lines = 1, .capacity = capacity, .threshold = 0};
	char parameters[32];
	uint32_t kept = 0;
	size_t got;

	subject->open(&setup);
	k_thread_priority_set(k_current_get(), FILLING_PRIORITY);
	for (uint32_t edge = 0; edge < 2 * capacity; edge++) {
		port_toggle(BIT(0));
	}
	k_thread_priority_set(k_current_get(), MAIN_PRIORITY);
	do {
		got = subject->take(records, ARRAY_SIZE(records));
		for (size_t i = 0; i < got; i++) {
			kept += IS_EDGE(&records[i]);
		}
	} while (got > 0);
	subject->close();
	snprintf(parameters, sizeof(parameters), "capacity=%u", capacity);
	report_count("burst", subject->name, parameters, "edges", kept);
}

#ifdef CONFIG_SOC_TI_LM3S6965

#define EDGES 1024

/* The range of intervals that are tried, in instructions. */
#define SHORTEST 100
#define LONGEST  4000

/* Instructions for which the busy thread works, and then sleeps. */
#define SLICE 10000

/* The SoC's general-purpose timers 0 and 1, at 12.5 MHz like SysTick. */
#define EDGE_TIMER	  0x40030000
#define EDGE_TIMER_IRQ	  19
#define LOAD_TIMER	  0x40031000
#define LOAD_TIMER_IRQ	  21
#define TIMER_CONFIG	  0x000
#define TIMER_MODE	  0x004
#define TIMER_CONTROL	  0x00c
#define TIMER_IRQ_MASK	  0x018
#define TIMER_IRQ_CLEAR	  0x024
#define TIMER_INTERVAL	  0x028
#define TIMER_PERIODIC	  2
#define TIMER_TIME_OUT	  BIT(0)

static void timer_start(mem_addr_t timer, uint32_t instructions)
{
	uint32_t steps = (instructions << CONFIG_QEMU_ICOUNT_SHIFT) / COUNT_STEP_NS;

	sys_write32(0, timer + TIMER_CONFIG);
	sys_write32(TIMER_PERIODIC, timer + TIMER_MODE);
	sys_write32(steps, timer + TIMER_INTERVAL);
	sys_write32(TIMER_TIME_OUT, timer + TIMER_IRQ_MASK);
	sys_write32(1, timer + TIMER_CONTROL);
}

static void timer_stop(mem_addr_t timer)
{
	sys_write32(0, timer + TIMER_CONTROL);
	sys_write32(TIMER_TIME_OUT, timer + TIMER_IRQ_CLEAR);
}

static volatile uint32_t made;
static volatile uint32_t last_at;

static void edge_isr(const void *arg)
{
	ARG_UNUSED(arg);

	sys_write32(TIMER_TIME_OUT, EDGE_TIMER + TIMER_IRQ_CLEAR);
	port_toggle_in_isr(BIT(0));
	made++;
	if (made == EDGES) {
		last_at = count_now();
		timer_stop(EDGE_TIMER);
	}
}

static K_SEM_DEFINE(slice, 0, 1);

static void load_isr(const void *arg)
{
	ARG_UNUSED(arg);

	sys_write32(TIMER_TIME_OUT, LOAD_TIMER + TIMER_IRQ_CLEAR);
	k_sem_give(&slice);
}

static void work(void *p1, void *p2, void *p3)
{
	ARG_UNUSED(p1);
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);

	while (true) {
		uint32_t from;

		k_sem_take(&slice, K_FOREVER);
		from = count_now();
		while (count_between(from, count_now()) < SLICE) {
		}
	}
}

K_THREAD_DEFINE(busy, 1024, work, NULL, NULL, NULL, FILLING_PRIORITY, 0, 0);

static const struct mechanism *mechanism;
static volatile size_t taken;
static volatile bool stops;

/* The number of records at which a reader wakes. */
#define THRESHOLD (CAPACITY / 2)

static void read_on(void)
{
	while (!stops) {
		taken += mechanism->wait(records, ARRAY_SIZE(records));
	}
}

/** Ends the reader with as many edges as wake it, for which there is room. */
static void reader_stop(void)
{
	stops = true;
	for (uint32_t edge = 0; edge < THRESHOLD; edge++) {
		port_toggle(BIT(0));
	}
	reader_join();
	stops = false;
}

/** Whether all edges at this interval are read. */
static bool keeps_up(uint32_t interval)
{
	const struct setup setup = {
		.lines = 1,
		.capacity = CAPACITY,
		.threshold = mechanism->has_thread ? 0 : THRESHOLD,
	};
	uint32_t from;
	uint32_t took;
	size_t edges = EDGES;

	made = 0;
	taken = 0;
	mechanism->open(&setup);
	if (!mechanism->has_thread) {
		reader_start(read_on);
	}
	from = count_now();
	timer_start(EDGE_TIMER, interval);
	/* This has the lowest priority, so it runs when everything has been read. */
	while (made < EDGES) {
	}
	took = count_between(from, last_at);
	if (!mechanism->has_thread) {
		reader_stop();
		edges += THRESHOLD;
	}
	/* The records below the threshold. */
	taken += mechanism->take(records, ARRAY_SIZE(records));
	mechanism->close();
	/* An interrupt that arrived while one was pending is an edge that the hardware lost. */
	return taken == edges && took < (EDGES + 2) * interval;
}

static void find_interval(const struct mechanism *subject, const char *parameters)
{
	uint32_t fails = SHORTEST;
	uint32_t works = LONGEST;

	mechanism = subject;
	MUST(keeps_up(works), "%s does not keep up at all", subject->name);
	while (works - fails > 5) {
		uint32_t middle = (works + fails) / 2;

		if (keeps_up(middle)) {
			works = middle;
		} else {
			fails = middle;
		}
	}
	report("rate", subject->name, parameters, "interval", works);
}

static void measure_intervals(void)
{
	IRQ_CONNECT(EDGE_TIMER_IRQ, 2, edge_isr, NULL, 0);
	irq_enable(EDGE_TIMER_IRQ);
	IRQ_CONNECT(LOAD_TIMER_IRQ, 2, load_isr, NULL, 0);
	irq_enable(LOAD_TIMER_IRQ);
	for (size_t i = 0; i < mechanisms_count; i++) {
		find_interval(mechanisms[i], "load=0");
	}
	timer_start(LOAD_TIMER, 2 * SLICE);
	for (size_t i = 0; i < mechanisms_count; i++) {
		find_interval(mechanisms[i], "load=50");
	}
	timer_stop(LOAD_TIMER);
}

#else

static void measure_intervals(void)
{
	printk("bench: SKIP rate: here code takes no time\n");
}

#endif

void measure_rate(void)
{
	static const uint32_t capacities[] = {16, 64, 256, 1024};

	for (size_t i = 0; i < mechanisms_count; i++) {
		measure_burst(mechanisms[i], CAPACITY);
	}
	ARRAY_FOR_EACH(capacities, i) {
		measure_burst(&mechanism_edgepipe, capacities[i]);
	}
	measure_intervals();
}
