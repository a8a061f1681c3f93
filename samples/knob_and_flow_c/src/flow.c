/*
 * SPDX-License-Identifier: Apache-2.0
 */

#include "flow.h"

#define TEN_SECONDS_NS UINT64_C(10000000000)

void flow_pulse(struct flow *flow, uint64_t time_ns, uint32_t lost)
{
	uint64_t count = (uint64_t)lost + 1;

	flow->pulses += count;
	flow->last_ns = time_ns;
	if (flow->is_running) {
		flow->periods += count;
	} else {
		flow->since_ns = time_ns;
		flow->is_running = true;
	}
}

uint64_t flow_take_period(struct flow *flow)
{
	uint64_t period_ns = 0;

	if (flow->periods > 0) {
		period_ns = (flow->last_ns - flow->since_ns) / flow->periods;
	}
	flow->since_ns = flow->last_ns;
	flow->periods = 0;
	return period_ns;
}

void flow_stop(struct flow *flow)
{
	flow->is_running = false;
}

static uint64_t rounded(uint64_t dividend, uint64_t divisor)
{
	return (dividend + divisor / 2) / divisor;
}

uint64_t flow_decihertz(uint64_t period_ns)
{
	return rounded(TEN_SECONDS_NS, period_ns);
}

uint64_t flow_decilitres(uint64_t period_ns)
{
	return rounded(60 * TEN_SECONDS_NS / FLOW_PULSES_PER_LITRE, period_ns);
}
