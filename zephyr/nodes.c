/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * What is wrong in the devicetree is an error here, which names the node and the property. What a
 * binding can say by itself, such as an enum, dtc's and Zephyr's own tools have found before.
 */

#include <zephyr/devicetree.h>
#include <zephyr/toolchain.h>
#include <zephyr/sys/util.h>

/* The properties as they are written. */
#define NAME(prop)          _CONCAT(NAME_, prop)
#define NAME_gpios          "gpios"
#define NAME_strobe_gpios   "strobe-gpios"
#define NAME_data_gpios     "data-gpios"
#define NAME_buffer_records "buffer-records"
#define NAME_buffer_bytes   "buffer-bytes"
#define NAME_debounce_us    "debounce-us"
#define NAME_trigger        "trigger"

#define CHECK(node, cond, message) BUILD_ASSERT(cond, DT_NODE_PATH(node) ": " message)

#define IS_WITHIN(node, prop, min, max) IN_RANGE(DT_PROP_OR(node, prop, min), min, max)

/* Of each GPIO property: controllers that drivers serve, and pins that a port can have. */

#define CHECK_LINE(node, prop, idx)                                                                \
	CHECK(node, DT_NODE_HAS_STATUS_OKAY(DT_GPIO_CTLR_BY_IDX(node, prop, idx)),                 \
	      NAME(prop) ": the controller of entry " STRINGIFY(idx) " is not enabled, "      \
	      DT_NODE_PATH(DT_GPIO_CTLR_BY_IDX(node, prop, idx)));                                 \
	CHECK(node, DT_GPIO_PIN_BY_IDX(node, prop, idx) < 32,                                      \
	      NAME(prop) ": the pin of entry " STRINGIFY(idx) " is above 31");

#define CHECK_LINES(node, prop) DT_FOREACH_PROP_ELEM(node, prop, CHECK_LINE)

/* Each pin once. Pairs are compared, later with earlier. */

#define IS_SAME_PIN(node, prop, idx, other, other_idx)                                             \
	(DT_DEP_ORD(DT_GPIO_CTLR_BY_IDX(node, prop, idx)) ==                                       \
		 DT_DEP_ORD(DT_GPIO_CTLR_BY_IDX(node, other, other_idx)) &&                        \
	 DT_GPIO_PIN_BY_IDX(node, prop, idx) == DT_GPIO_PIN_BY_IDX(node, other, other_idx))

#define CHECK_PAIR(node, prop, idx, earlier)                                                       \
	CHECK(node, idx <= earlier || !IS_SAME_PIN(node, prop, idx, prop, earlier),                \
	      NAME(prop) ": entry " STRINGIFY(idx) " is the pin of entry " STRINGIFY(earlier) \
	      " again");

#define CHECK_PAIRS(node, prop, earlier)                                                           \
	DT_FOREACH_PROP_ELEM_VARGS(node, prop, CHECK_PAIR, earlier)

#define CHECK_PINS_ONCE(node, prop) DT_FOREACH_PROP_ELEM(node, prop, CHECK_PAIRS)

/* A list with one value for all lines, or one for each. */
#define CHECK_EACH(node, prop)                                                                     \
	CHECK(node, IN_RANGE(DT_PROP_LEN_OR(node, prop, 1), 1, 1) ||                               \
		    DT_PROP_LEN_OR(node, prop, 1) == DT_PROP_LEN(node, gpios),                     \
	      NAME(prop) " must have one value for all of gpios, or one for each");

/* What both kinds of node have. */
#define CHECK_COMMON(node, capacity)                                                               \
	CHECK(node, IS_WITHIN(node, capacity, 1, 65536),                                           \
	      NAME(capacity) " must be 1 to 65536");                                          \
	CHECK(node, DT_PROP_OR(node, threshold, 1) >= 1, "threshold must be 1 or more");           \
	CHECK(node, DT_PROP_OR(node, threshold, 1) <= DT_PROP(node, capacity),                     \
	      "threshold is above " NAME(capacity) " and could never be reached");            \
	CHECK(node, !(DT_NODE_HAS_PROP(node, threshold) && DT_PROP(node, ready_when_full)),        \
	      "threshold and ready-when-full exclude each other");                                 \
	CHECK(node, IS_WITHIN(node, flush_after_us, 1, INT32_MAX),                                 \
	      "flush-after-us must be 1 to 2147483647");

#define CHECK_DEBOUNCE(node, prop, idx)                                                            \
	CHECK(node, DT_PROP_BY_IDX(node, prop, idx) <= INT32_MAX,                                  \
	      "debounce-us must be 0 to 2147483647");

#define CHECK_CAPTURE(node)                                                                        \
	CHECK_COMMON(node, buffer_records)                                                         \
	CHECK(node, IN_RANGE(DT_PROP_LEN(node, gpios), 1, 32), "gpios must have 1 to 32 entries"); \
	CHECK_LINES(node, gpios)                                                                   \
	CHECK_PINS_ONCE(node, gpios)                                                               \
	CHECK_EACH(node, debounce_us)                                                              \
	CHECK_EACH(node, trigger)                                                                  \
	IF_ENABLED(DT_NODE_HAS_PROP(node, debounce_us),                                            \
		   (DT_FOREACH_PROP_ELEM(node, debounce_us, CHECK_DEBOUNCE)))

#define CHECK_NOT_STROBE(node, prop, idx)                                                          \
	CHECK(node, !IS_SAME_PIN(node, prop, idx, strobe_gpios, 0),                                \
	      NAME(prop) ": entry " STRINGIFY(idx) " is the pin of strobe-gpios again");

#define CHECK_STROBE(node)                                                                         \
	CHECK_COMMON(node, buffer_bytes)                                                           \
	CHECK(node, DT_PROP_LEN(node, strobe_gpios) == 1, "strobe-gpios must have one entry");     \
	CHECK(node, IN_RANGE(DT_PROP_LEN(node, data_gpios), 1, 8),                                 \
	      "data-gpios must have 1 to 8 entries");                                              \
	CHECK_LINES(node, strobe_gpios)                                                            \
	CHECK_LINES(node, data_gpios)                                                              \
	CHECK_PINS_ONCE(node, data_gpios)                                                          \
	DT_FOREACH_PROP_ELEM(node, data_gpios, CHECK_NOT_STROBE)

DT_FOREACH_STATUS_OKAY(edgepipe_capture, CHECK_CAPTURE)
DT_FOREACH_STATUS_OKAY(edgepipe_strobe, CHECK_STROBE)
