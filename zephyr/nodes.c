/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Reports errors in the devicetree; each names the node and the property. dtc and Zephyr's own
 * tools have already reported what a binding can express, such as a wrong enum value.
 */

#include <zephyr/dt-bindings/gpio/gpio.h>

#include "nodes.h"

/* The properties' names as they are written. */
#define NAME_gpios            "gpios"
#define NAME_strobe_gpios     "strobe-gpios"
#define NAME_data_gpios       "data-gpios"
#define NAME_buffer_records   "buffer-records"
#define NAME_buffer_samples     "buffer-samples"
#define NAME_headroom_records "headroom-records"
#define NAME_headroom_samples   "headroom-samples"
#define NAME_pipe_records     "pipe-records"
#define NAME_pipe_samples       "pipe-samples"
#define NAME_debounce_us      "debounce-us"
#define NAME_trigger          "trigger"

#define IS_WITHIN(node, prop, min, max) IN_RANGE(DT_PROP_OR(node, prop, min), min, max)

#define IS_ON_SLOW_BUS(node)                                                                       \
	(DT_ON_BUS(node, i2c) || DT_ON_BUS(node, i3c) || DT_ON_BUS(node, spi) ||                   \
	 DT_ON_BUS(node, uart))

/* The controller may be a part of a larger chip, and only that be on the bus. */
#define IS_BEHIND_SLOW_BUS(port)                                                                   \
	(IS_ON_SLOW_BUS(port) || IS_ON_SLOW_BUS(DT_PARENT(port)) ||                                \
	 IS_ON_SLOW_BUS(DT_GPARENT(port)))

#define CHECK_PORT(node, prop, idx, port)                                                          \
	CHECK_ENABLED(node, prop, idx, port)                                                       \
	CHECK(node, !IS_BEHIND_SLOW_BUS(port),                                                     \
	      NAME(prop) ": the controller of entry " STRINGIFY(idx) " cannot be read in an "       \
			 "interrupt, as it is behind a bus, " DT_NODE_PATH(port));

#define PULLS (GPIO_PULL_UP | GPIO_PULL_DOWN)

#define CHECK_FLAGS(node, prop, idx)                                                               \
	CHECK(node, (DT_GPIO_FLAGS_BY_IDX(node, prop, idx) & PULLS) != PULLS,                      \
	      NAME(prop) ": entry " STRINGIFY(idx) " is pulled up and down at once");

#define CHECK_LINE(node, prop, idx)                                                                \
	CHECK_PORT(node, prop, idx, DT_GPIO_CTLR_BY_IDX(node, prop, idx))                          \
	CHECK_PIN(node, prop, idx, DT_GPIO_CTLR_BY_IDX(node, prop, idx),                           \
		  DT_GPIO_PIN_BY_IDX(node, prop, idx))                                             \
	CHECK_FLAGS(node, prop, idx)                                                               \
	CHECK_ALONE(node, prop, idx)

#define CHECK_LINES(node, prop) DT_FOREACH_PROP_ELEM(node, prop, CHECK_LINE)

/*
 * Each pin belongs to one node. If two nodes have it, the later is refused. A driver cannot
 * distinguish the two, so closing one would end the interrupts of the other.
 */

#define OR_IS_SAME_PIN(other, other_prop, other_idx, node, prop, idx)                              \
	|| IS_SAME_PIN(node, prop, idx, other, other_prop, other_idx)

#define HAS_PIN_OF(other, other_prop, node, prop, idx)                                             \
	(false DT_FOREACH_PROP_ELEM_VARGS(other, other_prop, OR_IS_SAME_PIN, node, prop, idx))

#define CHECK_NOT_IN(other, other_prop, node, prop, idx)                                           \
	CHECK(node, DT_DEP_ORD(node) <= DT_DEP_ORD(other) ||                                       \
		    !HAS_PIN_OF(other, other_prop, node, prop, idx),                               \
	      NAME(prop) ": the pin of entry " STRINGIFY(idx) " is in " NAME(other_prop) " of "    \
	      DT_NODE_PATH(other) " too");

#define CHECK_NOT_IN_CAPTURE(other, node, prop, idx) CHECK_NOT_IN(other, gpios, node, prop, idx)

#define CHECK_NOT_IN_STROBE(other, node, prop, idx)                                                \
	CHECK_NOT_IN(other, strobe_gpios, node, prop, idx)                                         \
	CHECK_NOT_IN(other, data_gpios, node, prop, idx)

#define CHECK_ALONE(node, prop, idx)                                                               \
	DT_FOREACH_STATUS_OKAY_VARGS(edgepipe_capture, CHECK_NOT_IN_CAPTURE, node, prop, idx)      \
	DT_FOREACH_STATUS_OKAY_VARGS(edgepipe_strobe, CHECK_NOT_IN_STROBE, node, prop, idx)

/* A list with one value for all lines, or one for each. */
#define CHECK_EACH(node, prop)                                                                     \
	CHECK(node, IN_RANGE(DT_PROP_LEN_OR(node, prop, 1), 1, 1) ||                               \
		    DT_PROP_LEN_OR(node, prop, 1) == DT_PROP_LEN(node, gpios),                     \
	      NAME(prop) " must have one value for all of gpios, or one for each");

/* Each pipe has a ring_buf, whose indices have 16 bits unless CONFIG_RING_BUFFER_LARGE is set. */
#define PIPE_BYTES_MAX (IS_ENABLED(CONFIG_RING_BUFFER_LARGE) ? INT32_MAX : INT16_MAX)

#define IS_PIPED(node) DT_ENUM_HAS_VALUE(node, deliver, pipe)

#define CHECK_PIPE(node, pipe, size)                                                               \
	CHECK(node, IS_PIPED(node) || !DT_NODE_HAS_PROP(node, pipe),                               \
	      NAME(pipe) " needs deliver = \"pipe\"");                                             \
	CHECK(node, IS_WITHIN(node, pipe, 1, 65536), NAME(pipe) " must be 1 to 65536");            \
	CHECK(node, DT_PROP_OR(node, pipe, 1) <= PIPE_BYTES_MAX / size ||                          \
		    DT_PROP_OR(node, pipe, 1) > 65536,                                             \
	      NAME(pipe) " is more than 32767 bytes, which needs CONFIG_RING_BUFFER_LARGE=y");

#define DROPS_OLDEST(node) DT_ENUM_HAS_VALUE(node, overflow, drop_oldest)

#define CHECK_CLOCK(node, clock)                                                                   \
	CHECK(node, DT_NODE_HAS_STATUS_OKAY(clock),                                                \
	      "clock: the counter is not enabled, " DT_NODE_PATH(clock));                          \
	CHECK(node, !IS_BEHIND_SLOW_BUS(clock),                                                    \
	      "clock: the counter cannot be read in an interrupt, as it is behind a bus, "         \
	      DT_NODE_PATH(clock));

/* The properties of both kinds of node. */
#define CHECK_COMMON(node, capacity, headroom)                                                     \
	CHECK(node, IS_WITHIN(node, capacity, 1, 65536),                                           \
	      NAME(capacity) " must be 1 to 65536");                                               \
	CHECK(node, !DT_NODE_HAS_PROP(node, headroom) ||                                           \
		    IN_RANGE(DT_PROP_OR(node, headroom, 0), 0, DT_PROP(node, capacity) - 1),       \
	      NAME(headroom) " must be 0 or more, and below " NAME(capacity)                       \
			     ", or the capture is always full");                                   \
	CHECK(node, DT_PROP_OR(node, threshold, 1) >= 1, "threshold must be 1 or more");           \
	CHECK(node, DT_PROP_OR(node, threshold, 1) <= DT_PROP(node, capacity),                     \
	      "threshold is above " NAME(capacity) " and could never be reached");                 \
	CHECK(node, !(DT_NODE_HAS_PROP(node, threshold) && DT_PROP(node, ready_when_full)),        \
	      "threshold and ready-when-full exclude each other");                                 \
	CHECK(node, IS_WITHIN(node, flush_after_us, 1, INT32_MAX),                                 \
	      "flush-after-us must be 1 to 2147483647");                                           \
	CHECK(node, IS_WITHIN(node, idle_after_us, 1, INT32_MAX),                                  \
	      "idle-after-us must be 1 to 2147483647");                                            \
	IF_ENABLED(DT_NODE_HAS_PROP(node, clock), (CHECK_CLOCK(node, DT_PHANDLE(node, clock))))

#define CHECK_DEBOUNCE(node, prop, idx)                                                            \
	CHECK(node, IN_RANGE(DT_PROP_BY_IDX(node, prop, idx), 0, INT32_MAX),                       \
	      "debounce-us must be 0 to 2147483647");

#define CHECK_CAPTURE(node)                                                                        \
	CHECK_COMMON(node, buffer_records, headroom_records)                                       \
	CHECK_PIPE(node, pipe_records, 8)                                                          \
	CHECK(node, !DROPS_OLDEST(node) || !IS_PIPED(node),                                        \
	      "overflow = \"drop-oldest\" needs deliver = \"direct\"");                            \
	CHECK(node, !DROPS_OLDEST(node) || DT_PROP(node, buffer_records) != 1,                     \
	      "overflow = \"drop-oldest\" needs buffer-records of 2 or more");                     \
	CHECK(node, IN_RANGE(DT_PROP_LEN(node, gpios), 1, 32), "gpios must have 1 to 32 entries"); \
	CHECK_LINES(node, gpios)                                                                   \
	CHECK_PINS_ONCE(node, gpios)                                                               \
	CHECK_EACH(node, debounce_us)                                                              \
	CHECK_EACH(node, trigger)                                                                  \
	IF_ENABLED(DT_NODE_HAS_PROP(node, debounce_us),                                            \
		   (DT_FOREACH_PROP_ELEM(node, debounce_us, CHECK_DEBOUNCE)))

#define CHECK_NOT_STROBE(node, prop, idx)                                                          \
	CHECK(node, !IS_SAME_PIN(node, prop, idx, node, strobe_gpios, 0),                          \
	      NAME(prop) ": entry " STRINGIFY(idx) " is the pin of strobe-gpios again");

#define CHECK_STROBE(node)                                                                         \
	CHECK_COMMON(node, buffer_samples, headroom_samples)                                       \
	CHECK_PIPE(node, pipe_samples, EDGEPIPE_SAMPLE_BYTES(node))                                \
	CHECK(node, !DROPS_OLDEST(node),                                                           \
	      "overflow = \"drop-oldest\" is for edgepipe,capture only");                          \
	CHECK(node, DT_PROP_LEN(node, strobe_gpios) == 1, "strobe-gpios must have one entry");     \
	CHECK(node, IN_RANGE(DT_PROP_LEN(node, data_gpios), 1, 32),                                \
	      "data-gpios must have 1 to 32 entries");                                             \
	CHECK_LINES(node, strobe_gpios)                                                            \
	CHECK_LINES(node, data_gpios)                                                              \
	CHECK_PINS_ONCE(node, data_gpios)                                                          \
	DT_FOREACH_PROP_ELEM(node, data_gpios, CHECK_NOT_STROBE)

DT_FOREACH_STATUS_OKAY(edgepipe_capture, CHECK_CAPTURE)
DT_FOREACH_STATUS_OKAY(edgepipe_strobe, CHECK_STROBE)
