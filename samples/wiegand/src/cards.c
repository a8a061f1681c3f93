/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Cards for the emulated lines: a pulse of 100 us for each bit, one every 2 ms, and a second between the frames.
 */

#include <zephyr/drivers/gpio/gpio_emul.h>
#include <zephyr/init.h>
#include <zephyr/kernel.h>

static const struct device *const lines = DEVICE_DT_GET(DT_NODELABEL(lines));

static const struct frame {
	uint64_t bits;
	uint8_t count;
} frames[] = {
	/* Facility 42, card 12345. */
	{0x2546073, 26},
	/* Facility 4660, card 22136. */
	{0x22468acf1, 34},
	/* The first again, with one bit changed, and then without its last bits. */
	{0x2546071, 26},
	{0x95181, 20},
};

/* Runs in an interrupt, like the handler of real pins. */
static void step(struct k_timer *timer)
{
	static const struct frame *frame = frames;
	static int sent;
	static int line = -1;

	if (line >= 0) {
		/* The bit ends. */
		gpio_emul_input_set(lines, line, 1);
		line = -1;
		sent++;
		if (sent == frame->count) {
			sent = 0;
			frame++;
		}
		if (frame < &frames[ARRAY_SIZE(frames)]) {
			k_timer_start(timer, sent > 0 ? K_USEC(1900) : K_SECONDS(1), K_NO_WAIT);
		}
		return;
	}
	line = frame->bits >> (frame->count - 1 - sent) & 1;
	gpio_emul_input_set(lines, line, 0);
	k_timer_start(timer, K_USEC(100), K_NO_WAIT);
}

static K_TIMER_DEFINE(timer, step, NULL);

static int begin(void)
{
	k_timer_start(&timer, K_MSEC(100), K_NO_WAIT);
	return 0;
}

SYS_INIT(begin, APPLICATION, CONFIG_APPLICATION_INIT_PRIORITY);
