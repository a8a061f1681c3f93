/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * A k_fifo of records from a k_mem_slab.
 */

#include "../mechanism.h"

struct item {
	/** Used by the fifo. */
	void *reserved;
	struct record record;
};

K_MEM_SLAB_DEFINE_STATIC(slab, ROUND_UP(sizeof(struct item), sizeof(void *)), CAPACITY,
			 sizeof(void *));
static K_FIFO_DEFINE(fifo);

static ALWAYS_INLINE void put(const struct record *record)
{
	void *block;

	if (k_mem_slab_alloc(&slab, &block, K_NO_WAIT) == 0) {
		struct item *item = block;

		item->record = *record;
		k_fifo_put(&fifo, item);
	}
}

static size_t get(struct record *record, k_timeout_t timeout)
{
	struct item *item = k_fifo_get(&fifo, timeout);

	if (item == NULL) {
		return 0;
	}
	*record = item->record;
	k_mem_slab_free(&slab, item);
	return 1;
}

static size_t first(struct record *record)
{
	return get(record, K_FOREVER);
}

static size_t take(struct record *records, size_t most)
{
	size_t count = 0;

	while (count < most && get(&records[count], K_NO_WAIT) == 1) {
		count++;
	}
	return count;
}

static void reset(void)
{
	struct record record;

	while (get(&record, K_NO_WAIT) == 1) {
	}
}

MECHANISM_DEFINE(fifo, "k_fifo", reset, put, first, take);
