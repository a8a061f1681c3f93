/* SPDX-License-Identifier: Apache-2.0 */

#include <zephyr/drivers/gpio.h>

/* The port whose pins 0 and 1 the tasks capture. */
const struct device *const executor_port = DEVICE_DT_GET(DT_NODELABEL(gpio_emul));
