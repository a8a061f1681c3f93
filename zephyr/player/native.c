/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * On native_sim: the runner reads the recording, and interrupts at the time of each edge.
 */

#define DT_DRV_COMPAT edgepipe_player

#include <zephyr/devicetree.h>
#include <zephyr/irq.h>

#include "runner.h"
#include "source.h"
#include "watch.h"

#define NODE DT_DRV_INST(0)

#if DT_NODE_HAS_PROP(NODE, wire_names)
static const char *const wire_names[] = DT_PROP(NODE, wire_names);
#define WIRE_NAMES wire_names
#else
#define WIRE_NAMES NULL
#endif

#ifndef STIMULUS
#define STIMULUS NULL
#endif

void edgepipe_player_source_open(uint32_t pins, struct edgepipe_player_start *start)
{
	struct edgepipe_player_setup setup = {
		.stimulus = STIMULUS,
		.wire_names = WIRE_NAMES,
		.pins = pins,
		.watch_names = edgepipe_player_watch_names,
		.watched = edgepipe_player_watched,
	};

	edgepipe_player_runner_open(&setup, CONFIG_EDGEPIPE_PLAYER_IRQ,
				    CONFIG_EDGEPIPE_PLAYER_REPEAT_MS * UINT64_C(1000), start);
	if (start->watches) {
		edgepipe_player_watch();
	}
}

static void interrupt(const void *arg)
{
	ARG_UNUSED(arg);
	edgepipe_player_play();
}

void edgepipe_player_source_start(void)
{
	/* At the system timer's priority. */
	IRQ_CONNECT(CONFIG_EDGEPIPE_PLAYER_IRQ, 1, interrupt, NULL, 0);
	irq_enable(CONFIG_EDGEPIPE_PLAYER_IRQ);
}

int edgepipe_player_source_next(struct edgepipe_player_event *event)
{
	return edgepipe_player_runner_next(event);
}
