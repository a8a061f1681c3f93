/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * A DHT22 for the emulated line. It answers when its line was low for a millisecond and is released.
 */

#include <stdlib.h>

#include <zephyr/drivers/gpio/gpio_emul.h>
#include <zephyr/init.h>
#include <zephyr/kernel.h>

static const struct device *const lines = DEVICE_DT_GET(DT_NODELABEL(lines));

static const struct measurement {
	/* In tenths. */
	int temperature;
	int humidity;
	bool is_silent;
	bool has_wrong_checksum;
} measurements[] = {
	{.temperature = 214, .humidity = 530},
	{.temperature = 216, .humidity = 528},
	{.temperature = -35, .humidity = 812},
	{.temperature = -36, .humidity = 812, .has_wrong_checksum = true},
	{.is_silent = true},
	{.temperature = -4, .humidity = 809},
};

/* The 40 bits of an answer; the first one is the highest. */
static uint64_t bits_of(const struct measurement *it)
{
	uint32_t temperature = abs(it->temperature) | (it->temperature < 0 ? 0x8000 : 0);
	uint32_t data = it->humidity << 16 | temperature;
	uint8_t checksum = (data >> 24) + (data >> 16) + (data >> 8) + data;

	return (uint64_t)data << 8 | (uint8_t)(checksum + it->has_wrong_checksum);
}

/* Gives the line a level that lasts until so long after the change before. */
static void hold(int level, uint32_t us, uint32_t *until)
{
	int32_t cycles;

	gpio_emul_input_set(lines, 0, level);
	*until += k_us_to_cyc_near32(us);
	cycles = *until - k_cycle_get_32();
	if (cycles > 0) {
		k_busy_wait(k_cyc_to_us_near32(cycles));
	}
}

/* A real sensor does not care about this processor's interrupts, so these wait. */
static void send(uint64_t bits)
{
	unsigned int key = irq_lock();
	uint32_t until = k_cycle_get_32();

	hold(0, 80, &until);
	hold(1, 80, &until);
	for (int bit = 39; bit >= 0; bit--) {
		hold(0, 50, &until);
		hold(1, bits >> bit & 1 ? 70 : 26, &until);
	}
	hold(0, 50, &until);
	gpio_emul_input_set(lines, 0, 1);
	irq_unlock(key);
}

/* Runs in a thread. */
static void answer(struct k_work *work)
{
	static unsigned int count;
	const struct measurement *it = &measurements[count % ARRAY_SIZE(measurements)];

	ARG_UNUSED(work);
	count++;
	if (!it->is_silent) {
		send(bits_of(it));
	}
}

static K_WORK_DELAYABLE_DEFINE(work, answer);

/* An emulated controller also calls its callbacks when a pin is configured. */
static void configured(const struct device *port, struct gpio_callback *callback, gpio_port_pins_t pins)
{
	static bool was_low;
	static uint32_t low_since;
	gpio_flags_t flags = 0;

	ARG_UNUSED(callback);
	ARG_UNUSED(pins);
	gpio_emul_flags_get(port, 0, &flags);
	if ((flags & GPIO_OUTPUT) != 0 && gpio_emul_output_get(port, 0) == 0) {
		was_low = true;
		low_since = k_cycle_get_32();
	} else if (was_low) {
		was_low = false;
		if (k_cyc_to_us_near32(k_cycle_get_32() - low_since) >= 1000) {
			k_work_schedule(&work, K_USEC(40));
		}
	}
}

static int begin(void)
{
	static struct gpio_callback callback;

	gpio_init_callback(&callback, configured, BIT(0));
	return gpio_add_callback(lines, &callback);
}

SYS_INIT(begin, APPLICATION, CONFIG_APPLICATION_INIT_PRIORITY);
