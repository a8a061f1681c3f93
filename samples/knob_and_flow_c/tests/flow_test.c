/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Tests of the flow meter, on a PC: it exits with the number of what failed.
 */

#include "../src/flow.h"

#define MS UINT64_C(1000000)

static int failed;

static void expect(bool holds)
{
	failed += !holds;
}

static void test_periods(void)
{
	struct flow flow = {0};

	expect(flow_take_period(&flow) == 0);
	/* One pulse is no period. */
	flow_pulse(&flow, 1000 * MS, 0);
	expect(flow_take_period(&flow) == 0);
	flow_pulse(&flow, 1010 * MS, 0);
	flow_pulse(&flow, 1040 * MS, 0);
	expect(flow_take_period(&flow) == 20 * MS);
	/* Nothing since. */
	expect(flow_take_period(&flow) == 0);
	/* The first period of the next ones began with the last of these. */
	flow_pulse(&flow, 1070 * MS, 0);
	expect(flow_take_period(&flow) == 30 * MS);
	expect(flow.pulses == 4);
}

static void test_stops(void)
{
	struct flow flow = {0};

	flow_stop(&flow);
	flow_pulse(&flow, 1000 * MS, 0);
	flow_pulse(&flow, 1010 * MS, 0);
	expect(flow_take_period(&flow) == 10 * MS);
	flow_stop(&flow);
	/* The pause is no period. */
	flow_pulse(&flow, 9000 * MS, 0);
	expect(flow_take_period(&flow) == 0);
	flow_pulse(&flow, 9005 * MS, 0);
	expect(flow_take_period(&flow) == 5 * MS);
	expect(flow.pulses == 4);
}

static void test_losses(void)
{
	struct flow flow = {0};

	/* When the lost ones came is not known, if they are the first. */
	flow_pulse(&flow, 1000 * MS, 7);
	flow_pulse(&flow, 1010 * MS, 0);
	expect(flow_take_period(&flow) == 10 * MS);
	/* Later ones are periods like all others. */
	flow_pulse(&flow, 1110 * MS, 9);
	expect(flow_take_period(&flow) == 10 * MS);
	expect(flow.pulses == 19);
	flow_pulse(&flow, 1110 * MS + 4096 * MS * MS, UINT32_MAX);
	expect(flow.pulses == 19 + (UINT64_C(1) << 32));
	expect(flow_take_period(&flow) == 953674);
}

static void test_rates(void)
{
	expect(flow_decihertz(20 * MS) == 500);
	expect(flow_decilitres(20 * MS) == 67);
	expect(flow_decihertz(13333333) == 750);
	expect(flow_decilitres(13333333) == 100);
	/* One litre a minute is 450 pulses. */
	expect(flow_decilitres(60000 * MS / 450) == 10);
	/* Rounded, not cut off. */
	expect(flow_decihertz(10020 * MS) == 1 && flow_decihertz(19900 * MS) == 1);
	expect(flow_decihertz(20100 * MS) == 0);
	/* No period is too short or too long. */
	expect(flow_decihertz(1) == UINT64_C(10000000000));
	expect(flow_decilitres(1) == UINT64_C(1333333333));
	expect(flow_decihertz(UINT64_C(1) << 62) == 0);
}

int main(void)
{
	test_periods();
	test_stops();
	test_losses();
	test_rates();
	return failed;
}
