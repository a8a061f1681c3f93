/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Shared by the suites: the instances, and edges on their lines from a timer's interrupt.
 */

#ifndef EDGEPIPE_TESTS_C_API_SUPPORT_H_
#define EDGEPIPE_TESTS_C_API_SUPPORT_H_

#include <errno.h>

#include <zephyr/kernel.h>
#include <zephyr/ztest.h>

#include <edgepipe/edgepipe.h>

/** The size of `records` records. */
#define BYTES(records) ((records) * EDGEPIPE_RECORD_BYTES)

#define PULSES    DEVICE_DT_GET(DT_NODELABEL(pulses))
#define BUTTONS   DEVICE_DT_GET(DT_NODELABEL(buttons))
#define UNTOUCHED DEVICE_DT_GET(DT_NODELABEL(untouched))
#define DEBOUNCED DEVICE_DT_GET(DT_NODELABEL(debounced))
#define PIPED     DEVICE_DT_GET(DT_NODELABEL(piped))
#define NEWEST    DEVICE_DT_GET(DT_NODELABEL(newest))
#define SAMPLER   DEVICE_DT_GET(DT_NODELABEL(sampler))
#define BUS       DEVICE_DT_GET(DT_NODELABEL(bus))

/** Sets a pin's physical level, in this context. */
void set(int pin, int level);

/** The physical level to which the firmware drives a pin, an output. */
int driven(int pin);

/** Changes a pin `count` times in interrupts, once a millisecond; returns after the last change. */
void edges(int pin, int count);

/** Like edges(), but returns at once. */
void edges_soon(int pin, int count);

/** Sets every pin to low. */
void before_each(void *fixture);

/** Closes every instance, and stops what edges_soon() began. */
void after_each(void *fixture);

#endif /* EDGEPIPE_TESTS_C_API_SUPPORT_H_ */
