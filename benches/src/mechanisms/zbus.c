/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * zbus with a message subscriber, the only kind of observer that gets every message.
 */

#include <zephyr/zbus/zbus.h>

#include "../mechanism.h"

ZBUS_MSG_SUBSCRIBER_DEFINE(subscriber);
ZBUS_CHAN_DEFINE(edge_channel, struct record, NULL, NULL, ZBUS_OBSERVERS(subscriber), ZBUS_MSG_INIT(0));

static ALWAYS_INLINE void put(const struct record *record)
{
	(void)zbus_chan_pub(&edge_channel, record, K_NO_WAIT);
}

static size_t get(struct record *record, k_timeout_t timeout)
{
	const struct zbus_channel *channel;

	return zbus_sub_wait_msg(&subscriber, &channel, record, timeout) == 0 ? 1 : 0;
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

MECHANISM_DEFINE(zbus, "zbus", reset, put, first, take);
