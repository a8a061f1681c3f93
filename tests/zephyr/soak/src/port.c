/* SPDX-License-Identifier: Apache-2.0 */

#include <zephyr/drivers/gpio.h>

#define CAPTURE DT_COMPAT_GET_ANY_STATUS_OKAY(edgepipe_capture)

/* The port whose pins are captured. */
const struct device *const soak_port = DEVICE_DT_GET(DT_GPIO_CTLR(CAPTURE, gpios));
