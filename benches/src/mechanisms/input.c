/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * input_report() of each edge: line, level and sequence in the code, the time in the value. The input
 * subsystem has its own thread, which passes each event to a callback.
 */

#include <zephyr/input/input.h>

#include "../mechanism.h"
#include "../port.h"

static struct record got[CAPACITY];
static size_t got_count;

static ALWAYS_INLINE void put(const struct record *record)
{
	(void)input_report(bench_port, INPUT_EV_VENDOR_START,
			   record->line_and_level | record->sequence << 8, record->cycles, true,
			   K_NO_WAIT);
}

static void event(struct input_event *event, void *user_data)
{
	ARG_UNUSED(user_data);
	got[got_count % CAPACITY] = (struct record){
		.cycles = event->value,
		.line_and_level = event->code & 0xff,
		.sequence = event->code >> 8,
	};
	got_count++;
}

INPUT_CALLBACK_DEFINE(NULL, event, NULL);

static void handler(const struct device *port, struct gpio_callback *callback,
		    gpio_port_pins_t pins)
{
	ARG_UNUSED(callback);
	each_record(port, pins, put);
}

static void open(const struct setup *setup)
{
	got_count = 0;
	listen(handler, setup->lines);
}

/* The thread has run before. */
static size_t take(struct record *records, size_t most)
{
	size_t count = got_count;

	ARG_UNUSED(records);
	ARG_UNUSED(most);
	got_count = 0;
	return count;
}

const struct mechanism mechanism_input = {
	.name = "input",
	.has_thread = true,
	.open = open,
	.close = unlisten,
	.take = take,
};
