/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The player in the firmware's image: gives the stimulus' levels to pins of emulated controllers.
 */

#define DT_DRV_COMPAT edgepipe_player

#include <zephyr/device.h>
#include <zephyr/drivers/gpio.h>
#include <zephyr/drivers/gpio/gpio_emul.h>
#include <zephyr/sys/util.h>

#include "source.h"

#define NODE DT_DRV_INST(0)

/* A pin, and the level that the stimulus gives to it. */
struct pin {
	const struct device *port;
	gpio_pin_t pin;
	bool high;
	struct gpio_callback configured;
};

#define PIN(node, prop, idx)                                                                       \
	{.port = DEVICE_DT_GET(DT_GPIO_CTLR_BY_IDX(node, prop, idx)),                              \
	 .pin = DT_GPIO_PIN_BY_IDX(node, prop, idx)}

static struct pin pins[] = {DT_FOREACH_PROP_ELEM_SEP(NODE, gpios, PIN, (,))};

/* A pin that is no input has no level. It gets its wire's when the firmware makes it an input. */
static void settle(struct pin *pin)
{
	gpio_port_value_t levels;
	gpio_flags_t flags;

	if (gpio_emul_flags_get(pin->port, pin->pin, &flags) != 0 ||
	    (flags & (GPIO_INPUT | GPIO_OUTPUT)) != GPIO_INPUT ||
	    gpio_port_get_raw(pin->port, &levels) != 0) {
		return;
	}
	if (IS_BIT_SET(levels, pin->pin) != pin->high) {
		gpio_emul_input_set(pin->port, pin->pin, pin->high);
	}
}

/*
 * The firmware has configured the pin: the emulated controller then calls its callbacks, and may
 * have given the pin the level of a pull resistor. (For an edge it calls them too. Then the level
 * is right already.)
 */
static void configured(const struct device *port, struct gpio_callback *callback,
		       gpio_port_pins_t which)
{
	ARG_UNUSED(port);
	ARG_UNUSED(which);
	settle(CONTAINER_OF(callback, struct pin, configured));
}

void edgepipe_player_play(void)
{
	struct edgepipe_player_event event;

	while (edgepipe_player_source_next(&event) == 1) {
		pins[event.wire].high = event.level;
		settle(&pins[event.wire]);
	}
}

static int begin(const struct device *player)
{
	struct edgepipe_player_start start;

	ARG_UNUSED(player);
	edgepipe_player_source_open(ARRAY_SIZE(pins), &start);
	for (uint32_t i = 0; i < start.wires; i++) {
		struct pin *pin = &pins[i];

		pin->high = IS_BIT_SET(start.initial_levels, i);
		gpio_init_callback(&pin->configured, configured, BIT(pin->pin));
		gpio_add_callback(pin->port, &pin->configured);
		settle(pin);
	}
	if (start.wires != 0) {
		edgepipe_player_source_start();
	}
	return 0;
}

/* Right after the controllers, on which the node depends, and before what uses their pins. */
DEVICE_DT_INST_DEFINE(0, begin, NULL, NULL, NULL, POST_KERNEL, CONFIG_GPIO_INIT_PRIORITY, NULL);
