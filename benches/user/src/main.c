/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * What do a wake, a read and some other calls cost a thread in user mode, and one in supervisor mode?
 *
 * The main thread has a lower priority. It counts from an action that wakes the reader until it runs again, because the
 * reader sleeps. So all is in it: the interrupt, the switches to the reader and back, and the calls.
 */

#include "count.h"

#include <zephyr/app_memory/app_memdomain.h>
#include <zephyr/drivers/gpio.h>
#include <zephyr/drivers/gpio/gpio_emul.h>
#include <zephyr/kernel.h>
#include <zephyr/sys/printk.h>

#include <edgepipe/edgepipe.h>

#define THRESHOLD 16
#define ROUNDS    8
#define CALLS     64

/* An interrupt that the board does not use. */
#define LINE_IRQ 31

#define READER_PRIORITY K_PRIO_PREEMPT(4)
#define MAIN_PRIORITY   K_PRIO_PREEMPT(6)

static const struct device *const captured = DEVICE_DT_GET(DT_NODELABEL(captured));
static const struct device *const port = DEVICE_DT_GET(DT_NODELABEL(port));

K_SEM_DEFINE(start, 0, 1);
static struct k_thread reader;
static K_THREAD_STACK_DEFINE(stack, 2048);

/* What the reader may write. */
K_APPMEM_PARTITION_DEFINE(partition);
#define OWN K_APP_BMEM(partition)

OWN static uint8_t bytes[THRESHOLD * EDGEPIPE_RECORD_BYTES];
OWN static struct edgepipe_edge edges[THRESHOLD];
OWN static struct edgepipe_stats stats;
OWN static void (*volatile body)(void);
OWN static volatile int times;
OWN static volatile long result;

static void nothing(void)
{
}

static void ready(void)
{
	result = edgepipe_ready(captured);
}

static void wait_not(void)
{
	result = edgepipe_wait(captured, K_NO_WAIT);
}

static void read_empty(void)
{
	result = edgepipe_read(captured, bytes, sizeof(bytes), K_NO_WAIT);
}

static void statistics(void)
{
	result = edgepipe_stats(captured, &stats);
}

static void wait_and_read(void)
{
	edgepipe_wait(captured, K_FOREVER);
	result = edgepipe_read(captured, bytes, sizeof(bytes), K_NO_WAIT);
}

static void wait_and_read_edges(void)
{
	edgepipe_wait(captured, K_FOREVER);
	result = edgepipe_read_edges(captured, edges, THRESHOLD, K_NO_WAIT);
}

static void run(void *a, void *b, void *c)
{
	ARG_UNUSED(a);
	ARG_UNUSED(b);
	ARG_UNUSED(c);

	while (true) {
		k_sem_take(&start, K_FOREVER);
		for (int i = 0; i < times; i++) {
			body();
		}
	}
}

/* Lets the reader call `what`, until it sleeps; returns the instructions. */
static uint32_t let_call(void (*what)(void), int count)
{
	uint32_t from;

	body = what;
	times = count;
	from = count_now();
	k_sem_give(&start);
	return count_between(from, count_now());
}

static void toggle(const void *unused)
{
	static int level;

	ARG_UNUSED(unused);
	level = !level;
	(void)gpio_emul_input_set(port, 0, level);
}

/* An edge, in an interrupt. */
static void edge(void)
{
	NVIC_SetPendingIRQ(LINE_IRQ);
	__DSB();
	__ISB();
}

static void report(const char *mode, const char *figure, uint32_t sum, uint32_t among)
{
	printk("bench: user %s threshold=%d %s %u\n", mode, THRESHOLD, figure, (sum + among / 2) / among);
}

static void measure_call(const char *mode, const char *figure, void (*what)(void))
{
	uint32_t without = let_call(nothing, CALLS);

	report(mode, figure, let_call(what, CALLS) - without, CALLS);
}

static void measure_wake(const char *mode, const char *figure, void (*what)(void), long expected)
{
	struct tally tally = TALLY_NONE;

	(void)let_call(what, ROUNDS);
	for (int round = 0; round < ROUNDS; round++) {
		uint32_t from;

		for (int i = 1; i < THRESHOLD; i++) {
			edge();
		}
		result = 0;
		from = count_now();
		edge();
		tally_add(&tally, from, count_now());
		if (result != expected) {
			printk("bench: FAIL: %ld were read\n", result);
			return;
		}
	}
	report(mode, figure, tally.sum, tally.times);
}

static void measure(const char *mode, uint32_t options)
{
	k_thread_create(&reader, stack, K_THREAD_STACK_SIZEOF(stack), run, NULL, NULL, NULL,
			READER_PRIORITY, options, K_FOREVER);
	k_thread_access_grant(&reader, captured, &start);
	k_thread_start(&reader);
	measure_call(mode, "ready", ready);
	measure_call(mode, "wait", wait_not);
	measure_call(mode, "empty_read", read_empty);
	measure_call(mode, "statistics", statistics);
	measure_wake(mode, "wake_and_read", wait_and_read, sizeof(bytes));
	measure_wake(mode, "wake_and_read_edges", wait_and_read_edges, THRESHOLD);
	k_thread_abort(&reader);
}

int main(void)
{
	k_thread_priority_set(k_current_get(), MAIN_PRIORITY);
	count_init();
	IRQ_CONNECT(LINE_IRQ, 1, toggle, NULL, 0);
	irq_enable(LINE_IRQ);
	if (edgepipe_open(captured) != 0) {
		printk("bench: FAIL: it cannot be opened\n");
		return 0;
	}
	measure("supervisor", 0);
#ifdef CONFIG_USERSPACE
	(void)k_mem_domain_add_partition(&k_mem_domain_default, &partition);
	measure("user", K_USER);
#endif
	printk("bench: END\n");
	return 0;
}
