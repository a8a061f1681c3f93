/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Edges for the snippets, and the snippets in C.
 */

#include <zephyr/drivers/gpio/gpio_emul.h>

#include <edgepipe/edgepipe.h>

/* From README.md and docs/c.md. */
ssize_t watch(const struct device *buttons);
int watch_all(void);
void print_records(const uint8_t *bytes, size_t size);

static const struct device *const port = DEVICE_DT_GET(DT_NODELABEL(gpio0));
static const struct device *const pressed = DEVICE_DT_GET(DT_NODELABEL(buttons));

static int pulsing_pin;

static void pulse_now(struct k_timer *timer)
{
	gpio_emul_input_set(port, pulsing_pin, 1);
	gpio_emul_input_set(port, pulsing_pin, 0);
}

void pulses(int pin, int count)
{
	struct k_timer timer;

	pulsing_pin = pin;
	k_timer_init(&timer, pulse_now, NULL);
	k_timer_start(&timer, K_MSEC(1), K_MSEC(1));
	while (count > 0) {
		count -= k_timer_status_sync(&timer);
	}
	k_timer_stop(&timer);
}

static void press_then_close(struct k_work *work)
{
	pulses(3, 60);
	edgepipe_close(pressed);
}

static K_WORK_DEFINE(press, press_then_close);

int run_c(void)
{
	static const uint8_t record[EDGEPIPE_RECORD_BYTES];
	int result = edgepipe_open(pressed);

	if (result == 0) {
		k_work_submit(&press);
		result = watch(pressed);
	}
	if (result == 0) {
		k_work_submit(&press);
		result = watch_all();
	}
	print_records(record, sizeof(record));
	return result;
}
