/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * An infrared receiver, as firmware for any board: Zephyr's own GPIO interrupts, and nothing of
 * edgepipe.
 */

#include <zephyr/drivers/gpio.h>
#include <zephyr/kernel.h>
#include <zephyr/sys/printk.h>

#include "nec.h"

#define USER DT_PATH(zephyr_user)

static const struct gpio_dt_spec receiver = GPIO_DT_SPEC_GET(USER, receiver_gpios);
static const struct gpio_dt_spec led = GPIO_DT_SPEC_GET(USER, led_gpios);

K_MSGQ_DEFINE(frames, sizeof(struct nec_frame), 8, 1);

/* In an interrupt: light begins. */
static void light(const struct device *port, struct gpio_callback *callback, gpio_port_pins_t pins)
{
	static struct nec_decoder decoder;
	static uint32_t last;
	uint32_t now = k_cycle_get_32();
	struct nec_frame frame;

	ARG_UNUSED(port);
	ARG_UNUSED(callback);
	ARG_UNUSED(pins);
	if (nec_light(&decoder, k_cyc_to_us_near32(now - last), &frame)) {
		/* Without room the frame is lost. */
		(void)k_msgq_put(&frames, &frame, K_NO_WAIT);
	}
	last = now;
}

int main(void)
{
	static struct gpio_callback callback;
	struct nec_frame frame;
	bool on = false;

	if (!gpio_is_ready_dt(&receiver) || !gpio_is_ready_dt(&led) ||
	    gpio_pin_configure_dt(&receiver, GPIO_INPUT) != 0 ||
	    gpio_pin_configure_dt(&led, GPIO_OUTPUT_INACTIVE) != 0) {
		printk("a pin cannot be used\n");
		return 0;
	}
	gpio_init_callback(&callback, light, BIT(receiver.pin));
	gpio_add_callback_dt(&receiver, &callback);
	gpio_pin_interrupt_configure_dt(&receiver, GPIO_INT_EDGE_TO_ACTIVE);

	/* The LED is on from a frame until no repetition has come for a while. */
	while (true) {
		if (k_msgq_get(&frames, &frame, on ? K_MSEC(120) : K_FOREVER) == 0) {
			printk("address 0x%02x command 0x%02x%s\n", frame.address, frame.command,
			       frame.repeated ? " again" : "");
			on = true;
		} else {
			on = false;
		}
		gpio_pin_set_dt(&led, on);
	}
}
