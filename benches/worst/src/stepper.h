/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * How long are interrupts masked?
 *
 * A timer of the SoC interrupts after every single instruction, from stepper_start() to stepper_stop(), in
 * threads, interrupt handlers and the kernel. At the end of its own handler it is set again, to expire one
 * instruction after the handler has returned. While it is not masked, the time from there to the next beginning
 * of the handler is always the same. Any excess is the time for which it was masked. It does not matter how: by
 * BASEPRI, by PRIMASK, or by a handler of the same or a higher priority.
 */

#ifndef EDGEPIPE_BENCHES_STEPPER_H_
#define EDGEPIPE_BENCHES_STEPPER_H_

#include <stdbool.h>
#include <stdint.h>

/** Finds the interval that is one instruction, and checks it. Call it once. */
void stepper_init(void);

/**
 * Starts stepping.
 *
 * @param zero_latency If true, with a priority that Zephyr's locks never mask; otherwise with the highest that
 *         they do.
 */
void stepper_start(bool zero_latency);

/** Stops stepping; returns the most instructions that were executed with the interrupt masked. */
uint32_t stepper_stop(void);

#endif /* EDGEPIPE_BENCHES_STEPPER_H_ */
