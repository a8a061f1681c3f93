/* SPDX-License-Identifier: Apache-2.0 */

#include <zephyr/drivers/gpio.h>

/* The port whose pins are captured. */
const struct device *const soak_port = DEVICE_DT_GET(DT_NODELABEL(gpio_emul));
