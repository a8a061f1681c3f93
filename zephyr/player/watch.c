/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The player in the firmware's image: looks what the firmware does to watched pins.
 *
 * While code runs, simulated time stands still. It goes on only while the processor is halted: when
 * all threads sleep, and in k_busy_wait(). So a look each time before that sees every level that
 * lasts, at the time at which it began. No thread is needed for it, and no interrupt.
 */

#define DT_DRV_COMPAT edgepipe_player

#include <posix_native_task.h>
#include <zephyr/device.h>
#include <zephyr/drivers/gpio.h>
#include <zephyr/drivers/gpio/gpio_emul.h>
#include <zephyr/irq.h>
#include <zephyr/sys/util.h>

#include "runner.h"
#include "watch.h"

#define NODE DT_DRV_INST(0)

/* The runner's function that halts the processor. The linker sends its callers to the one below. */
void __real_nce_halt_cpu(void *cpu);
void __wrap_nce_halt_cpu(void *cpu);

#if DT_NODE_HAS_PROP(NODE, watch_gpios)

#define PORT(node, prop, idx) DEVICE_DT_GET(DT_GPIO_CTLR_BY_IDX(node, prop, idx))
#define PIN(node, prop, idx)  DT_GPIO_PIN_BY_IDX(node, prop, idx)
#define NAME(node, prop, idx)                                                                      \
	DT_NODE_FULL_NAME(DT_GPIO_CTLR_BY_IDX(node, prop, idx)) "_" STRINGIFY(PIN(node, prop, idx))

static const struct device *const ports[] = {
	DT_FOREACH_PROP_ELEM_SEP(NODE, watch_gpios, PORT, (,))};
static const gpio_pin_t pins[] = {DT_FOREACH_PROP_ELEM_SEP(NODE, watch_gpios, PIN, (,))};

#if DT_NODE_HAS_PROP(NODE, watch_names)
const char *const edgepipe_player_watch_names[] = DT_PROP(NODE, watch_names);
#else
const char *const edgepipe_player_watch_names[] = {
	DT_FOREACH_PROP_ELEM_SEP(NODE, watch_gpios, NAME, (,))};
#endif
const uint32_t edgepipe_player_watched = ARRAY_SIZE(pins);

static bool watching;

static uint8_t driven_now(int index)
{
	gpio_flags_t flags;

	if (gpio_emul_flags_get(ports[index], pins[index], &flags) != 0 ||
	    (flags & GPIO_OUTPUT) == 0) {
		return EDGEPIPE_PLAYER_NOT_DRIVEN;
	}
	return gpio_emul_output_get(ports[index], pins[index]) == 1 ? EDGEPIPE_PLAYER_HIGH
								   : EDGEPIPE_PLAYER_LOW;
}

static void look(void)
{
	static uint8_t driven[ARRAY_SIZE(pins)];
	static bool looked;

	if (!watching) {
		return;
	}
	for (int i = 0; i < ARRAY_SIZE(pins); i++) {
		uint8_t now = driven_now(i);

		if (!looked || now != driven[i]) {
			driven[i] = now;
			edgepipe_player_runner_driven(i, now);
		}
	}
	looked = true;
}

void edgepipe_player_watch(void)
{
	watching = true;
}

/* What the firmware did just before it ended the process. */
static void look_at_exit(void)
{
	/* Never unlocked: nothing may run any more. */
	(void)irq_lock();
	look();
}

NATIVE_TASK(look_at_exit, ON_EXIT, 10);

#else

const char *const edgepipe_player_watch_names[] = {NULL};
const uint32_t edgepipe_player_watched;

static void look(void)
{
}

void edgepipe_player_watch(void)
{
}

#endif

void __wrap_nce_halt_cpu(void *cpu)
{
	look();
	__real_nce_halt_cpu(cpu);
}
