/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * A GPIO controller without wires, with the smallest possible driver: its data register is a
 * variable, and its interrupt is pended by software. It costs as much as any memory-mapped
 * controller.
 */

#ifndef EDGEPIPE_BENCHES_PORT_H_
#define EDGEPIPE_BENCHES_PORT_H_

#include <zephyr/drivers/gpio.h>

/** The controller, with 32 pins. */
extern const struct device *const bench_port;

/** Whether to add the cost of the callbacks to harness_tally. */
extern bool port_measures;

/** Connects the interrupt. Call it once. */
void port_init(void);

/**
 * Toggles `pins`, and returns when the interrupt has been handled and, in a thread, all threads of
 * higher priority that it woke have gone back to sleep.
 */
void port_toggle(gpio_port_pins_t pins);

/** Like port_toggle(), in the caller's own interrupt handler. */
void port_toggle_in_isr(gpio_port_pins_t pins);

/** The count when the latest interrupt was about to walk the list of callbacks. */
extern uint32_t port_fired_at;

#endif /* EDGEPIPE_BENCHES_PORT_H_ */
