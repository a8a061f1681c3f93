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

static size_t played;
/* When this pass began. */
static uint64_t began_us;

/* Rounded up: an edge is never early. */
static int64_t next_tick(void)
{
	return k_us_to_ticks_ceil64(began_us + (edges[played] >> 6));
}

void edgepipe_player_source_start(void)
{
	k_timer_start(&timer, K_TIMEOUT_ABS_TICKS(next_tick()), K_NO_WAIT);
}

int edgepipe_player_source_next(struct edgepipe_player_event *event)
{
	if (played == ARRAY_SIZE(edges)) {
		if (CONFIG_EDGEPIPE_PLAYER_REPEAT_MS == 0) {
			printk("player: stimulus ended: %zu edges\n", played);
			return 0;
		}
		uint64_t last_us = began_us + (edges[played - 1] >> 6);

		do {
			began_us += CONFIG_EDGEPIPE_PLAYER_REPEAT_MS * (uint64_t)USEC_PER_MSEC;
		} while (began_us < last_us);
		played = 0;
	}
	if (next_tick() > k_uptime_ticks()) {
		k_timer_start(&timer, K_TIMEOUT_ABS_TICKS(next_tick()), K_NO_WAIT);
		return 0;
	}
	*event = (struct edgepipe_player_event){
		.at_us = began_us + (edges[played] >> 6),
		.wire = edges[played] >> 1 & 0x1f,
		.level = edges[played] & 1,
	};
	played++;
	return 1;
}
