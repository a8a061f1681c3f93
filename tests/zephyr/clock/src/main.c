/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Captures with a clock of their own: times to one count of it, across its wraps; and clocks that are refused.
 */

#include <edgepipe/edgepipe.h>

#include <stdlib.h>

#include <zephyr/drivers/counter.h>
#include <zephyr/drivers/gpio/gpio_emul.h>
#include <zephyr/ztest.h>

#define EDGES 500

static const struct device *const port = DEVICE_DT_GET(DT_NODELABEL(port));
static const struct device *const counter = DEVICE_DT_GET(DT_NODELABEL(counter_under_test));

static const struct device *const captured = DEVICE_DT_GET(DT_NODELABEL(captured));
static const struct device *const second = DEVICE_DT_GET(DT_NODELABEL(second));
static const struct device *const by_core = DEVICE_DT_GET(DT_NODELABEL(by_core));
static const struct device *const by_default = DEVICE_DT_GET(DT_NODELABEL(by_default));

static uint8_t bytes[4 * EDGEPIPE_RECORD_BYTES];

/* The time of the record at an index, in cycles. */
static uint64_t cycles_at(size_t index)
{
	return edgepipe_cycles(edgepipe_record(&bytes[index * EDGEPIPE_RECORD_BYTES]));
}

static uint64_t us_of(const struct device *dev, uint64_t cycles)
{
	return cycles * USEC_PER_SEC / edgepipe_hertz(dev);
}

static void read_records(const struct device *dev, size_t count)
{
	size_t size = count * EDGEPIPE_RECORD_BYTES;

	zassert_equal(edgepipe_read(dev, bytes, size, K_NO_WAIT), size);
}

static uint32_t count_now(void)
{
	uint32_t count;

	zassert_ok(counter_get_value(counter, &count));
	return count;
}

/* Sets pins, as an interrupt does. */
static void set(gpio_port_pins_t pins, bool high)
{
	unsigned int key = irq_lock();

	zassert_ok(gpio_emul_input_set_masked(port, pins, high ? pins : 0));
	irq_unlock(key);
}

/* In an interrupt: edges that are 2 us apart, by the counter. */
static void play(const void *unused)
{
	uint32_t top = counter_get_top_value(counter);
	uint32_t step = 2 * (counter_get_frequency(counter) / USEC_PER_SEC);
	uint32_t next = count_now();

	ARG_UNUSED(unused);
	for (int i = 0; i < EDGES; i++) {
		next += step;
		while (((count_now() - next) & top) > top / 2) {
			/* On native_sim, time passes only here. */
			if (IS_ENABLED(CONFIG_ARCH_POSIX)) {
				k_busy_wait(1);
			}
		}
		set(BIT(0), i % 2 == 0);
	}
}

ZTEST(clock, test_edges_2_us_apart_are_stamped_to_one_count)
{
	uint32_t step = 2 * (counter_get_frequency(counter) / USEC_PER_SEC);
	uint32_t worst = 0;

	zassert_ok(edgepipe_open(captured));
	zassert_equal(edgepipe_hertz(captured), counter_get_frequency(counter));
	irq_offload(play, NULL);
	read_records(captured, 1);
	for (size_t i = 1; i < EDGES; i++) {
		uint64_t before = cycles_at(0);

		read_records(captured, 1);
		worst = MAX(worst, abs((int)(cycles_at(0) - before) - (int)step));
	}
	TC_PRINT("%u Hz: %d intervals of %u counts, at most %u off\n", edgepipe_hertz(captured),
		 EDGES - 1, step, worst);
	zassert_true(worst <= 1, "%u counts", worst);
}

/*
 * Zephyr's uptime and the counter's time may differ by an eighth in so long: mps2/an385 has a counter of 24 MHz that QEMU
 * runs at 25, and QEMU's timers of the nRF51 lose a part of a count whenever they are set.
 */
static void check_apart(uint64_t us, uint64_t uptime_us)
{
	uint64_t tick_us = USEC_PER_SEC / CONFIG_SYS_CLOCK_TICKS_PER_SEC;

	zassert_within(us, uptime_us, uptime_us / 8 + 2 * tick_us, "%u us for %u", (uint32_t)us,
		       (uint32_t)uptime_us);
}

ZTEST(clock, test_time_goes_on_across_wraps_of_the_counter)
{
	/* From a part of a 16-bit wrap to many. */
	static const int sleeps_ms[] = {1, 3, 10, 100, 1000};
	int64_t before;

	zassert_ok(edgepipe_open(captured));
	ARRAY_FOR_EACH(sleeps_ms, i) {
		set(BIT(0), true);
		before = k_uptime_ticks();
		k_msleep(sleeps_ms[i]);
		set(BIT(0), false);
		uint64_t slept_us = k_ticks_to_us_near64(k_uptime_ticks() - before);

		read_records(captured, 2);
		check_apart(us_of(captured, cycles_at(1) - cycles_at(0)), slept_us);
	}
}

ZTEST(clock, test_records_that_wait_over_wraps_keep_their_times)
{
	zassert_ok(edgepipe_open(captured));
	for (int i = 0; i < 4; i++) {
		set(BIT(0), i % 2 == 0);
		k_msleep(50);
	}
	read_records(captured, 4);
	for (int i = 1; i < 4; i++) {
		check_apart(us_of(captured, cycles_at(i) - cycles_at(i - 1)), 50000);
	}
}

ZTEST(clock, test_captures_with_one_clock_have_the_same_times)
{
	uint64_t first;

	zassert_ok(edgepipe_open(captured));
	k_msleep(123);
	zassert_ok(edgepipe_open(second));
	for (int i = 0; i < 3; i++) {
		/* Both pins in one interrupt. */
		set(BIT(0) | BIT(1), i % 2 == 0);
		read_records(captured, 1);
		first = cycles_at(0);
		read_records(second, 1);
		zassert_within(us_of(second, cycles_at(0)), us_of(captured, first), 2);
		k_msleep(77);
	}
}

ZTEST(clock, test_time_begins_with_the_uptime)
{
	zassert_ok(edgepipe_open(captured));
	set(BIT(0), true);
	read_records(captured, 1);
	check_apart(us_of(captured, cycles_at(0)), k_ticks_to_us_near64(k_uptime_ticks()));
}

ZTEST(clock, test_a_deadline_is_counted_on_the_clock)
{
	int64_t before;

	zassert_ok(edgepipe_open(second));
	set(BIT(1), true);
	before = k_uptime_ticks();
	zassert_equal(edgepipe_wait(second, K_FOREVER), EDGEPIPE_DEADLINE);
	check_apart(k_ticks_to_us_near64(k_uptime_ticks() - before), 20000);
}

ZTEST(clock, test_a_capture_without_a_clock_has_the_cycle_counter)
{
	uint32_t before;

	zassert_ok(edgepipe_open(by_default));
	zassert_equal(edgepipe_hertz(by_default), sys_clock_hw_cycles_per_sec());
	before = k_cycle_get_32();
	set(BIT(3), true);
	read_records(by_default, 1);
	zassert_true((uint32_t)cycles_at(0) - before <= k_cycle_get_32() - before);
}

/* QEMU's Cortex-M3 has no counter of cycles: it reads as 0. The others have timing functions that work. */
ZTEST(clock, test_the_core_as_a_clock_is_used_or_refused)
{
	int ret = edgepipe_open(by_core);

	if (IS_ENABLED(CONFIG_CPU_CORTEX_M_HAS_DWT)) {
		zassert_equal(ret, -EIO, "%d", ret);
		zassert_equal(edgepipe_hertz(by_core), 0);
		return;
	}
	zassert_ok(ret);
	set(BIT(2), true);
	k_msleep(20);
	set(BIT(2), false);
	read_records(by_core, 2);
	check_apart(us_of(by_core, cycles_at(1) - cycles_at(0)), 20000);
}

static void before_each(void *fixture)
{
	ARG_UNUSED(fixture);
	for (int pin = 0; pin < 5; pin++) {
		zassert_ok(gpio_pin_configure(port, pin, GPIO_INPUT));
	}
	set(BIT_MASK(5), false);
}

static void after_each(void *fixture)
{
	ARG_UNUSED(fixture);
	STRUCT_SECTION_FOREACH(device, dev) {
		(void)edgepipe_close(dev);
	}
}

/* Runs before anything has started the clock. */
static void *a_top_that_is_no_power_of_two_is_refused(void)
{
	const struct counter_top_cfg odd = {.ticks = 999};
	const struct counter_top_cfg whole = {.ticks = counter_get_max_top_value(counter)};

	if (counter_set_top_value(counter, &odd) != 0) {
		TC_PRINT("SKIP: this driver's top cannot be set\n");
		return NULL;
	}
	zassert_equal(edgepipe_open(captured), -EINVAL);
	zassert_ok(counter_set_top_value(counter, &whole));
	return NULL;
}

ZTEST_SUITE(clock, NULL, a_top_that_is_no_power_of_two_is_refused, before_each, after_each, NULL);
