/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * A flow meter, whose wheel makes a pulse for each part of a litre. The rate is that of the mean
 * period of many pulses.
 */

#ifndef FLOW_H_
#define FLOW_H_

#include <stdbool.h>
#include <stdint.h>

/** Of a YF-S201. */
#define FLOW_PULSES_PER_LITRE 450

/** A flow meter. Begin with all zero. */
struct flow {
	/** All pulses; lost ones count, too. */
	uint64_t pulses;
	/** When the first period began, and when the last one ended. */
	uint64_t since_ns;
	uint64_t last_ns;
	/** How many periods lie between the two. */
	uint64_t periods;
	/** It has had a pulse since it stood still. */
	bool is_running;
};

/** A pulse came, and @p lost ones directly before it were lost. */
void flow_pulse(struct flow *flow, uint64_t time_ns, uint32_t lost);

/** The mean period since the last call, in nanoseconds; 0 if it is not known. */
uint64_t flow_take_period(struct flow *flow);

/** No pulse came for a while: the time until the next one is no period. */
void flow_stop(struct flow *flow);

/** Pulses in a second, and litres in a minute, in tenths. @p period_ns is not 0. */
uint64_t flow_decihertz(uint64_t period_ns);
uint64_t flow_decilitres(uint64_t period_ns);

#endif /* FLOW_H_ */
