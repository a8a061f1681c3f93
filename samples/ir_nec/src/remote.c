/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * A remote control for the emulated line: a key that is held for a while, another one, and frames that are none.
 */

#include <zephyr/drivers/gpio/gpio_emul.h>
#include <zephyr/init.h>
#include <zephyr/kernel.h>

static const struct device *const lines = DEVICE_DT_GET(DT_NODELABEL(lines));

/* A byte and its inverse; the lower one is sent first. */
#define PAIR(byte)             ((byte) | (uint32_t)(0xff ^ (byte)) << 8)
#define KEY(address, command)  (PAIR(address) | PAIR(command) << 16)

static const struct frame {
	uint32_t bits;
	/* How many bits; none for a repetition. */
	uint8_t count;
	/* The pause before it. */
	uint16_t pause_ms;
} frames[] = {
	/* A key that is held: its frames begin 108 ms apart. */
	{KEY(0x04, 0x08), 32, 100},
	{0, 0, 40},
	{0, 0, 96},
	{KEY(0x00, 0x45), 32, 500},
	/* With one bit changed, and without its last bits. */
	{KEY(0x00, 0x45) ^ 0x10000, 32, 500},
	{KEY(0x00, 0x45), 20, 500},
	/* What was held is not known. */
	{0, 0, 40},
	{KEY(0x00, 0x45), 32, 500},
};

/* From the end of a light to the beginning of the next one, after the `sent` first ones of a frame. */
static k_timeout_t pause_after(const struct frame *frame, int sent)
{
	if (sent > 1) {
		return frame->bits >> (sent - 2) & 1 ? K_NSEC(1687500) : K_NSEC(562500);
	}
	return frame->count > 0 ? K_USEC(4500) : K_USEC(2250);
}

/* Runs in an interrupt, like the handler of a real pin. */
static void step(struct k_timer *timer)
{
	static const struct frame *frame = frames;
	static int sent;
	static bool is_light;

	is_light = !is_light;
	gpio_emul_input_set(lines, 0, !is_light);
	if (is_light) {
		k_timer_start(timer, sent == 0 ? K_MSEC(9) : K_NSEC(562500), K_NO_WAIT);
		return;
	}
	sent++;
	/* A light begins the frame, and one ends it. */
	if (sent < frame->count + 2) {
		k_timer_start(timer, pause_after(frame, sent), K_NO_WAIT);
		return;
	}
	sent = 0;
	frame++;
	if (frame < &frames[ARRAY_SIZE(frames)]) {
		k_timer_start(timer, K_MSEC(frame->pause_ms), K_NO_WAIT);
	}
}

static K_TIMER_DEFINE(timer, step, NULL);

static int begin(void)
{
	k_timer_start(&timer, K_MSEC(frames[0].pause_ms), K_NO_WAIT);
	return 0;
}

SYS_INIT(begin, APPLICATION, CONFIG_APPLICATION_INIT_PRIORITY);
