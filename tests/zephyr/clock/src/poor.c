/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * A counter that does what no clock must: its driver is here, and counts the cycles of Zephyr's cycle counter.
 */

#include <edgepipe/edgepipe.h>

#include <zephyr/drivers/counter.h>
#include <zephyr/drivers/gpio/gpio_emul.h>
#include <zephyr/ztest.h>

static const struct device *const port = DEVICE_DT_GET(DT_NODELABEL(port));
static const struct device *const timed = DEVICE_DT_GET(DT_NODELABEL(timed_poorly));

/* What the calls of the driver return. */
static int start_error;
static int read_error;

static struct counter_config_info info;

static int start(const struct device *dev)
{
	ARG_UNUSED(dev);
	return start_error;
}

static int get_value(const struct device *dev, uint32_t *ticks)
{
	ARG_UNUSED(dev);
	if (read_error == 0) {
		/* A quarter of its range before it wraps, so that 0 would be a later time. */
		*ticks = k_cycle_get_32() - UINT32_MAX / 4;
	}
	return read_error;
}

static uint32_t get_top_value(const struct device *dev)
{
	ARG_UNUSED(dev);
	return UINT32_MAX;
}

static DEVICE_API(counter, poor_api) = {
	.start = start,
	.get_value = get_value,
	.get_top_value = get_top_value,
};

DEVICE_DT_DEFINE(DT_NODELABEL(poor), NULL, NULL, NULL, &info, POST_KERNEL,
		 CONFIG_COUNTER_INIT_PRIORITY, &poor_api);

/* Its time is that of the only edge, which is read. */
static uint64_t ns_of_edge(bool high)
{
	struct edgepipe_edge edge;
	unsigned int key = irq_lock();

	zassert_ok(gpio_emul_input_set(port, 4, high));
	irq_unlock(key);
	zassert_equal(edgepipe_read_edges(timed, &edge, 1, K_NO_WAIT), 1);
	return edge.time_ns;
}

/* One case, because the clock runs for ever once it has not been refused. */
ZTEST(clock, test_a_counter_is_refused_or_fails_later)
{
	uint64_t before, after;

	info.freq = sys_clock_hw_cycles_per_sec();
	zassert_equal(edgepipe_open(timed), -ENOTSUP, "it counts down");
	info.flags = COUNTER_CONFIG_INFO_COUNT_UP;
	start_error = -EPERM;
	zassert_equal(edgepipe_open(timed), -EPERM);
	start_error = 0;
	read_error = -EIO;
	zassert_equal(edgepipe_open(timed), -EIO);
	read_error = 0;
	info.freq = 0;
	zassert_equal(edgepipe_open(timed), -EINVAL);
	info.freq = sys_clock_hw_cycles_per_sec();
	start_error = -EALREADY;
	zassert_ok(edgepipe_open(timed));

	before = ns_of_edge(true);
	k_msleep(10);
	read_error = -EIO;
	after = ns_of_edge(false);
	/* Time stands still. */
	zassert_true(after >= before && after - before < 5 * NSEC_PER_MSEC, "%u us",
		     (uint32_t)((after - before) / NSEC_PER_USEC));
	read_error = 0;
	zassert_true(ns_of_edge(true) - before >= 10 * NSEC_PER_MSEC);
}
