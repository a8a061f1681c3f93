/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * An edge each 10 ms or so, in an interrupt.
 */

#include <zephyr/drivers/gpio/gpio_emul.h>
#include <zephyr/init.h>
#include <zephyr/kernel.h>

static void next_edge(struct k_timer *timer)
{
	static int level;

	ARG_UNUSED(timer);
	level = !level;
	(void)gpio_emul_input_set(DEVICE_DT_GET(DT_NODELABEL(lines)), 0, level);
}

static K_TIMER_DEFINE(timer, next_edge, NULL);

static int begin(void)
{
	k_timer_start(&timer, K_MSEC(10), K_MSEC(10));
	return 0;
}

SYS_INIT(begin, APPLICATION, CONFIG_APPLICATION_INIT_PRIORITY);
