/*
 * SPDX-License-Identifier: Apache-2.0
 */

#include "port.h"

#include <zephyr/drivers/gpio/gpio_utils.h>
#include <zephyr/kernel.h>

#include "count.h"
#include "harness.h"

#ifdef CONFIG_SOC_TI_LM3S6965
/* I2C 1 of the SoC, which has no driver here. */
#define PORT_IRQ 37
#define PORT_IRQ_PRIORITY 2
#else
#include <posix_board_if.h>
#define PORT_IRQ 5
#define PORT_IRQ_PRIORITY 2
#endif

struct port_data {
	/* Must come first. */
	struct gpio_driver_data common;
	sys_slist_t callbacks;
	/** The data register. */
	gpio_port_value_t levels;
	/** The interrupt status register. */
	gpio_port_pins_t status;
};

static struct port_data data;

bool port_measures;
uint32_t port_fired_at;

static int configure(const struct device *dev, gpio_pin_t pin, gpio_flags_t flags)
{
	ARG_UNUSED(dev);
	ARG_UNUSED(pin);
	ARG_UNUSED(flags);
	return 0;
}

static int get_raw(const struct device *dev, gpio_port_value_t *value)
{
	const struct port_data *data = dev->data;

	*value = data->levels;
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
	struct port_data *data = dev->data;

	return gpio_manage_callback(&data->callbacks, callback, set);
}

static DEVICE_API(gpio, api) = {
	.pin_configure = configure,
	.port_get_raw = get_raw,
	.pin_interrupt_configure = interrupt_configure,
	.manage_callback = manage_callback,
};

static const struct gpio_driver_config config = {.port_pin_mask = UINT32_MAX};

DEVICE_DEFINE(bench_port, "bench_port", NULL, NULL, &data, &config, POST_KERNEL,
	      CONFIG_KERNEL_INIT_PRIORITY_DEVICE, &api);

const struct device *const bench_port = DEVICE_GET(bench_port);

static void fire(void)
{
	gpio_port_pins_t pins = data.status;

	data.status = 0;
	gpio_fire_callbacks(&data.callbacks, bench_port, pins);
}

static void isr(const void *arg)
{
	ARG_UNUSED(arg);

	port_fired_at = count_now();
	if (port_measures) {
		MEASURED(fire());
		tally_add(&harness_tally, port_fired_at, count_now());
	} else {
		fire();
	}
}

void port_init(void)
{
	IRQ_CONNECT(PORT_IRQ, PORT_IRQ_PRIORITY, isr, NULL, 0);
	irq_enable(PORT_IRQ);
}

void port_toggle_in_isr(gpio_port_pins_t pins)
{
	data.levels ^= pins;
	data.status |= pins;
	fire();
}

void port_toggle(gpio_port_pins_t pins)
{
	data.levels ^= pins;
	data.status |= pins;
	compiler_barrier();
#ifdef CONFIG_SOC_TI_LM3S6965
	NVIC_SetPendingIRQ(PORT_IRQ);
	/* The interrupt must be taken before the next instruction. */
	__DSB();
	__ISB();
#else
	posix_sw_set_pending_IRQ(PORT_IRQ);
#endif
}
