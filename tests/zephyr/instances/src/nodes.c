/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The capture is as the devicetree describes it.
 */

#include "support.h"

ZTEST(nodes, test_each_enabled_node_is_a_device)
{
	static const char *const names[] = {"pulses",    "buttons", "debounced",
					    "untouched", "piped",   "newest",
					    "sampler",   "bus",
					    /* Of two nodes with one name, each has its path. */
					    "/left/twin", "/right/twin"};
	size_t captures = 0;

	zassert_equal(EDGEPIPE_COUNT, ARRAY_SIZE(names));
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		const struct device *dev = device_get_binding(names[i]);

		zassert_true(edgepipe_is_capture(dev), "%s", names[i]);
		zassert_true(device_is_ready(dev));
	}
	STRUCT_SECTION_FOREACH(device, dev) {
		captures += edgepipe_is_capture(dev);
	}
	zassert_equal(captures, EDGEPIPE_COUNT);
	zassert_is_null(device_get_binding("twin"));
	zassert_is_null(device_get_binding("disabled"));
	zassert_equal(edgepipe_content(PULSES), EDGEPIPE_EDGES);
	zassert_equal(edgepipe_content(SAMPLER), EDGEPIPE_SAMPLES);
	zassert_equal(edgepipe_capacity(PULSES), 8);
	zassert_equal(edgepipe_record_bytes(PULSES), EDGEPIPE_RECORD_BYTES);
	zassert_equal(edgepipe_capacity(SAMPLER), 16);
	zassert_equal(edgepipe_data_lines(PULSES), 0);
	zassert_equal(edgepipe_record_bytes(SAMPLER), 1);
	zassert_equal(edgepipe_data_lines(SAMPLER), 3);
	zassert_equal(edgepipe_record_bytes(BUS), 8);
	zassert_equal(edgepipe_data_lines(BUS), 12);
}

ZTEST(nodes, test_an_instance_has_the_headroom_and_the_pipe_of_its_node)
{
	zassert_equal(edgepipe_headroom(PULSES), 0);
	zassert_equal(edgepipe_headroom(DEBOUNCED), 1);
	zassert_equal(edgepipe_headroom(UNTOUCHED), 4, "a quarter of 16, as it does not say");
	zassert_equal(edgepipe_headroom(SAMPLER), 4);
	zassert_equal(edgepipe_pipe_records(PULSES), 0);
	zassert_equal(edgepipe_pipe_records(PIPED), 6);
}

ZTEST(nodes, test_an_alias_is_its_node)
{
	zassert_equal_ptr(DEVICE_DT_GET(DT_ALIAS(captured)), PULSES);
}

ZTEST(nodes, test_a_line_that_is_active_low_is_captured_inverted)
{
	uint8_t bytes[BYTES(1)];

	zassert_ok(edgepipe_open(PULSES));
	edges(1, 1);
	zassert_equal(edgepipe_read(PULSES, bytes, sizeof(bytes), K_NO_WAIT), sizeof(bytes));
	zassert_equal(edgepipe_line(edgepipe_record(bytes)), 1);
	zassert_false(edgepipe_level(edgepipe_record(bytes)), "it became high, which is inactive");
}

ZTEST(nodes, test_each_line_has_its_trigger)
{
	uint8_t bytes[BYTES(6)];

	zassert_ok(edgepipe_open(BUTTONS));
	edges(2, 2);
	edges(3, 4);
	zassert_equal(edgepipe_read(BUTTONS, bytes, sizeof(bytes), K_NO_WAIT), BYTES(4));
	for (int i = 0; i < 4; i++) {
		uint64_t record = edgepipe_record(&bytes[BYTES(i)]);

		zassert_equal(edgepipe_line(record), i < 2 ? 0 : 1);
		zassert_equal(edgepipe_level(record), i != 1);
	}
}

ZTEST(nodes, test_each_line_is_debounced_or_not)
{
	uint8_t bytes[BYTES(4)];
	struct edgepipe_stats stats;

	zassert_ok(edgepipe_open(DEBOUNCED));
	edges(4, 3);
	zassert_equal(edgepipe_read(DEBOUNCED, bytes, sizeof(bytes), K_NO_WAIT), -EAGAIN);
	k_msleep(7);
	edges(5, 1);
	zassert_equal(edgepipe_read(DEBOUNCED, bytes, sizeof(bytes), K_NO_WAIT), BYTES(2));
	zassert_equal(edgepipe_line(edgepipe_record(bytes)), 0);
	zassert_equal(edgepipe_line(edgepipe_record(&bytes[BYTES(1)])), 1);
	zassert_ok(edgepipe_stats(DEBOUNCED, &stats));
	zassert_equal(stats.captured, 2);
	zassert_equal(stats.bounces, 2);
}

ZTEST(nodes, test_a_tail_becomes_ready_when_it_has_waited)
{
	zassert_ok(edgepipe_open(DEBOUNCED));
	edges(5, 1);
	zassert_equal(edgepipe_wait(DEBOUNCED, K_MSEC(10)), -EAGAIN);
	zassert_equal(edgepipe_wait(DEBOUNCED, K_MSEC(20)), EDGEPIPE_DEADLINE);
}

ZTEST(nodes, test_what_does_not_fit_is_lost_as_the_node_says)
{
	uint8_t bytes[BYTES(2)];
	struct edgepipe_stats stats;

	zassert_ok(edgepipe_open(DEBOUNCED));
	edges(5, 5);
	zassert_equal(edgepipe_wait(DEBOUNCED, K_NO_WAIT), EDGEPIPE_OVERFLOW);
	/* Reading half makes room, but everything has to be read. */
	zassert_equal(edgepipe_read(DEBOUNCED, bytes, sizeof(bytes), K_NO_WAIT), sizeof(bytes));
	edges(5, 1);
	zassert_ok(edgepipe_stats(DEBOUNCED, &stats));
	zassert_equal(stats.captured, 6);
	zassert_equal(stats.delivered, 2);
	zassert_equal(stats.pending, 2);
	zassert_equal(stats.lost_full, 1);
	zassert_equal(stats.lost_frozen, 1);
}

ZTEST(nodes, test_the_oldest_give_way_as_the_node_says)
{
	struct edgepipe_edge found[4];
	struct edgepipe_stats stats;

	zassert_ok(edgepipe_open(NEWEST));
	edges(14, 7);
	zassert_equal(edgepipe_ready(NEWEST), EDGEPIPE_FULL);
	zassert_ok(edgepipe_stats(NEWEST, &stats));
	zassert_equal(stats.captured, 7);
	zassert_equal(stats.pending, 3);
	zassert_equal(stats.lost_oldest, 4);
	zassert_equal(stats.lost_full, 0);
	zassert_equal(edgepipe_read_edges(NEWEST, found, 4, K_NO_WAIT), 3);
	zassert_equal(found[0].lost_before, 4);
	zassert_equal(found[0].levels_before, 0);
	zassert_equal(found[0].level, 1);
	zassert_equal(found[1].lost_before, 0);
}

ZTEST(nodes, test_full_is_before_the_headroom)
{
	struct edgepipe_stats stats;

	zassert_ok(edgepipe_open(DEBOUNCED));
	edges(5, 2);
	zassert_equal(edgepipe_ready(DEBOUNCED), 0);
	edges(5, 1);
	zassert_equal(edgepipe_ready(DEBOUNCED), EDGEPIPE_FULL);
	edges(5, 1);
	zassert_equal(edgepipe_ready(DEBOUNCED), EDGEPIPE_FULL);
	zassert_ok(edgepipe_stats(DEBOUNCED, &stats));
	zassert_equal(stats.pending, edgepipe_capacity(DEBOUNCED));
	zassert_equal(stats.lost_full, 0);
}

ZTEST_SUITE(nodes, NULL, NULL, before_each, after_each, NULL);
