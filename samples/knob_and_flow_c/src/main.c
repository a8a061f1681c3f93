/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Prints where a knob is, and how fast something flows. One thread waits for both: for the knob's
 * few edges, which must be seen soon, and for the many of the flow meter, which need not.
 */

#include <inttypes.h>

#include <zephyr/kernel.h>

#include <edgepipe/edgepipe.h>

#include "encoder.h"
#include "flow.h"

enum { KNOB, FLOW, CAPTURES };

static const struct device *const captures[CAPTURES] = {
	[KNOB] = DEVICE_DT_GET(DT_NODELABEL(knob)),
	[FLOW] = DEVICE_DT_GET(DT_NODELABEL(flow)),
};

/* The threshold of the flow meter. */
#define PULSES DT_PROP(DT_NODELABEL(flow), threshold)

/* Reads all edges of the knob, and prints its position if it has moved. */
static int read_knob(struct encoder *encoder)
{
	struct edgepipe_edge edges[16];
	int32_t before = encoder->position;
	ssize_t count;

	do {
		count = edgepipe_read_edges(captures[KNOB], edges, ARRAY_SIZE(edges), K_NO_WAIT);
		for (ssize_t i = 0; i < count; i++) {
			if (edges[i].after_gap) {
				encoder_hole(encoder, edges[i].levels_before, edges[i].lost_before);
			}
			encoder_edge(encoder, edges[i].line, edges[i].level);
		}
	} while (count > 0);
	if (encoder->position != before) {
		printk("knob: position %s%" PRId32 "\n", encoder->is_vague ? "about " : "",
		       encoder->position);
	}
	return count == -EAGAIN ? 0 : count;
}

static void print_flow(struct flow *flow, bool has_stopped)
{
	uint64_t period_ns = flow_take_period(flow);

	printk("flow: %" PRIu64 " pulses", flow->pulses);
	if (period_ns > 0) {
		uint64_t hertz = flow_decihertz(period_ns);
		uint64_t litres = flow_decilitres(period_ns);

		printk(", %" PRIu64 ".%u Hz, %" PRIu64 ".%u l/min", hertz / 10,
		       (unsigned int)(hertz % 10), litres / 10, (unsigned int)(litres % 10));
	}
	printk("%s\n", has_stopped ? ", stopped" : "");
}

/* Reads the pulses that were worth a wake, and prints the flow. */
static int read_flow(struct flow *flow, int reason)
{
	struct edgepipe_edge edges[PULSES];
	bool has_stopped = reason == EDGEPIPE_IDLE;
	/* While it flows, one pulse is left: a capture is idle only if something is pending. */
	size_t most = has_stopped ? PULSES : PULSES - 1;
	ssize_t count = edgepipe_read_edges(captures[FLOW], edges, most, K_NO_WAIT);

	for (ssize_t i = 0; i < count; i++) {
		flow_pulse(flow, edges[i].time_ns, edges[i].lost_before);
	}
	if (count > 0) {
		print_flow(flow, has_stopped);
	}
	if (has_stopped) {
		flow_stop(flow);
	}
	return count == -EAGAIN ? 0 : count;
}

static int run(void)
{
	struct encoder encoder = {0};
	struct flow flow = {0};
	int reasons[CAPTURES];
	int err = 0;

	for (int i = 0; i < CAPTURES && err == 0; i++) {
		err = edgepipe_open(captures[i]);
	}
	if (err == 0) {
		err = edgepipe_levels_before(captures[KNOB], &encoder.levels);
	}
	while (err >= 0) {
		err = edgepipe_wait_any(captures, reasons, CAPTURES, K_FOREVER);
		if (err > 0 && reasons[KNOB] != 0) {
			err = read_knob(&encoder);
		}
		if (err >= 0 && reasons[FLOW] != 0) {
			err = read_flow(&flow, reasons[FLOW]);
		}
	}
	return err;
}

int main(void)
{
	printk("failed: %d\n", run());
	return 0;
}
