/*
 * SPDX-License-Identifier: Apache-2.0
 */

#include "harness.h"

#include <stdio.h>

#include "port.h"

#include <zephyr/sys/printk.h>

struct tally harness_tally;

static K_SEM_DEFINE(start, 0, 1);
static K_SEM_DEFINE(ended, 0, 1);
static void (*body)(void);

static void reader(void *p1, void *p2, void *p3)
{
	ARG_UNUSED(p1);
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);

	while (true) {
		k_sem_take(&start, K_FOREVER);
		body();
		k_sem_give(&ended);
	}
}

static K_THREAD_STACK_DEFINE(reader_stack, 3072);
static struct k_thread reader_thread;

void harness_init(void)
{
	k_thread_priority_set(k_current_get(), MAIN_PRIORITY);
	k_thread_create(&reader_thread, reader_stack, K_THREAD_STACK_SIZEOF(reader_stack), reader,
			NULL, NULL, NULL, READER_PRIORITY, 0, K_NO_WAIT);
}

void reader_start(void (*what)(void))
{
	body = what;
	k_sem_give(&start);
}

void reader_join(void)
{
	MUST(k_sem_take(&ended, K_NO_WAIT) == 0, "the reader still waits");
}

void harness_fill(struct tally *tally, uint32_t edges, uint32_t lines)
{
	harness_tally = TALLY_NONE;
	k_thread_priority_set(k_current_get(), FILLING_PRIORITY);
	port_measures = true;
	for (uint32_t edge = 0; edge < edges; edge++) {
		port_toggle(BIT(edge % lines));
	}
	port_measures = false;
	*tally = harness_tally;
	k_thread_priority_set(k_current_get(), MAIN_PRIORITY);
}

void report_count(const char *group, const char *subject, const char *parameters,
		  const char *figure, uint32_t value)
{
	printk("bench: %s %s %s %s %u\n", group, subject, parameters, figure, value);
}

void report(const char *group, const char *subject, const char *parameters, const char *figure,
	    uint32_t instructions)
{
	if (COUNT_IS_EXACT) {
		report_count(group, subject, parameters, figure, instructions);
	}
}

void report_ratio(const char *group, const char *subject, const char *parameters,
		  const char *figure, uint32_t instructions, uint32_t among)
{
	uint32_t tenths = (10 * instructions + among / 2) / among;

	if (COUNT_IS_EXACT) {
		printk("bench: %s %s %s %s %u.%u\n", group, subject, parameters, figure,
		       tenths / 10, tenths % 10);
	}
}

void report_callgrind(const char *group, const char *subject, const char *parameters)
{
#ifdef HAVE_CALLGRIND
	char what[96];

	snprintf(what, sizeof(what), "%s %s %s", group, subject, parameters);
	CALLGRIND_DUMP_STATS_AT(what);
#else
	ARG_UNUSED(group);
	ARG_UNUSED(subject);
	ARG_UNUSED(parameters);
#endif
}
