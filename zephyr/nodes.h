/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * What nodes.c, devices.c and player/nodes.c have in common. A file that uses NAME(prop)
 * defines NAME_prop, the property's name as it is written.
 */

#ifndef EDGEPIPE_NODES_H_
#define EDGEPIPE_NODES_H_

#include <zephyr/devicetree.h>
#include <zephyr/devicetree/gpio.h>
#include <zephyr/toolchain.h>
#include <zephyr/sys/util.h>

/* Bytes in a record of an edgepipe,strobe node; as StrobeDevice in src/device.rs says. */
#define EDGEPIPE_SAMPLE_BYTES(node)                                                                \
	(DT_PROP(node, timestamps)               ? DT_PROP_LEN(node, data_gpios) <= 16 ? 8 : 16    \
	 : DT_PROP_LEN(node, data_gpios) <= 8    ? 1                                               \
	 : DT_PROP_LEN(node, data_gpios) <= 16   ? 2                                               \
						 : 4)

#define NAME(prop) _CONCAT(NAME_, prop)

/*
 * A number that is written as a negative one is negative from Zephyr 4.5 on, and up to 4.4 it is
 * above INT32_MAX. So a condition tests both ends of a range.
 */
#define CHECK(node, cond, message) BUILD_ASSERT(cond, DT_NODE_PATH(node) ": " message)

#define CHECK_ENABLED(node, prop, idx, port)                                                       \
	CHECK(node, DT_NODE_HAS_STATUS_OKAY(port),                                                 \
	      NAME(prop) ": the controller of entry " STRINGIFY(idx) " is not enabled, "           \
	      DT_NODE_PATH(port));

/* No controller of Zephyr's has more than 32 pins. */
#define NGPIOS(port) DT_PROP_OR(port, ngpios, 32)

/* The list has pairs: the first reserved pin, and how many are reserved from there. */
#define OR_IS_RESERVED(port, prop, idx, pin)                                                       \
	|| (idx % 2 == 1 && pin >= DT_PROP_BY_IDX(port, prop, UTIL_DEC(idx)) &&                    \
	    pin < DT_PROP_BY_IDX(port, prop, UTIL_DEC(idx)) + DT_PROP_BY_IDX(port, prop, idx))

#define IS_RESERVED(port, pin)                                                                     \
	(false COND_CODE_1(                                                                        \
		DT_NODE_HAS_PROP(port, gpio_reserved_ranges),                                      \
		(DT_FOREACH_PROP_ELEM_VARGS(port, gpio_reserved_ranges, OR_IS_RESERVED, pin)), ()))

#define CHECK_PIN(node, prop, idx, port, pin)                                                      \
	CHECK(node, pin < NGPIOS(port),                                                            \
	      NAME(prop) ": entry " STRINGIFY(idx) " is pin " STRINGIFY(pin) ", but "              \
	      DT_NODE_PATH(port) " has only " STRINGIFY(NGPIOS(port)) " (ngpios)");                \
	CHECK(node, !IS_RESERVED(port, pin),                                                       \
	      NAME(prop) ": entry " STRINGIFY(idx) " is pin " STRINGIFY(pin) ", which "            \
	      DT_NODE_PATH(port) " reserves (gpio-reserved-ranges)");

#define IS_SAME_PIN(node, prop, idx, other, other_prop, other_idx)                                 \
	(DT_DEP_ORD(DT_GPIO_CTLR_BY_IDX(node, prop, idx)) ==                                       \
		 DT_DEP_ORD(DT_GPIO_CTLR_BY_IDX(other, other_prop, other_idx)) &&                  \
	 DT_GPIO_PIN_BY_IDX(node, prop, idx) ==                                                    \
		 DT_GPIO_PIN_BY_IDX(other, other_prop, other_idx))

/* Each pin once in its property. Each entry is compared with all earlier ones. */

#define CHECK_PAIR(node, prop, idx, earlier)                                                       \
	CHECK(node, idx <= earlier || !IS_SAME_PIN(node, prop, idx, node, prop, earlier),          \
	      NAME(prop) ": entry " STRINGIFY(idx) " is the pin of entry " STRINGIFY(earlier)      \
	      " again");

#define CHECK_PAIRS(node, prop, earlier)                                                           \
	DT_FOREACH_PROP_ELEM_VARGS(node, prop, CHECK_PAIR, earlier)

#define CHECK_PINS_ONCE(node, prop) DT_FOREACH_PROP_ELEM(node, prop, CHECK_PAIRS)

#endif /* EDGEPIPE_NODES_H_ */
