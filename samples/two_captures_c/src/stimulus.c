/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * A stimulus for the emulated lines: a pulse each 20 ms, and sometimes a pressed key.
 */

#include <zephyr/drivers/gpio/gpio_emul.h>
#include <zephyr/init.h>
#include <zephyr/kernel.h>

/* The stimulus ends after this many steps of 10 ms. */
#define STEPS 100

static const struct device *const lines = DEVICE_DT_GET(DT_NODELABEL(lines));

/* Runs in an interrupt, like the handler of real pins. */
static void step(struct k_timer *timer)
{
	static int steps;

	gpio_emul_input_set(lines, 0, steps % 2);
	if (steps % 20 == 7) {
		gpio_emul_input_set(lines, 1 + steps / 20 % 2, 0);
	} else if (steps % 20 == 13) {
		gpio_emul_input_set(lines, 1 + steps / 20 % 2, 1);
	}
	steps++;
	if (steps == STEPS) {
		k_timer_stop(timer);
	}
}

static K_TIMER_DEFINE(timer, step, NULL);

/* Keys that are not pressed are high. */
static int begin(void)
{
	gpio_pin_configure(lines, 1, GPIO_INPUT);
	gpio_pin_configure(lines, 2, GPIO_INPUT);
	gpio_emul_input_set(lines, 1, 1);
	gpio_emul_input_set(lines, 2, 1);
	k_timer_start(&timer, K_MSEC(50), K_MSEC(10));
	return 0;
}

SYS_INIT(begin, APPLICATION, CONFIG_APPLICATION_INIT_PRIORITY);
