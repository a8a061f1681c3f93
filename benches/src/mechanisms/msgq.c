/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * k_msgq_put() of each record.
 */

#include "../mechanism.h"

K_MSGQ_DEFINE(edge_queue, sizeof(struct record), CAPACITY, 8);

static void reset(void)
{
	k_msgq_purge(&edge_queue);
}

static ALWAYS_INLINE void put(const struct record *record)
{
	(void)k_msgq_put(&edge_queue, record, K_NO_WAIT);
}

static size_t first(struct record *record)
{
	return k_msgq_get(&edge_queue, record, K_FOREVER) == 0 ? 1 : 0;
}

static size_t take(struct record *records, size_t most)
{
	size_t count = 0;

	while (count < most && k_msgq_get(&edge_queue, &records[count], K_NO_WAIT) == 0) {
		count++;
	}
	return count;
}

MECHANISM_DEFINE(msgq, "k_msgq", reset, put, first, take);
