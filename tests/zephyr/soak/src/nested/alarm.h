/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Two timers of the SoC that nothing else uses, with two priorities: their interrupts arrive between any
 * two instructions.
 */

#ifndef EDGEPIPE_NESTED_ALARM_H_
#define EDGEPIPE_NESTED_ALARM_H_

#include <stdint.h>

enum alarm {
	/** Of lower priority than the system clock, and than ALARM_HIGH. */
	ALARM_LOW,
	ALARM_HIGH,
};

/** Connects both to alarm_expired(). Call it once. */
void alarm_init(void);

/** Lets one expire once, about this many instructions from now; fewer than 65,536. */
void alarm_set(enum alarm alarm, uint32_t instructions);

/** Stops one: it no longer expires. Thread only. */
void alarm_stop(enum alarm alarm);

/** Called in the interrupt handler of the timer. edges.c defines it. */
void alarm_expired(enum alarm alarm);

#endif /* EDGEPIPE_NESTED_ALARM_H_ */
