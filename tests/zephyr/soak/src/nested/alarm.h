/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Two timers of the SoC that nothing else uses, of two priorities: their interrupts come between any two
 * instructions.
 */

#ifndef EDGEPIPE_NESTED_ALARM_H_
#define EDGEPIPE_NESTED_ALARM_H_

#include <stdint.h>

enum alarm {
	/** Of lower priority than the system clock, and than ALARM_HIGH. */
	ALARM_LOW,
	ALARM_HIGH,
};

/** Connects both to alarm_expired(). To be called once. */
void alarm_init(void);

/** Has one expire once, so many instructions from now, about; fewer than 65,536. */
void alarm_set(enum alarm alarm, uint32_t instructions);

/** Stops one; it does not expire any more. Thread only. */
void alarm_stop(enum alarm alarm);

/** In the interrupt handler of the timer. From edges.c. */
void alarm_expired(enum alarm alarm);

#endif /* EDGEPIPE_NESTED_ALARM_H_ */
