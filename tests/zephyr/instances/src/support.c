/*
 * SPDX-License-Identifier: Apache-2.0
 */

#include "support.h"

#include <zephyr/drivers/gpio.h>
#include <zephyr/drivers/gpio/gpio_emul.h>

#define PINS 28

static const struct device *const port = DEVICE_DT_GET(DT_NODELABEL(gpio_emul));

static struct wire {
	struct k_timer timer;
	int left;
	bool level;
} wires[PINS];

void set(int pin, int level)
{
	wires[pin].level = level;
	zassert_ok(gpio_emul_input_set(port, pin, level));
}

int driven(int pin)
{
	return gpio_emul_output_get(port, pin);
}

static void next_edge(struct k_timer *timer)
{
	struct wire *wire = CONTAINER_OF(timer, struct wire, timer);

	zassert_true(k_is_in_isr());
	set(wire - wires, !wire->level);
	wire->left--;
	if (wire->left == 0) {
		k_timer_stop(timer);
	}
}

void edges_soon(int pin, int count)
{
	struct wire *wire = &wires[pin];

	wire->left = count;
	k_timer_init(&wire->timer, next_edge, NULL);
	k_timer_start(&wire->timer, K_MSEC(1), K_MSEC(1));
}

void edges(int pin, int count)
{
	edges_soon(pin, count);
	k_msleep(count + 1);
	zassert_equal(wires[pin].left, 0);
}

void before_each(void *fixture)
{
	ARG_UNUSED(fixture);

	for (int pin = 0; pin < PINS; pin++) {
		zassert_ok(gpio_pin_configure(port, pin, GPIO_INPUT));
		set(pin, 0);
	}
}

void after_each(void *fixture)
{
	ARG_UNUSED(fixture);

	STRUCT_SECTION_FOREACH(device, dev) {
		(void)edgepipe_close(dev);
	}
	for (int pin = 0; pin < PINS; pin++) {
		k_timer_stop(&wires[pin].timer);
	}
}
