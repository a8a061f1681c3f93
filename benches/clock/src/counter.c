/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The smallest driver of a counter. What it counts is Zephyr's cycle counter, so that clocks differ only in the way to
 * their counter.
 */

#include <zephyr/device.h>
#include <zephyr/drivers/counter.h>
#include <zephyr/kernel.h>

static int start(const struct device *dev)
{
	ARG_UNUSED(dev);
	return 0;
}

static int get_value(const struct device *dev, uint32_t *ticks)
{
	ARG_UNUSED(dev);
	*ticks = k_cycle_get_32();
	return 0;
}

static uint32_t get_top_value(const struct device *dev)
{
	ARG_UNUSED(dev);
	return UINT32_MAX;
}

static DEVICE_API(counter, api) = {
	.start = start,
	.get_value = get_value,
	.get_top_value = get_top_value,
};

static const struct counter_config_info config = {
	.max_top_value = UINT32_MAX,
	.freq = CONFIG_SYS_CLOCK_HW_CYCLES_PER_SEC,
	.flags = COUNTER_CONFIG_INFO_COUNT_UP,
};

DEVICE_DEFINE(counter, "counter", NULL, NULL, NULL, &config, POST_KERNEL, 50, &api);

/* For Rust: the device, whose own symbol is static. */
extern const struct device bench_counter
	__attribute__((alias(STRINGIFY(DEVICE_NAME_GET(counter)))));
