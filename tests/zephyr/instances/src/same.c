/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * C and Rust return the same edges and the same pulses, with the same nanoseconds, across wraps of the clock. A record
 * goes to one reader, so there are two captures, of lines that change together. Their clock stands still meanwhile.
 */

#include <stddef.h>

#include <zephyr/drivers/counter.h>
#include <zephyr/drivers/gpio.h>
#include <zephyr/drivers/gpio/gpio_emul.h>
#include <zephyr/pm/device.h>
#include <zephyr/ztest.h>

#include <edgepipe/edgepipe.h>
#include <edgepipe/pulses.h>

/* It wraps every 4.2 s at 1 MHz, and every 0.35 s at 12 MHz. */
#define COUNTER BIT_MASK(22)
#define APART   K_MSEC(150)
#define EDGES   60

#define BY_C    DEVICE_DT_GET(DT_NODELABEL(by_c))
#define BY_RUST DEVICE_DT_GET(DT_NODELABEL(by_rust))

/* From lib.rs: the same for the other capture. */
bool same_open(void);
void same_close(void);
size_t same_read(struct edgepipe_edge *edges, size_t count);
bool same_pulse(const struct edgepipe_edge *edge, struct edgepipe_pulse *pulse);

static const struct device *const port = DEVICE_DT_GET(DT_NODELABEL(gpio_emul));

/* The lines of both captures. */
static const gpio_port_pins_t lines[] = {BIT(28) | BIT(30), BIT(29) | BIT(31)};

static struct edgepipe_edge in_c[64];
static struct edgepipe_edge in_rust[64];

static bool is_stopped;
static uint32_t stopped_at;
static int wraps;

static int count_value(const struct device *dev, uint32_t *ticks)
{
	ARG_UNUSED(dev);
	*ticks = is_stopped ? stopped_at : k_cycle_get_32() & COUNTER;
	return 0;
}

static int count_start(const struct device *dev)
{
	ARG_UNUSED(dev);
	return 0;
}

static uint32_t count_top(const struct device *dev)
{
	ARG_UNUSED(dev);
	return COUNTER;
}

static const struct counter_config_info counter_info = {
	.max_top_value = COUNTER,
	.freq = CONFIG_SYS_CLOCK_HW_CYCLES_PER_SEC,
	.flags = COUNTER_CONFIG_INFO_COUNT_UP,
};

static DEVICE_API(counter, counter_api) = {
	.start = count_start,
	.get_value = count_value,
	.get_top_value = count_top,
};

DEVICE_DT_DEFINE(DT_NODELABEL(stopped), NULL, NULL, NULL, &counter_info, POST_KERNEL,
		 CONFIG_KERNEL_INIT_PRIORITY_DEVICE, &counter_api);

/* The edges of both captures at one time. */
static void edge(int number)
{
	static gpio_port_pins_t levels;
	unsigned int key = irq_lock();
	uint32_t before = stopped_at;

	stopped_at = k_cycle_get_32() & COUNTER;
	wraps += stopped_at < before;
	is_stopped = true;
	levels ^= lines[number % 3 == 0];
	zassert_ok(gpio_emul_input_set_masked(port, lines[0] | lines[1], levels));
	is_stopped = false;
	irq_unlock(key);
}

static void check_same(size_t count)
{
	static uint64_t since_ns[2];
	static struct edgepipe_pulses pulses = {.since_ns = since_ns, .lines = 2};

	zassert_equal(same_read(in_rust, ARRAY_SIZE(in_rust)), count);
	for (size_t i = 0; i < count; i++) {
		struct edgepipe_pulse pulse_in_c = {0};
		struct edgepipe_pulse pulse_in_rust = {0};
		bool ends = edgepipe_pulses_next(&pulses, &in_c[i], &pulse_in_c);

		/* All but the padding. */
		zassert_mem_equal(&in_c[i], &in_rust[i], offsetof(struct edgepipe_edge, after_gap) + 1,
				  "edge %d", (int)i);
		zassert_equal(same_pulse(&in_rust[i], &pulse_in_rust), ends);
		zassert_equal(pulse_in_c.start_ns, pulse_in_rust.start_ns);
		zassert_equal(pulse_in_c.duration_ns, pulse_in_rust.duration_ns);
		zassert_equal(pulse_in_c.lost_before, pulse_in_rust.lost_before);
		zassert_equal(pulse_in_c.levels_before, pulse_in_rust.levels_before);
		zassert_equal(pulse_in_c.line, pulse_in_rust.line);
		zassert_equal(pulse_in_c.level, pulse_in_rust.level);
		zassert_equal(pulse_in_c.after_gap, pulse_in_rust.after_gap);
	}
}

ZTEST(same, test_c_and_rust_return_the_same_across_wraps)
{
	uint64_t apart_ns;
	int64_t before;
	uint8_t bytes[4 * EDGEPIPE_RECORD_BYTES];

	for (int pin = 28; pin < 32; pin++) {
		zassert_ok(gpio_pin_configure(port, pin, GPIO_INPUT));
	}
	zassert_ok(edgepipe_open(BY_C));
	zassert_true(same_open());

	before = k_uptime_get();
	for (int i = 0; i < EDGES; i++) {
		k_sleep(APART);
		edge(i);
	}
	before = k_uptime_get() - before;
	zassert_true(wraps >= 2, "%d", wraps);
	zassert_equal(edgepipe_read_edges(BY_C, in_c, ARRAY_SIZE(in_c), K_NO_WAIT), EDGES);
	check_same(EDGES);
	apart_ns = in_c[EDGES - 1].time_ns - in_c[0].time_ns;
	zassert_within(apart_ns / NSEC_PER_MSEC, before * (EDGES - 1) / EDGES, 100);

	/* More than the buffers hold: the last two are lost, and told by the next. */
	for (int i = 0; i < 66; i++) {
		edge(i);
	}
	zassert_equal(edgepipe_read_edges(BY_C, in_c, ARRAY_SIZE(in_c), K_NO_WAIT), 64);
	check_same(64);
	edge(0);
	edge(1);
	zassert_equal(edgepipe_read_edges(BY_C, in_c, ARRAY_SIZE(in_c), K_NO_WAIT), 2);
	zassert_equal(in_c[0].lost_before, 2);
	check_same(2);

	/* As records, too. */
	k_sleep(APART);
	edge(0);
	k_sleep(APART);
	edge(0);
	zassert_equal(edgepipe_read(BY_C, bytes, sizeof(bytes), K_NO_WAIT), 2 * EDGEPIPE_RECORD_BYTES);
	zassert_equal(same_read(in_rust, ARRAY_SIZE(in_rust)), 2);
	for (int i = 0; i < 2; i++) {
		uint64_t record = edgepipe_record(&bytes[i * EDGEPIPE_RECORD_BYTES]);

		zassert_equal(edgepipe_record_ns(BY_C, record), in_rust[i].time_ns);
		zassert_equal(edgepipe_line(record), in_rust[i].line);
		zassert_equal(edgepipe_level(record), in_rust[i].level);
		zassert_equal(edgepipe_sequence(record), in_rust[i].sequence);
	}
	same_close();
	zassert_ok(edgepipe_close(BY_C));
}

#ifdef CONFIG_PM_DEVICE
/* Power management does not ask who has opened a capture. */
ZTEST(same, test_what_rust_has_opened_is_suspended)
{
	zassert_true(same_open());
	edge(1);
	zassert_ok(pm_device_action_run(BY_RUST, PM_DEVICE_ACTION_SUSPEND));
	edge(1);
	edge(1);
	zassert_equal(same_read(in_rust, ARRAY_SIZE(in_rust)), 1);
	zassert_ok(pm_device_action_run(BY_RUST, PM_DEVICE_ACTION_RESUME));
	edge(1);
	zassert_equal(same_read(in_rust, ARRAY_SIZE(in_rust)), 1);
	zassert_equal(in_rust[0].after_gap, 1);
	zassert_equal(in_rust[0].lost_before, 0);
	same_close();

	zassert_ok(pm_device_action_run(BY_RUST, PM_DEVICE_ACTION_SUSPEND));
	zassert_false(same_open());
	zassert_ok(pm_device_action_run(BY_RUST, PM_DEVICE_ACTION_RESUME));
}
#endif

ZTEST_SUITE(same, NULL, NULL, NULL, NULL, NULL);
