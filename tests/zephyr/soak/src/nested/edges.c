/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The edges: one line for each priority, which only interrupts of that priority change.
 */

#include <zephyr/drivers/gpio.h>
#include <zephyr/drivers/gpio/gpio_emul.h>
#include <zephyr/kernel.h>

#include "alarm.h"

enum { LOW, TICK, HIGH, LINES };

/* For Rust: pin 0 of each port is a line. */
const struct device *const nested_ports[LINES] = {
	[LOW] = DEVICE_DT_GET(DT_NODELABEL(low_port)),
	[TICK] = DEVICE_DT_GET(DT_NODELABEL(tick_port)),
	[HIGH] = DEVICE_DT_GET(DT_NODELABEL(high_port)),
};

/** Edges made of each line since edges_start(). */
volatile uint32_t nested_made[LINES];

/** Interrupts, of any line, that arrived while another one's edge was being captured. */
volatile uint32_t nested_in_another;

static bool levels[LINES];
static bool busy[LINES];
static uint32_t random_states[LINES];

/** A generator for each line, because they interrupt each other. */
static uint32_t next_random(uint32_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state;
}

static void toggle(int line)
{
	nested_in_another += busy[LOW] || busy[TICK] || busy[HIGH];
	busy[line] = true;
	levels[line] = !levels[line];
	nested_made[line]++;
	(void)gpio_emul_input_set(nested_ports[line], 0, levels[line]);
	busy[line] = false;
}

/** The most doublings of the shortest interval. */
static uint32_t doublings_most;

/** The interval is at least 64 instructions; short ones are as likely as long ones. */
static void set_again(enum alarm alarm, int line)
{
	uint32_t random = next_random(&random_states[line]);
	uint32_t least = 64 << (random % (doublings_most + 1));

	alarm_set(alarm, least + (random >> 8) % least);
}

void alarm_expired(enum alarm alarm)
{
	int line = alarm == ALARM_LOW ? LOW : HIGH;

	toggle(line);
	set_again(alarm, line);
}

static void tick(struct k_timer *timer)
{
	ARG_UNUSED(timer);
	toggle(TICK);
}

static K_TIMER_DEFINE(ticks, tick, NULL);

/** Starts making edges; all lines are low. More doublings, up to 9, give fewer edges. */
void nested_start(uint32_t seed, uint32_t doublings)
{
	static bool connected;

	doublings_most = doublings;
	if (!connected) {
		connected = true;
		alarm_init();
	}
	for (int line = 0; line < LINES; line++) {
		levels[line] = false;
		nested_made[line] = 0;
		random_states[line] = seed * LINES + line + 1;
	}
	k_timer_start(&ticks, K_TICKS(1), K_TICKS(1));
	set_again(ALARM_LOW, LOW);
	set_again(ALARM_HIGH, HIGH);
}

/** Stops making edges. */
void nested_stop(void)
{
	alarm_stop(ALARM_LOW);
	alarm_stop(ALARM_HIGH);
	k_timer_stop(&ticks);
}
