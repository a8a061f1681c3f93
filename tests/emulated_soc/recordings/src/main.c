/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Prints what the wires do, when the button has ended the capture or the buffer is full; again and again.
 */

#include <zephyr/drivers/gpio.h>
#include <zephyr/kernel.h>

#include <edgepipe/edgepipe.h>

static const struct device *const wires = DEVICE_DT_GET(DT_NODELABEL(wires));
static const struct gpio_dt_spec end = GPIO_DT_SPEC_GET(DT_PATH(zephyr_user), end_gpios);

static void close_wires(struct k_work *work)
{
	ARG_UNUSED(work);
	(void)edgepipe_close(wires);
}

static K_WORK_DEFINE(closing, close_wires);

/* In an interrupt, where a capture cannot be closed. */
static void pressed(const struct device *port, struct gpio_callback *callback, gpio_port_pins_t pins)
{
	ARG_UNUSED(port);
	ARG_UNUSED(callback);
	ARG_UNUSED(pins);
	(void)k_work_submit(&closing);
}

static void print(uint64_t record)
{
	if (edgepipe_kind(record) == EDGEPIPE_GAP) {
		printk("%u edges lost\n", edgepipe_lost(record));
	} else {
		printk("edge %llu: %u of line %u at cycle %llu\n", (unsigned long long)edgepipe_sequence(record),
		       edgepipe_level(record), edgepipe_line(record), edgepipe_cycles(record));
	}
}

static void print_until_closed(void)
{
	static uint8_t bytes[64 * EDGEPIPE_RECORD_BYTES];
	ssize_t size;

	do {
		(void)edgepipe_wait(wires, K_FOREVER);
		size = edgepipe_read(wires, bytes, sizeof(bytes), K_NO_WAIT);
		for (ssize_t at = 0; at < size; at += EDGEPIPE_RECORD_BYTES) {
			print(edgepipe_record(&bytes[at]));
		}
	} while (size > 0);
}

int main(void)
{
	static struct gpio_callback callback;

	gpio_init_callback(&callback, pressed, BIT(end.pin));
	if (gpio_pin_configure_dt(&end, GPIO_INPUT) != 0 ||
	    gpio_add_callback_dt(&end, &callback) != 0 ||
	    gpio_pin_interrupt_configure_dt(&end, GPIO_INT_EDGE_TO_ACTIVE) != 0) {
		printk("the button cannot be used\n");
		return 0;
	}
	while (edgepipe_open(wires) == 0) {
		printk("capturing, %d cycles a second, %d ticks\n",
		       sys_clock_hw_cycles_per_sec(), CONFIG_SYS_CLOCK_TICKS_PER_SEC);
		print_until_closed();
		printk("closed\n");
	}
	printk("the wires cannot be captured\n");
	return 0;
}
