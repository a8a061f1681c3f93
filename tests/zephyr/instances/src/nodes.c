/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The capture is as the devicetree describes it.
 */

#include "support.h"

ZTEST(nodes, test_each_enabled_node_is_an_instance)
{
	static const char *const names[] = {"pulses",    "buttons", "debounced",
					    "untouched", "piped",   "newest",
					    "sampler",   "bus"};

	zassert_equal(EDGEPIPE_COUNT, ARRAY_SIZE(names));
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		zassert_str_equal(edgepipe_instances[i].name, names[i]);
	}
	zassert_equal(PULSES->capacity, 8);
	zassert_equal(PULSES->record_bytes, EDGEPIPE_RECORD_BYTES);
	zassert_equal(SAMPLER->capacity, 16);
	zassert_equal(PULSES->data_lines, 0);
	zassert_equal(SAMPLER->record_bytes, 1);
	zassert_equal(SAMPLER->data_lines, 3);
	zassert_equal(BUS->record_bytes, 8);
	zassert_equal(BUS->data_lines, 12);
}

ZTEST(nodes, test_an_instance_has_the_headroom_and_the_pipe_of_its_node)
{
	zassert_equal(PULSES->headroom, 0);
	zassert_equal(DEBOUNCED->headroom, 1);
	zassert_equal(UNTOUCHED->headroom, 4, "a quarter of 16, as it does not say");
	zassert_equal(SAMPLER->headroom, 4);
	zassert_equal(PULSES->pipe_records, 0);
	zassert_equal(PIPED->pipe_records, 6);
}

ZTEST(nodes, test_an_alias_is_its_node)
{
	zassert_equal_ptr(EDGEPIPE_DT_GET(DT_ALIAS(captured)), PULSES);
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
	zassert_equal(stats.pending, DEBOUNCED->capacity);
	zassert_equal(stats.lost_full, 0);
}

ZTEST_SUITE(nodes, NULL, NULL, before_each, after_each, NULL);
