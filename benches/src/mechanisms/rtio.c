/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * RTIO, as streaming sensors use it: a multishot read. Each edge completes it with a block of the
 * context's own pool.
 */

#include <string.h>

#include <zephyr/rtio/rtio.h>

#include "../mechanism.h"

RTIO_DEFINE_WITH_MEMPOOL(context, 1, CAPACITY, CAPACITY, sizeof(struct record), sizeof(void *));

/** The read that the next edge completes. */
static struct rtio_iodev_sqe *pending;

static void submit(struct rtio_iodev_sqe *sqe)
{
	pending = sqe;
}

static const struct rtio_iodev_api api = {.submit = submit};
RTIO_IODEV_DEFINE(edge_device, &api, NULL);

static ALWAYS_INLINE void put(const struct record *record)
{
	struct rtio_iodev_sqe *sqe = pending;
	uint8_t *block = NULL;
	uint32_t size = 0;

	if (rtio_sqe_rx_buf(sqe, sizeof(*record), sizeof(*record), &block, &size) == 0) {
		memcpy(block, record, sizeof(*record));
		rtio_iodev_sqe_ok(sqe, 0);
	}
}

static size_t consume(struct rtio_cqe *cqe, struct record *record)
{
	uint8_t *block = NULL;
	uint32_t size = 0;

	if (cqe == NULL) {
		return 0;
	}
	(void)rtio_cqe_get_mempool_buffer(&context, cqe, &block, &size);
	rtio_cqe_release(&context, cqe);
	memcpy(record, block, sizeof(*record));
	rtio_release_buffer(&context, block, size);
	return 1;
}

static size_t first(struct record *record)
{
	return consume(rtio_cqe_consume_block(&context), record);
}

static size_t take(struct record *records, size_t most)
{
	size_t count = 0;

	while (count < most && consume(rtio_cqe_consume(&context), &records[count]) == 1) {
		count++;
	}
	return count;
}

static void reset(void)
{
	struct record record;

	if (pending == NULL) {
		struct rtio_sqe *sqe = rtio_sqe_acquire(&context);

		rtio_sqe_prep_read_multishot(sqe, &edge_device, RTIO_PRIO_NORM, NULL);
		rtio_submit(&context, 0);
	}
	while (take(&record, 1) == 1) {
	}
}

MECHANISM_DEFINE(rtio, "rtio", reset, put, first, take);
