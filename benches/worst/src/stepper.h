/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * For how long are interrupts masked?
 *
 * A timer of the SoC interrupts after every single instruction, from stepper_start() to stepper_stop(), whatever
 * runs then: threads, interrupt handlers, the kernel. It is set anew at the end of its own handler, so that it
 * expires one instruction after that has returned. As long as nothing masks it, the time from there to the next
 * beginning of the handler is always the same; what it is longer at times is how long it was masked. Nothing
 * has to be known of how: BASEPRI, PRIMASK, or a handler of the same or a higher priority.
 */

#ifndef EDGEPIPE_BENCHES_STEPPER_H_
#define EDGEPIPE_BENCHES_STEPPER_H_

#include <stdbool.h>
#include <stdint.h>

/** Finds the interval that is one instruction, and checks that it is. To be called once. */
void stepper_init(void);

/**
 * Begins to step.
 *
 * @param zero_latency With a priority that Zephyr's locks never mask. Otherwise with the highest of those they do.
 */
void stepper_start(bool zero_latency);

/** Ends, and returns the most instructions that were executed with the interrupt masked. */
uint32_t stepper_stop(void);

#endif /* EDGEPIPE_BENCHES_STEPPER_H_ */
