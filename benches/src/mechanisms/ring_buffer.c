/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * ring_buf_put() of each record under a spinlock. A ring buffer wakes no thread: a reader that
 * wants each record waits for a semaphore.
 */

#include <zephyr/sys/ring_buffer.h>

#include "../mechanism.h"

RING_BUF_DECLARE(ring, CAPACITY * sizeof(struct record));

static struct k_spinlock lock;

static void reset(void)
{
	ring_buf_reset(&ring);
}

static ALWAYS_INLINE void put(const struct record *record)
{
	K_SPINLOCK(&lock) {
		(void)ring_buf_put(&ring, (const uint8_t *)record, sizeof(*record));
	}
}

static ALWAYS_INLINE void put_and_count(const struct record *record)
{
	put(record);
	batch_count();
}

static size_t take(struct record *records, size_t most)
{
	size_t bytes = 0;

	K_SPINLOCK(&lock) {
		bytes = ring_buf_get(&ring, (uint8_t *)records, most * sizeof(*records));
	}
	return bytes / sizeof(*records);
}

static void handler(const struct device *port, struct gpio_callback *callback,
		    gpio_port_pins_t pins)
{
	ARG_UNUSED(callback);
	each_record(port, pins, put);
}

static void counting(const struct device *port, struct gpio_callback *callback,
		     gpio_port_pins_t pins)
{
	ARG_UNUSED(callback);
	each_record(port, pins, put_and_count);
}

static void open(const struct setup *setup)
{
	reset();
	batch_begin(setup->threshold);
	listen(setup->threshold != 0 ? counting : handler, setup->lines);
}

static size_t wait(struct record *records, size_t most)
{
	k_sem_take(&batch.ready, K_FOREVER);
	return take(records, most);
}

const struct mechanism mechanism_ring_buffer = {
	.name = "ring_buf",
	.open = open,
	.close = unlisten,
	.wait = wait,
	.take = take,
};
