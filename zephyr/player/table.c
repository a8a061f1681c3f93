/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * On all platforms but native_sim: the recording is a table in the image, and a timer interrupts at the time of each edge.
 */

#define DT_DRV_COMPAT edgepipe_player

#include <zephyr/kernel.h>
#include <zephyr/sys/printk.h>

#include "../nodes.h"
#include "source.h"

#define NODE DT_DRV_INST(0)

/* When, in microseconds, which wire, and its level. */
#define EDGE(at_us, wire, level) (UINT64_C(at_us) << 6 | (wire) << 1 | (level))

/* host/src/table.rs writes it: RECORDING, WIRES, INITIAL_LEVELS, and edges[]. */
#include "edgepipe_player_table.h"

CHECK(NODE, WIRES <= DT_PROP_LEN(NODE, gpios),
      "gpios has fewer entries than there are wires in " RECORDING "; choose with wire-names");

void edgepipe_player_source_open(uint32_t pins, struct edgepipe_player_start *start)
{
	ARG_UNUSED(pins);
	*start = (struct edgepipe_player_start){
		.edges = ARRAY_SIZE(edges),
		.wires = WIRES,
		.initial_levels = INITIAL_LEVELS,
	};
}

static void expired(struct k_timer *timer)
{
	ARG_UNUSED(timer);
	edgepipe_player_play();
}

static K_TIMER_DEFINE(timer, expired, NULL);

/* Rounded up: an edge is never early. */
static int64_t tick_of(uint64_t edge)
{
	return k_us_to_ticks_ceil64(edge >> 6);
}

void edgepipe_player_source_start(void)
{
	k_timer_start(&timer, K_TIMEOUT_ABS_TICKS(tick_of(edges[0])), K_NO_WAIT);
}

int edgepipe_player_source_next(struct edgepipe_player_event *event)
{
	static size_t played;

	if (played == ARRAY_SIZE(edges)) {
		printk("player: stimulus ended: %zu edges\n", played);
		return 0;
	}
	if (tick_of(edges[played]) > k_uptime_ticks()) {
		k_timer_start(&timer, K_TIMEOUT_ABS_TICKS(tick_of(edges[played])), K_NO_WAIT);
		return 0;
	}
	*event = (struct edgepipe_player_event){
		.at_us = edges[played] >> 6,
		.wire = edges[played] >> 1 & 0x1f,
		.level = edges[played] & 1,
	};
	played++;
	return 1;
}
