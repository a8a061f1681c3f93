/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * One k_pipe_write() for each record.
 */

#include "../mechanism.h"

static struct k_pipe pipe;
static uint8_t buffer[CAPACITY * sizeof(struct record)] __aligned(8);

static void reset(void)
{
	k_pipe_init(&pipe, buffer, sizeof(buffer));
}

static ALWAYS_INLINE void put(const struct record *record)
{
	(void)k_pipe_write(&pipe, (const uint8_t *)record, sizeof(*record), K_NO_WAIT);
}

static size_t read(struct record *records, size_t most, k_timeout_t timeout)
{
	int got = k_pipe_read(&pipe, (uint8_t *)records, most * sizeof(*records), timeout);

	return got < 0 ? 0 : got / sizeof(*records);
}

static size_t first(struct record *record)
{
	return read(record, 1, K_FOREVER);
}

static size_t take(struct record *records, size_t most)
{
	return read(records, most, K_NO_WAIT);
}

MECHANISM_DEFINE(pipe, "k_pipe", reset, put, first, take);
