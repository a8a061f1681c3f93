/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The player in native_sim's runner: the command line, and a piece of simulated hardware that
 * interrupts at the time of each edge. It does not use the kernel's clock, so edges come to the
 * microsecond, whatever the length of a tick is.
 */

#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>

#include "irq_ctrl.h"
#include "nsi_cmdline.h"
#include "nsi_hw_scheduler.h"
#include "nsi_hws_models_if.h"
#include "nsi_main.h"
#include "nsi_tasks.h"
#include "nsi_tracing.h"

#include "runner.h"

/* The sizes that host/src/ffi.rs has. */
_Static_assert(sizeof(struct edgepipe_player_setup) == 6 * sizeof(void *) + 3 * 4 +
			(sizeof(void *) == 8 ? 4 : 0), "the layout differs from ffi.rs");
_Static_assert(sizeof(struct edgepipe_player_event) == (sizeof(void *) == 8 ? 16 : 12),
	       "the layout differs from ffi.rs");
_Static_assert(sizeof(struct edgepipe_player_start) == (sizeof(void *) == 8 ? 24 : 20),
	       "the layout differs from ffi.rs");

static struct {
	char *stimulus;
	char *wires;
	char *stretch;
	char *watch;
	bool list;
} options;

static void add_options(void)
{
	static struct args_struct_t table[] = {
		{.option = "stimulus", .name = "file", .type = 's', .dest = &options.stimulus,
		 .descript = "recording to replay into the pins (VCD or .sr; - is standard input)"},
		{.option = "wires", .name = "names", .type = 's', .dest = &options.wires,
		 .descript = "its wires, in the order of the pins: CLK,DATA=bus.d0,..."},
		{.option = "stretch", .name = "auto|N", .type = 's', .dest = &options.stretch,
		 .descript = "replay it N times slower; auto makes every time exact (default 1)"},
		{.option = "list", .is_switch = true, .type = 'b', .dest = &options.list,
		 .descript = "print the wires of the recording, and exit"},
		{.option = "watch", .name = "file", .type = 's', .dest = &options.watch,
		 .descript = "where to write the pins that the firmware drives, as VCD"},
		ARG_TABLE_ENDMARKER,
	};

	nsi_add_command_line_opts(table);
}

NSI_TASK(add_options, PRE_BOOT_1, 10);

/* When to interrupt. */
static uint64_t next_time = NSI_NEVER;
static unsigned int irq_line;

/* When this pass began. The next one begins a multiple of repeat_us later, when all has been played; 0 is for never. */
static uint64_t began_us, repeat_us;

static void interrupt(void)
{
	next_time = NSI_NEVER;
	hw_irq_ctrl_set_irq(irq_line);
}

NSI_HW_EVENT(next_time, interrupt, 100);

static void interrupt_at(uint64_t time)
{
	next_time = time;
	nsi_hws_find_next_event();
}

void edgepipe_player_runner_open(struct edgepipe_player_setup *setup, unsigned int irq,
				 uint64_t repeat, struct edgepipe_player_start *start)
{
	int status;

	repeat_us = repeat;
	if (options.stimulus != NULL) {
		setup->stimulus = options.stimulus;
	}
	setup->wires = options.wires;
	setup->stretch = options.stretch;
	setup->watch = options.watch;
	setup->list = options.list;
	status = edgepipe_player_open(setup, start);
	if (status != 0) {
		nsi_exit(status < 0 ? 0 : status);
	}
	irq_line = irq;
	if (start->wires != 0) {
		/* Edges at time 0 come when the firmware sleeps for the first time. */
		interrupt_at(nsi_hws_get_time());
	}
}

int edgepipe_player_runner_next(struct edgepipe_player_event *event)
{
	static struct edgepipe_player_event next;
	static bool fetched;
	static uint64_t played, last_us;

	if (!fetched) {
		int status = edgepipe_player_next(&next);

		if (status == 0 && repeat_us != 0 && played != 0) {
			do {
				began_us += repeat_us;
			} while (began_us < last_us);
			status = edgepipe_player_rewind() == 0 ? edgepipe_player_next(&next) : -1;
		}
		if (status < 0) {
			nsi_exit(1);
		}
		if (status == 0) {
			nsi_print_trace("player: stimulus ended: %" PRIu64 " edges\n", played);
			return 0;
		}
		next.at_us += began_us;
		fetched = true;
	}
	if (next.at_us > nsi_hws_get_time()) {
		interrupt_at(next.at_us);
		return 0;
	}
	*event = next;
	last_us = next.at_us;
	fetched = false;
	played++;
	return 1;
}

void edgepipe_player_runner_driven(uint8_t pin, uint8_t driven)
{
	int status = edgepipe_player_driven(nsi_hws_get_time(), pin, driven);

	if (status != 0) {
		/* Not nsi_exit(): this may be the last look, which is a part of it. */
		exit(status);
	}
}

static void close_session(void)
{
	if (edgepipe_player_close(nsi_hws_get_time()) != 0) {
		/* The process is ending. Only its status is to change. */
		exit(1);
	}
}

NSI_TASK(close_session, ON_EXIT_POST, 90);
