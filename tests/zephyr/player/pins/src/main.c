/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Prints the edges of its inputs, and drives its outputs: one with k_sleep() and k_busy_wait(), one
 * in the interrupt of the first input.
 */

#include <zephyr/drivers/gpio.h>
#include <zephyr/kernel.h>
#include <zephyr/sys/printk.h>

#define USER        DT_PATH(zephyr_user)
#define SPEC(n, at) GPIO_DT_SPEC_GET_BY_IDX(USER, at, n)

static const struct gpio_dt_spec in[] = {SPEC(0, in_gpios), SPEC(1, in_gpios), SPEC(2, in_gpios)};
static const struct gpio_dt_spec sleeper = SPEC(0, out_gpios);
static const struct gpio_dt_spec echo = SPEC(1, out_gpios);

static struct gpio_callback callbacks[ARRAY_SIZE(in)];

static void edge(const struct device *port, struct gpio_callback *callback, gpio_port_pins_t pins)
{
	int i = callback - callbacks;

	ARG_UNUSED(port);
	ARG_UNUSED(pins);
	/* Cycles are microseconds here. */
	printk("%u: %d is %d%s\n", k_cycle_get_32(), i, gpio_pin_get_raw(in[i].port, in[i].pin),
	       k_is_in_isr() ? "" : ", not in an interrupt");
	if (i == 0) {
		gpio_pin_set_dt(&echo, gpio_pin_get_dt(&in[i]));
	}
}

static void listen(int i)
{
	gpio_pin_configure_dt(&in[i], GPIO_INPUT);
	gpio_pin_interrupt_configure_dt(&in[i], GPIO_INT_EDGE_BOTH);
	gpio_init_callback(&callbacks[i], edge, BIT(in[i].pin));
	gpio_add_callback_dt(&in[i], &callbacks[i]);
	printk("%u: %d begins as %d\n", k_cycle_get_32(), i, gpio_pin_get_raw(in[i].port, in[i].pin));
}

int main(void)
{
	gpio_pin_configure_dt(&echo, GPIO_OUTPUT_LOW);
	listen(0);
	listen(1);
	k_sleep(K_MSEC(100));
	gpio_pin_configure_dt(&sleeper, GPIO_OUTPUT_ACTIVE);
	listen(2);
	k_busy_wait(7);
	gpio_pin_set_dt(&sleeper, 0);
	k_busy_wait(3);
	/* No time passes between these, so nobody can see the first. */
	gpio_pin_set_dt(&sleeper, 1);
	gpio_pin_set_dt(&sleeper, 0);
	k_sleep(K_MSEC(100));
	/* Edges wait while interrupts are locked. */
	unsigned int key = irq_lock();

	k_busy_wait(100000);
	irq_unlock(key);
	gpio_pin_configure_dt(&sleeper, GPIO_DISCONNECTED);
	return 0;
}
