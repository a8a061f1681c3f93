/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The lines of the capture, from devicetree. C, because only its macros see every property.
 */

#include <zephyr/drivers/gpio.h>

#define CAPTURE DT_COMPAT_GET_ANY_STATUS_OKAY(edgepipe_capture)

BUILD_ASSERT(DT_NODE_EXISTS(CAPTURE), "the devicetree has no enabled edgepipe,capture node");
BUILD_ASSERT(DT_PROP_LEN(CAPTURE, gpios) <= 32, "edgepipe,capture takes at most 32 gpios");

const struct gpio_dt_spec edgepipe_lines[] = {
	DT_FOREACH_PROP_ELEM_SEP(CAPTURE, gpios, GPIO_DT_SPEC_GET_BY_IDX, (,))
};

const size_t edgepipe_line_count = ARRAY_SIZE(edgepipe_lines);
