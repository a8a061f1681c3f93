/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * What edgepipe does, by hand. Each record goes to a pipe and is counted as stored or lost, under a
 * lock, because the reader changes the count. A semaphore is given when there are as many records
 * as the reader waits for.
 */

#include "../mechanism.h"

static struct k_pipe pipe;
static uint8_t buffer[CAPACITY * sizeof(struct record)] __aligned(8);
static struct k_sem ready;
static struct k_spinlock lock;
static uint32_t threshold;
static uint32_t pending;
static uint64_t captured;
static uint64_t lost;

static ALWAYS_INLINE void put(const struct record *record)
{
	k_spinlock_key_t key = k_spin_lock(&lock);
	bool is_ready;

	captured++;
	if (pending < CAPACITY) {
		(void)k_pipe_write(&pipe, (const uint8_t *)record, sizeof(*record), K_NO_WAIT);
		pending++;
	} else {
		lost++;
	}
	is_ready = pending == threshold;
	k_spin_unlock(&lock, key);
	if (is_ready) {
		k_sem_give(&ready);
	}
}

static void handler(const struct device *port, struct gpio_callback *callback,
		    gpio_port_pins_t pins)
{
	ARG_UNUSED(callback);
	each_record(port, pins, put);
}

static void open(const struct setup *setup)
{
	k_pipe_init(&pipe, buffer, sizeof(buffer));
	k_sem_init(&ready, 0, 1);
	threshold = setup->threshold != 0 ? setup->threshold : CAPACITY;
	pending = 0;
	listen(handler, setup->lines);
}

static size_t take(struct record *records, size_t most)
{
	k_spinlock_key_t key = k_spin_lock(&lock);
	int got = k_pipe_read(&pipe, (uint8_t *)records, most * sizeof(*records), K_NO_WAIT);
	size_t count = got < 0 ? 0 : got / sizeof(*records);

	pending -= count;
	k_spin_unlock(&lock, key);
	return count;
}

static size_t wait(struct record *records, size_t most)
{
	k_sem_take(&ready, K_FOREVER);
	return take(records, most);
}

const struct mechanism mechanism_by_hand = {
	.name = "by_hand",
	.counts = true,
	.open = open,
	.close = unlisten,
	.wait = wait,
	.take = take,
};
