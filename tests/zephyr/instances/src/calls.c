/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The return values of each function of the header.
 */

#include "support.h"

#include <zephyr/drivers/gpio.h>

static uint8_t bytes[BYTES(8)];
static struct edgepipe_edge found[16];

ZTEST(calls, test_what_was_never_opened_is_refused)
{
	struct edgepipe_stats stats;
	uint32_t levels;

	zassert_equal(edgepipe_close(UNTOUCHED), -EBADF);
	zassert_equal(edgepipe_ready(UNTOUCHED), -EBADF);
	zassert_equal(edgepipe_wait(UNTOUCHED, K_NO_WAIT), -EBADF);
	zassert_equal(edgepipe_read(UNTOUCHED, bytes, sizeof(bytes), K_NO_WAIT), -EBADF);
	zassert_equal(edgepipe_read(UNTOUCHED, NULL, 0, K_NO_WAIT), -EBADF);
	zassert_equal(edgepipe_read_edges(UNTOUCHED, found, 1, K_NO_WAIT), -EBADF);
	zassert_equal(edgepipe_set_threshold(UNTOUCHED, 1), -EBADF);
	zassert_equal(edgepipe_set_idle(UNTOUCHED, 1), -EBADF);
	zassert_equal(edgepipe_flush(UNTOUCHED), -EBADF);
	zassert_equal(edgepipe_wake(UNTOUCHED), -EBADF);
	zassert_equal(edgepipe_discard(UNTOUCHED), -EBADF);
	zassert_equal(edgepipe_set_trigger(UNTOUCHED, 0, EDGEPIPE_BOTH), -EBADF);
	zassert_equal(edgepipe_pause(UNTOUCHED), -EBADF);
	zassert_equal(edgepipe_resume(UNTOUCHED), -EBADF);
	zassert_equal(edgepipe_drive(UNTOUCHED, 0, true), -EBADF);
	zassert_equal(edgepipe_release(UNTOUCHED, 0), -EBADF);
	zassert_equal(edgepipe_levels(UNTOUCHED, &levels), -EBADF);
	zassert_equal(edgepipe_levels_before(UNTOUCHED, &levels), -EBADF);
	zassert_equal(edgepipe_now_ns(UNTOUCHED), 0);
	zassert_equal(edgepipe_record_ns(UNTOUCHED, 0), 0);
	zassert_equal(edgepipe_stats(UNTOUCHED, &stats), -EBADF);
	zassert_equal(edgepipe_fd(UNTOUCHED), -EBADF);
}

ZTEST(calls, test_an_instance_is_open_once)
{
	zassert_ok(edgepipe_open(PULSES));
	zassert_equal(edgepipe_open(PULSES), -EBUSY);
	zassert_ok(edgepipe_close(PULSES));
	zassert_equal(edgepipe_close(PULSES), -EBADF);
	zassert_ok(edgepipe_open(PULSES));
}

ZTEST(calls, test_a_wait_ends_at_the_threshold_and_says_so)
{
	zassert_ok(edgepipe_open(PULSES));
	zassert_equal(edgepipe_wait(PULSES, K_NO_WAIT), -EAGAIN);
	zassert_equal(edgepipe_wait(PULSES, K_MSEC(2)), -EAGAIN);
	zassert_equal(edgepipe_ready(PULSES), 0);

	edges_soon(0, 4);
	zassert_equal(edgepipe_wait(PULSES, K_FOREVER), EDGEPIPE_THRESHOLD);
	zassert_equal(edgepipe_wait(PULSES, K_FOREVER), EDGEPIPE_THRESHOLD, "until it is read");
	edges(0, 4);
	zassert_equal(edgepipe_ready(PULSES), EDGEPIPE_FULL);
	edges(0, 1);
	zassert_equal(edgepipe_ready(PULSES), EDGEPIPE_OVERFLOW);
}

ZTEST(calls, test_a_read_waits_for_the_first_record_only)
{
	int64_t before;

	zassert_ok(edgepipe_open(PULSES));
	zassert_equal(edgepipe_read(PULSES, bytes, sizeof(bytes), K_NO_WAIT), -EAGAIN);
	before = k_uptime_get();
	zassert_equal(edgepipe_read(PULSES, bytes, sizeof(bytes), K_MSEC(5)), -EAGAIN);
	zassert_between_inclusive(k_uptime_get() - before, 5, 9);

	edges_soon(0, 1);
	zassert_equal(edgepipe_read(PULSES, bytes, sizeof(bytes), K_FOREVER), BYTES(1));
	zassert_equal(edgepipe_kind(edgepipe_record(bytes)), EDGEPIPE_EDGE);
	edges_soon(0, 1);
	zassert_equal(edgepipe_read(PULSES, bytes, sizeof(bytes), K_MSEC(5)), BYTES(1));
	zassert_equal(edgepipe_sequence(edgepipe_record(bytes)), 2);
}

ZTEST(calls, test_only_whole_records_are_read)
{
	zassert_ok(edgepipe_open(PULSES));
	edges(0, 3);
	zassert_equal(edgepipe_read(PULSES, bytes, BYTES(1) - 1, K_NO_WAIT), -EINVAL);
	zassert_equal(edgepipe_read(PULSES, NULL, 0, K_NO_WAIT), 0);
	zassert_equal(edgepipe_read(PULSES, bytes, BYTES(3) - 1, K_NO_WAIT), BYTES(2));
	zassert_equal(edgepipe_read(PULSES, bytes, BYTES(3) - 1, K_NO_WAIT), BYTES(1));
}

ZTEST(calls, test_the_threshold_can_be_changed_while_it_captures)
{
	zassert_ok(edgepipe_open(PULSES));
	edges(0, 2);
	zassert_equal(edgepipe_set_threshold(PULSES, 0), -EINVAL);
	zassert_equal(edgepipe_set_threshold(PULSES, 9), -EINVAL);
	zassert_equal(edgepipe_ready(PULSES), 0);
	zassert_ok(edgepipe_set_threshold(PULSES, 2));
	zassert_equal(edgepipe_ready(PULSES), EDGEPIPE_THRESHOLD);
	zassert_ok(edgepipe_set_threshold(PULSES, EDGEPIPE_WHEN_FULL));
	edges(0, 5);
	zassert_equal(edgepipe_ready(PULSES), 0);
	edges(0, 1);
	zassert_equal(edgepipe_ready(PULSES), EDGEPIPE_FULL);
}

ZTEST(calls, test_the_books_balance)
{
	struct edgepipe_stats stats;

	zassert_ok(edgepipe_open(PULSES));
	edges(0, 10);
	zassert_equal(edgepipe_read(PULSES, bytes, BYTES(3), K_NO_WAIT), BYTES(3));
	zassert_ok(edgepipe_stats(PULSES, &stats));
	zassert_equal(stats.captured, 10);
	zassert_equal(stats.delivered, 3);
	zassert_equal(stats.lost_full, 2);
	zassert_equal(stats.pending, 5);
	zassert_equal(stats.high_water, 8);
	zassert_equal(stats.lost_frozen + stats.lost_closed + stats.lost_unreadable, 0);
}

static void close_soon(struct k_timer *timer)
{
	k_work_submit(k_timer_user_data_get(timer));
}

static void close_pulses(struct k_work *work)
{
	ARG_UNUSED(work);
	zassert_ok(edgepipe_close(PULSES));
}

ZTEST(calls, test_a_close_wakes_waiters_and_leaves_what_is_pending)
{
	static K_WORK_DEFINE(work, close_pulses);
	static K_TIMER_DEFINE(timer, close_soon, NULL);

	zassert_ok(edgepipe_open(PULSES));
	edges(0, 2);
	k_timer_user_data_set(&timer, &work);
	k_timer_start(&timer, K_MSEC(5), K_NO_WAIT);
	zassert_equal(edgepipe_wait(PULSES, K_FOREVER), EDGEPIPE_CLOSED);

	edges(0, 2);
	zassert_equal(edgepipe_read(PULSES, bytes, sizeof(bytes), K_FOREVER), BYTES(2));
	zassert_equal(edgepipe_wait(PULSES, K_FOREVER), EDGEPIPE_CLOSED, "the end was not read yet");
	zassert_equal(edgepipe_read(PULSES, bytes, sizeof(bytes), K_FOREVER), 0, "end of file");
	zassert_equal(edgepipe_wait(PULSES, K_FOREVER), -EPIPE, "a loop of waits and reads ends");
}

static void refuse(const struct device *dev)
{
	const struct device *const devs[] = {PULSES, dev};
	struct edgepipe_stats stats;
	struct edgepipe_sample sample;
	struct edgepipe_gap gap;
	uint32_t levels;
	int reasons[2];

	zassert_false(edgepipe_is_capture(dev));
	zassert_equal(edgepipe_content(dev), EDGEPIPE_EDGES);
	zassert_equal(edgepipe_capacity(dev), 0);
	zassert_equal(edgepipe_headroom(dev), 0);
	zassert_equal(edgepipe_pipe_records(dev), 0);
	zassert_equal(edgepipe_record_bytes(dev), 0);
	zassert_equal(edgepipe_data_lines(dev), 0);

	zassert_equal(edgepipe_open(dev), -EINVAL);
	zassert_equal(edgepipe_close(dev), -EINVAL);
	zassert_equal(edgepipe_wait(dev, K_FOREVER), -EINVAL);
	zassert_equal(edgepipe_wait_any(devs, reasons, 2, K_FOREVER), -EINVAL);
	zassert_equal(edgepipe_wake(dev), -EINVAL);
	zassert_equal(edgepipe_ready(dev), -EINVAL);
	zassert_equal(edgepipe_read(dev, bytes, sizeof(bytes), K_FOREVER), -EINVAL);
	zassert_equal(edgepipe_read(dev, NULL, 0, K_FOREVER), -EINVAL);
	zassert_equal(edgepipe_read_edges(dev, found, 1, K_FOREVER), -EINVAL);
	zassert_equal(edgepipe_read_samples(dev, &sample, 1, K_FOREVER), -EINVAL);
	zassert_equal(edgepipe_gap(dev, &gap), -EINVAL);
	zassert_equal(edgepipe_discard(dev), -EINVAL);
	zassert_equal(edgepipe_record_ns(dev, UINT64_MAX), 0);
	zassert_equal(edgepipe_now_ns(dev), 0);
	zassert_equal(edgepipe_levels(dev, &levels), -EINVAL);
	zassert_equal(edgepipe_levels_before(dev, &levels), -EINVAL);
	zassert_is_null(edgepipe_pipe(dev));
	zassert_equal(edgepipe_set_threshold(dev, 1), -EINVAL);
	zassert_equal(edgepipe_set_idle(dev, 1), -EINVAL);
	zassert_equal(edgepipe_flush(dev), -EINVAL);
	zassert_equal(edgepipe_set_trigger(dev, 0, EDGEPIPE_BOTH), -EINVAL);
	zassert_equal(edgepipe_pause(dev), -EINVAL);
	zassert_equal(edgepipe_resume(dev), -EINVAL);
	zassert_equal(edgepipe_drive(dev, 0, true), -EINVAL);
	zassert_equal(edgepipe_release(dev, 0), -EINVAL);
	zassert_equal(edgepipe_hertz(dev), 0);
	zassert_equal(edgepipe_stats(dev, &stats), -EINVAL);
	zassert_equal(edgepipe_fd(dev), -EINVAL);
}

ZTEST(calls, test_a_device_that_is_no_capture_is_refused)
{
	static const struct device without_class = {.name = "without class"};
	size_t others = 0;

	zassert_ok(edgepipe_open(PULSES));
	refuse(NULL);
	refuse(&without_class);
	/* Those of Zephyr: a GPIO controller at least. */
	STRUCT_SECTION_FOREACH(device, dev) {
		if (!edgepipe_is_capture(dev)) {
			refuse(dev);
			others++;
		}
	}
	zassert_true(others > 0);
	edges(0, 4);
	zassert_equal(edgepipe_ready(PULSES), EDGEPIPE_THRESHOLD, "the capture runs on");
}

ZTEST(calls, test_what_is_nowhere_is_refused)
{
	zassert_ok(edgepipe_open(PULSES));
	edges(0, 1);
	zassert_equal(edgepipe_read(PULSES, NULL, sizeof(bytes), K_FOREVER), -EINVAL);
	zassert_equal(edgepipe_read(PULSES, NULL, SIZE_MAX, K_FOREVER), -EINVAL);
	zassert_equal(edgepipe_read_edges(PULSES, NULL, 1, K_FOREVER), -EINVAL);
	zassert_equal(edgepipe_levels(PULSES, NULL), -EINVAL);
	zassert_equal(edgepipe_levels_before(PULSES, NULL), -EINVAL);
	zassert_equal(edgepipe_stats(PULSES, NULL), -EINVAL);
	zassert_equal(edgepipe_read(PULSES, bytes, sizeof(bytes), K_NO_WAIT), BYTES(1));
}

ZTEST(calls, test_a_read_of_any_size_reads_what_is_pending)
{
	static const size_t sizes[] = {SIZE_MAX, SIZE_MAX - 6, (size_t)PTRDIFF_MAX + 1, PTRDIFF_MAX};

	zassert_ok(edgepipe_open(PULSES));
	for (int i = 0; i < ARRAY_SIZE(sizes); i++) {
		zassert_equal(edgepipe_read(PULSES, bytes, sizes[i], K_NO_WAIT), -EAGAIN);
		edges(0, 3);
		zassert_equal(edgepipe_read(PULSES, bytes, sizes[i], K_FOREVER), BYTES(3));
	}
}

ZTEST(calls, test_a_time_out_can_be_as_long_as_time)
{
	static const k_timeout_t never[] = {K_TICKS(INT64_MAX), K_TICKS(INT64_MAX - 1),
					    K_TICKS(INT64_MAX / 2), K_MSEC(INT32_MAX)};

	zassert_ok(edgepipe_open(PULSES));
	for (int i = 0; i < ARRAY_SIZE(never); i++) {
		edges_soon(0, 4);
		zassert_equal(edgepipe_wait(PULSES, never[i]), EDGEPIPE_THRESHOLD);
		zassert_equal(edgepipe_read(PULSES, bytes, sizeof(bytes), never[i]), BYTES(4));
		edges_soon(0, 1);
		zassert_equal(edgepipe_read(PULSES, bytes, sizeof(bytes), never[i]), BYTES(1));
	}
}

static struct in_isr {
	struct edgepipe_stats stats;
	int ready;
	int read;
} seen;

static void look(struct k_timer *timer)
{
	ARG_UNUSED(timer);
	zassert_true(k_is_in_isr());
	zassert_ok(edgepipe_stats(PULSES, &seen.stats));
	seen.ready = edgepipe_ready(PULSES);
}

ZTEST(calls, test_ready_and_stats_can_be_called_in_an_interrupt)
{
	static K_TIMER_DEFINE(timer, look, NULL);

	zassert_ok(edgepipe_open(PULSES));
	edges(0, 4);
	k_timer_start(&timer, K_MSEC(1), K_NO_WAIT);
	k_msleep(3);
	zassert_equal(seen.ready, EDGEPIPE_THRESHOLD);
	zassert_equal(seen.stats.pending, 4);
}

ZTEST(calls, test_edges_can_be_read_as_they_are)
{
	uint64_t before = 0;

	zassert_ok(edgepipe_open(PULSES));
	zassert_equal(edgepipe_read_edges(PULSES, found, 0, K_FOREVER), 0);
	zassert_equal(edgepipe_read_edges(PULSES, NULL, 0, K_FOREVER), 0);
	zassert_equal(edgepipe_read_edges(PULSES, found, 8, K_NO_WAIT), -EAGAIN);
	zassert_equal(edgepipe_read_edges(PULSES, found, 8, K_MSEC(2)), -EAGAIN);
	edges(0, 10);
	zassert_equal(edgepipe_read_edges(PULSES, found, 2, K_NO_WAIT), 2);
	edges(0, 1);
	zassert_equal(edgepipe_read_edges(PULSES, &found[2], SIZE_MAX, K_FOREVER), 7);
	for (int i = 0; i < 9; i++) {
		bool is_last = i == 8;

		zassert_equal(found[i].line, 0);
		zassert_equal(found[i].level, is_last ? 1 : (i + 1) % 2);
		zassert_equal(found[i].sequence, is_last ? 11 : i + 1);
		zassert_equal(found[i].lost_before, is_last ? 2 : 0);
		zassert_equal(found[i].after_gap, is_last ? 1 : 0);
		/* Line 1 is active low, and its pin is low. */
		zassert_equal(found[i].levels_before, is_last ? BIT(1) : 0);
		zassert_true(found[i].time_ns >= before);
		before = found[i].time_ns;
	}
	zassert_true(edgepipe_now_ns(PULSES) >= before);
	zassert_ok(edgepipe_close(PULSES));
	zassert_equal(edgepipe_read_edges(PULSES, found, 8, K_FOREVER), 0, "end of file");
}

ZTEST(calls, test_a_record_has_the_time_of_its_edge)
{
	uint64_t before, after;

	zassert_ok(edgepipe_open(PULSES));
	before = edgepipe_now_ns(PULSES);
	edges(0, 1);
	after = edgepipe_now_ns(PULSES);
	zassert_equal(edgepipe_read(PULSES, bytes, sizeof(bytes), K_NO_WAIT), BYTES(1));
	zassert_between_inclusive(edgepipe_record_ns(PULSES, edgepipe_record(bytes)), before, after);
}

ZTEST(calls, test_levels_are_those_after_the_last_edge)
{
	uint32_t levels;

	zassert_ok(edgepipe_open(PULSES));
	zassert_ok(edgepipe_levels(PULSES, &levels));
	/* Line 1 is active low, and its pin is low. */
	zassert_equal(levels, BIT(1));
	edges(0, 3);
	zassert_ok(edgepipe_levels(PULSES, &levels));
	zassert_equal(levels, BIT(0) | BIT(1));
}

static uint32_t levels_before(const struct device *dev)
{
	uint32_t levels;

	zassert_ok(edgepipe_levels_before(dev, &levels));
	return levels;
}

ZTEST(calls, test_levels_before_are_those_of_what_was_read)
{
	zassert_ok(edgepipe_open(PULSES));
	edges(0, 1);
	edges(1, 1);
	/* Line 1 is active low, and its pin was low. */
	zassert_equal(levels_before(PULSES), BIT(1), "nothing was read");
	zassert_equal(edgepipe_read_edges(PULSES, found, 1, K_NO_WAIT), 1);
	zassert_equal(levels_before(PULSES), BIT(0) | BIT(1));
	zassert_equal(edgepipe_discard(PULSES), 1);
	zassert_equal(levels_before(PULSES), BIT(0));

	/* Line 0 goes low unseen. */
	zassert_ok(edgepipe_pause(PULSES));
	set(0, 0);
	zassert_ok(edgepipe_resume(PULSES));
	zassert_equal(levels_before(PULSES), BIT(0), "the hole was not read");
	zassert_equal(edgepipe_read_edges(PULSES, found, 1, K_NO_WAIT), -EAGAIN);
	zassert_equal(levels_before(PULSES), 0);

	edges(0, 1);
	zassert_ok(edgepipe_close(PULSES));
	zassert_equal(levels_before(PULSES), 0, "the edge is still pending");
	zassert_ok(edgepipe_open(PULSES));
	zassert_equal(levels_before(PULSES), BIT(0), "as the capture began");
	zassert_ok(edgepipe_open(SAMPLER));
	zassert_equal(edgepipe_levels_before(SAMPLER, &(uint32_t){0}), -EINVAL);
}

ZTEST(calls, test_the_end_of_a_frame_wakes)
{
	zassert_ok(edgepipe_open(PULSES));
	zassert_ok(edgepipe_set_idle(PULSES, 5000));
	for (int frame = 0; frame < 3; frame++) {
		edges_soon(0, 2);
		zassert_equal(edgepipe_wait(PULSES, K_MSEC(500)), EDGEPIPE_IDLE);
		zassert_equal(edgepipe_read(PULSES, bytes, sizeof(bytes), K_NO_WAIT), BYTES(2));
	}
	edges(0, 1);
	zassert_ok(edgepipe_set_idle(PULSES, 0));
	zassert_equal(edgepipe_wait(PULSES, K_MSEC(20)), -EAGAIN);
}

ZTEST(calls, test_a_pause_leaves_a_hole)
{
	zassert_ok(edgepipe_open(PULSES));
	edges(0, 1);
	zassert_ok(edgepipe_pause(PULSES));
	edges(0, 3);
	zassert_ok(edgepipe_resume(PULSES));
	edges(0, 1);
	zassert_equal(edgepipe_read_edges(PULSES, found, 8, K_NO_WAIT), 2);
	zassert_equal(found[0].after_gap, 0);
	zassert_equal(found[1].after_gap, 1);
	zassert_equal(found[1].lost_before, 0);
	zassert_equal(found[1].levels_before, BIT(1));
	zassert_equal(found[1].level, 1);
}

ZTEST(calls, test_a_line_can_be_driven_for_a_while)
{
	zassert_ok(edgepipe_open(PULSES));
	zassert_equal(edgepipe_drive(PULSES, 2, true), -EINVAL);
	zassert_equal(edgepipe_release(PULSES, 2), -EINVAL);
	zassert_ok(edgepipe_drive(PULSES, 0, true));
	zassert_equal(driven(0), 1);
	/* Active low. */
	zassert_ok(edgepipe_drive(PULSES, 1, true));
	zassert_equal(driven(1), 0);
	zassert_ok(edgepipe_drive(PULSES, 1, false));
	zassert_equal(driven(1), 1);
	zassert_ok(edgepipe_release(PULSES, 0));
	zassert_ok(edgepipe_release(PULSES, 1));
	edges(0, 2);
	zassert_equal(edgepipe_read_edges(PULSES, found, 8, K_NO_WAIT), 2);
	zassert_equal(found[0].after_gap, 1);
	zassert_equal(found[0].level, 1);
	zassert_equal(found[1].after_gap, 0);
}

ZTEST(calls, test_a_pin_that_others_configured_can_be_taken_back)
{
	const struct device *port = DEVICE_DT_GET(DT_NODELABEL(gpio_emul));
	struct edgepipe_stats stats;
	uint32_t levels;

	zassert_ok(edgepipe_open(PULSES));
	zassert_ok(gpio_pin_interrupt_configure(port, 0, GPIO_INT_DISABLE));
	edges(0, 3);
	zassert_ok(edgepipe_levels(PULSES, &levels));
	zassert_equal(levels, BIT(1), "no edge was seen");
	zassert_equal(gpio_pin_get(port, 0), 1);

	zassert_ok(gpio_pin_interrupt_configure(port, 0, GPIO_INT_EDGE_BOTH));
	edges(0, 1);
	zassert_ok(edgepipe_stats(PULSES, &stats));
	zassert_equal(stats.missed, 1, "the level comes twice");
	zassert_equal(edgepipe_discard(PULSES), 1);

	zassert_ok(gpio_pin_interrupt_configure(port, 0, GPIO_INT_DISABLE));
	edges(0, 1);
	zassert_ok(edgepipe_release(PULSES, 0));
	zassert_ok(edgepipe_levels(PULSES, &levels));
	zassert_equal(levels, BIT(0) | BIT(1));
	edges(0, 1);
	zassert_equal(edgepipe_read_edges(PULSES, found, 8, K_NO_WAIT), 1);
	zassert_equal(found[0].after_gap, 1);
	zassert_equal(found[0].level, 0);
}

ZTEST(calls, test_a_flush_wakes)
{
	zassert_ok(edgepipe_open(PULSES));
	zassert_ok(edgepipe_flush(PULSES));
	zassert_equal(edgepipe_ready(PULSES), 0, "nothing is pending");
	edges(0, 2);
	zassert_equal(edgepipe_ready(PULSES), 0);
	zassert_ok(edgepipe_flush(PULSES));
	zassert_equal(edgepipe_wait(PULSES, K_FOREVER), EDGEPIPE_DEADLINE);
	zassert_equal(edgepipe_read(PULSES, bytes, sizeof(bytes), K_NO_WAIT), BYTES(2));
	zassert_equal(edgepipe_ready(PULSES), 0);
}

ZTEST(calls, test_what_is_discarded_was_delivered)
{
	struct edgepipe_stats stats;

	zassert_ok(edgepipe_open(PULSES));
	zassert_equal(edgepipe_discard(PULSES), 0);
	edges(0, 10);
	zassert_equal(edgepipe_discard(PULSES), 8);
	zassert_ok(edgepipe_stats(PULSES, &stats));
	zassert_equal(stats.captured, 10);
	zassert_equal(stats.delivered, 8);
	zassert_equal(stats.pending, 0);
	zassert_equal(stats.lost_full, 2);
	edges(0, 1);
	zassert_equal(edgepipe_read_edges(PULSES, found, 8, K_NO_WAIT), 1);
	zassert_equal(found[0].sequence, 11);
	zassert_equal(found[0].lost_before, 2);

	edges(0, 1);
	zassert_equal(edgepipe_discard(PULSES), 1);
	edges(0, 1);
	zassert_equal(edgepipe_read_edges(PULSES, found, 8, K_NO_WAIT), 1);
	zassert_equal(found[0].after_gap, 0, "what was discarded is no hole");

	zassert_ok(edgepipe_pause(PULSES));
	zassert_ok(edgepipe_resume(PULSES));
	zassert_equal(edgepipe_discard(PULSES), 0, "a gap record is no edge");
	edges(0, 1);
	zassert_equal(edgepipe_read_edges(PULSES, found, 8, K_NO_WAIT), 1);
	zassert_equal(found[0].after_gap, 1);

	zassert_ok(edgepipe_close(PULSES));
	zassert_equal(edgepipe_discard(PULSES), 0);
	zassert_equal(edgepipe_wait(PULSES, K_NO_WAIT), EDGEPIPE_CLOSED, "the end was not read");
}

ZTEST(calls, test_strobed_bytes_are_discarded)
{
	zassert_ok(edgepipe_open(SAMPLER));
	/* Two of the four are rising. */
	edges(12, 4);
	zassert_equal(edgepipe_ready(SAMPLER), EDGEPIPE_THRESHOLD);
	zassert_equal(edgepipe_discard(SAMPLER), 2);
	zassert_equal(edgepipe_read(SAMPLER, bytes, 1, K_NO_WAIT), -EAGAIN);
}

ZTEST(calls, test_the_trigger_of_a_line_can_be_changed)
{
	zassert_ok(edgepipe_open(PULSES));
	zassert_equal(edgepipe_set_trigger(PULSES, 2, EDGEPIPE_BOTH), -EINVAL);
	zassert_equal(edgepipe_set_trigger(PULSES, 0, 0), -EINVAL);
	zassert_equal(edgepipe_set_trigger(PULSES, 0, 4), -EINVAL);
	zassert_ok(edgepipe_set_trigger(PULSES, 0, EDGEPIPE_FALLING));
	/* Active low: high is inactive. */
	zassert_ok(edgepipe_set_trigger(PULSES, 1, EDGEPIPE_FALLING));
	edges(0, 2);
	edges(1, 2);
	zassert_equal(edgepipe_read_edges(PULSES, found, 8, K_NO_WAIT), 2);
	zassert_equal(found[0].line, 0);
	zassert_equal(found[0].level, 0);
	zassert_equal(found[0].after_gap, 1);
	zassert_equal(found[1].line, 1);
	zassert_equal(found[1].level, 0);
	zassert_ok(edgepipe_drive(PULSES, 0, true));
	zassert_equal(edgepipe_set_trigger(PULSES, 0, EDGEPIPE_BOTH), -EBUSY);
	zassert_ok(edgepipe_release(PULSES, 0));
	edges(0, 2);
	zassert_equal(edgepipe_read_edges(PULSES, found, 8, K_NO_WAIT), 2, "as in the devicetree");
}

ZTEST(calls, test_each_result_has_its_words)
{
	zassert_str_equal(edgepipe_reason_str(0), "not ready");
	zassert_str_equal(edgepipe_reason_str(EDGEPIPE_OVERFLOW), "records were lost");
	zassert_str_equal(edgepipe_reason_str(EDGEPIPE_IDLE), "idle");
	zassert_str_equal(edgepipe_reason_str(EDGEPIPE_CLOSED), "closed");
	zassert_str_equal(edgepipe_reason_str(EDGEPIPE_CLOSED + 1), "error");
	zassert_str_equal(edgepipe_reason_str(-EBADF), "not open");
	zassert_str_equal(edgepipe_reason_str(-EAGAIN), "time-out");
	zassert_str_equal(edgepipe_reason_str(-EPIPE), "end of file");
	zassert_str_equal(edgepipe_reason_str(-EINVAL), "error");
}

ZTEST_SUITE(calls, NULL, NULL, before_each, after_each, NULL);
