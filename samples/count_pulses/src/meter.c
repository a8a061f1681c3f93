/*
 * SPDX-License-Identifier: Apache-2.0
 */

#include "meter.h"

#include <zephyr/drivers/gpio/gpio_emul.h>
#include <zephyr/kernel.h>

static const struct device *const lines = DEVICE_DT_GET(DT_NODELABEL(lines));

static uint32_t left;

/* Runs in an interrupt, like the handler of a real pin. */
static void pulse(struct k_timer *timer)
{
	gpio_emul_input_set(lines, 0, 1);
	gpio_emul_input_set(lines, 0, 0);
	left--;
	if (left == 0) {
		k_timer_stop(timer);
	}
}

static K_TIMER_DEFINE(timer, pulse, NULL);

void meter_run(uint32_t pulses)
{
	left = pulses;
	k_timer_start(&timer, K_USEC(500), K_USEC(500));
}
