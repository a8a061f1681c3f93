/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Shared by the mechanisms that have no threshold.
 */

#include "mechanism.h"

#include "port.h"

struct batch batch;

static struct gpio_callback callback;

void listen(gpio_callback_handler_t handler, uint32_t lines)
{
	gpio_init_callback(&callback, handler, BIT64_MASK(lines));
	gpio_add_callback(bench_port, &callback);
}

void unlisten(void)
{
	gpio_remove_callback(bench_port, &callback);
}

void batch_begin(uint32_t threshold)
{
	batch.threshold = threshold;
	batch.stored = 0;
	k_sem_init(&batch.ready, 0, 1);
}

size_t batch_wait(size_t (*first)(struct record *record),
		  size_t (*take)(struct record *records, size_t most), struct record *records,
		  size_t most)
{
	if (batch.threshold == 1) {
		return first(records);
	}
	k_sem_take(&batch.ready, K_FOREVER);
	return take(records, most);
}
