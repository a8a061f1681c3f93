/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The counters that can be the clock of a capture, for src/sys/counter.rs.
 */

#include <errno.h>

#include <zephyr/kernel.h>
#include <zephyr/drivers/counter.h>
#include <zephyr/timing/timing.h>

/** How fast a counter counts, and how far. */
struct edgepipe_rate {
	/** Counts in a second. */
	uint32_t hertz;
	/** The last count before 0. */
	uint32_t top;
};

/**
 * @brief Start a counter, unless it runs.
 *
 * @retval 0 It runs.
 * @retval -ENODEV The device is not ready.
 * @retval -ENOTSUP It counts down.
 * @retval -errno The driver's error.
 */
int edgepipe_counter_start(const struct device *counter, struct edgepipe_rate *rate)
{
	uint32_t count;
	int ret;

	if (!device_is_ready(counter)) {
		return -ENODEV;
	}
	if (!counter_is_counting_up(counter)) {
		return -ENOTSUP;
	}
	ret = counter_start(counter);
	if (ret < 0 && ret != -EALREADY) {
		return ret;
	}
	rate->hertz = counter_get_frequency(counter);
	rate->top = counter_get_top_value(counter);
	return counter_get_value(counter, &count);
}

/**
 * @brief The count, which the caller keeps for the next call. ISR or thread.
 *
 * It could be read when it was started. If it cannot be read now, it stands still.
 */
uint32_t edgepipe_counter_count(const struct device *counter, uint32_t *count)
{
	(void)counter_get_value(counter, count);
	return *count;
}

/** @brief Start the cycle counter of the processor core. */
int edgepipe_core_start(struct edgepipe_rate *rate)
{
	timing_init();
	timing_start();
	rate->hertz = (uint32_t)MIN(timing_freq_get(), UINT32_MAX);
	rate->top = UINT32_MAX;
	return 0;
}

uint32_t edgepipe_core_count(void)
{
	return (uint32_t)timing_counter_get();
}
