/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * A GPIO controller whose driver notes when its levels are read, and does nothing else.
 */

#include <zephyr/drivers/gpio.h>
#include <zephyr/drivers/gpio/gpio_utils.h>
#include <zephyr/kernel.h>

#include "count.h"

static struct {
	/* Must come first. */
	struct gpio_driver_data common;
	sys_slist_t callbacks;
} data;

static uint32_t read_at;

static int configure(const struct device *dev, gpio_pin_t pin, gpio_flags_t flags)
{
	ARG_UNUSED(dev);
	ARG_UNUSED(pin);
	ARG_UNUSED(flags);
	return 0;
}

static int get_raw(const struct device *dev, gpio_port_value_t *value)
{
	ARG_UNUSED(dev);
	read_at = count_now();
	*value = 0;
	return 0;
}

static int interrupt_configure(const struct device *dev, gpio_pin_t pin, enum gpio_int_mode mode,
			       enum gpio_int_trig trig)
{
	ARG_UNUSED(dev);
	ARG_UNUSED(pin);
	ARG_UNUSED(mode);
	ARG_UNUSED(trig);
	return 0;
}

static int manage_callback(const struct device *dev, struct gpio_callback *callback, bool set)
{
	ARG_UNUSED(dev);
	return gpio_manage_callback(&data.callbacks, callback, set);
}

static DEVICE_API(gpio, api) = {
	.pin_configure = configure,
	.port_get_raw = get_raw,
	.pin_interrupt_configure = interrupt_configure,
	.manage_callback = manage_callback,
};

static const struct gpio_driver_config config = {.port_pin_mask = UINT32_MAX};

DEVICE_DEFINE(noting_port, "noting_port", NULL, NULL, &data, &config, POST_KERNEL,
	      CONFIG_KERNEL_INIT_PRIORITY_DEVICE, &api);

const struct device *const noting_port = DEVICE_GET(noting_port);

uint32_t cost_until_read(void (*body)(void))
{
	uint32_t before = count_now();

	body();
	return count_between(before, read_at);
}
