/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Stands in for Zephyr's header: what C of the documents uses, declared.
 */

#include <stdint.h>

#define GPIO_INPUT         1u
#define GPIO_INT_EDGE_BOTH 2u

#define BIT(n) (1u << (n))

struct device;

typedef uint32_t gpio_port_pins_t;

struct gpio_dt_spec {
	const struct device *port;
	uint8_t pin;
};

#define GPIO_DT_SPEC_GET(node, prop) {0}

struct gpio_callback {
	int unused;
};

typedef void (*gpio_callback_handler_t)(const struct device *port, struct gpio_callback *callback,
					gpio_port_pins_t pins);

int gpio_pin_configure_dt(const struct gpio_dt_spec *spec, uint32_t flags);
int gpio_pin_interrupt_configure_dt(const struct gpio_dt_spec *spec, uint32_t flags);
int gpio_pin_get_dt(const struct gpio_dt_spec *spec);
void gpio_init_callback(struct gpio_callback *callback, gpio_callback_handler_t handler,
			gpio_port_pins_t pins);
int gpio_add_callback(const struct device *port, struct gpio_callback *callback);
