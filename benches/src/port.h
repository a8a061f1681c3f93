/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * A GPIO controller without wires, the least that a driver can be: its data register is a variable,
 * and its interrupt is pended by software. What it costs is what any memory-mapped controller costs.
 */

#ifndef EDGEPIPE_BENCHES_PORT_H_
#define EDGEPIPE_BENCHES_PORT_H_

#include <zephyr/drivers/gpio.h>

/** The controller, with 32 pins. */
extern const struct device *const bench_port;

/** Add up what the callbacks cost, in harness_tally. */
extern bool port_measures;

/** Connects the interrupt. To be called once. */
void port_init(void);

/**
 * Toggles `pins`, and returns when the interrupt has been handled and, in a thread, all threads of
 * higher priority that it woke have gone back to sleep.
 */
void port_toggle(gpio_port_pins_t pins);

/** As port_toggle(), in the interrupt handler of the caller's own. */
void port_toggle_in_isr(gpio_port_pins_t pins);

/** The count when the latest interrupt was about to walk the list of callbacks. */
extern uint32_t port_fired_at;

#endif /* EDGEPIPE_BENCHES_PORT_H_ */
