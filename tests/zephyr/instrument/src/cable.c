/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * A serial cable with a speed, which QEMU's UART does not have: it is between that and an emulated UART, the instrument's.
 * It measures in simulated time how long the instrument takes to answer a scan, and prints that on the console.
 */

#include <zephyr/drivers/serial/uart_emul.h>
#include <zephyr/drivers/uart.h>
#include <zephyr/kernel.h>

/* The system clock's driver sets no timer that is shorter. */
#define PERIOD K_USEC(100)

#define BITS_A_BYTE 10
#define BYTES_MAX   256

/* One turn of a loop that reads the counter, without an interrupt. */
#define TURN_CYCLES_MAX 50

static const struct device *const board = DEVICE_DT_GET(DT_NODELABEL(cable));
static const struct device *const host = DEVICE_DT_GET(DT_NODELABEL(uart1));

/* Five resets, and the question for the ID. */
static const uint8_t scan[] = {0, 0, 0, 0, 0, 2};
static const uint8_t id[] = {'1', 'A', 'L', 'S'};

/* How much of the scan has come last, and of the ID; when they came. */
static size_t scan_seen, id_seen;
static uint32_t asked_at, id_at;
static bool is_asked;

K_MSGQ_DEFINE(answers_us, sizeof(uint32_t), 8, sizeof(uint32_t));

static void watch_host(uint8_t byte)
{
	if (byte == 0 && scan_seen == sizeof(scan) - 1) {
		return;
	}
	scan_seen = byte == scan[scan_seen] ? scan_seen + 1 : (byte == 0 ? 1 : 0);
	if (scan_seen == sizeof(scan)) {
		scan_seen = 0;
		asked_at = k_cycle_get_32();
		is_asked = true;
	}
}

static void watch_board(uint8_t byte)
{
	if (byte == id[0]) {
		id_at = k_cycle_get_32();
	}
	id_seen = byte == id[id_seen] ? id_seen + 1 : (byte == id[0] ? 1 : 0);
	if (id_seen == sizeof(id)) {
		uint32_t us = k_cyc_to_us_ceil32(id_at - asked_at);

		id_seen = 0;
		if (is_asked) {
			is_asked = false;
			k_msgq_put(&answers_us, &us, K_NO_WAIT);
		}
	}
}

static void to_board(uint32_t count)
{
	uint8_t byte;

	for (; count > 0 && uart_poll_in(host, &byte) == 0; count--) {
		watch_host(byte);
		uart_emul_put_rx_data(board, &byte, 1);
	}
}

static void to_host(uint32_t count)
{
	uint8_t bytes[BYTES_MAX];

	count = uart_emul_get_tx_data(board, bytes, MIN(count, BYTES_MAX));
	for (uint32_t i = 0; i < count; i++) {
		watch_board(bytes[i]);
		uart_poll_out(host, bytes[i]);
	}
	/* The emulated UART has no interrupt for room that is there again. */
	if (uart_irq_tx_ready(board) > 0) {
		uart_irq_tx_enable(board);
	}
}

static void expired(struct k_timer *timer)
{
	static uint32_t before;
	/* Of a byte, in cycles. */
	static uint64_t part;
	uint32_t now = k_cycle_get_32();

	ARG_UNUSED(timer);
	part += (uint64_t)(now - before) * CONFIG_CABLE_BAUD / BITS_A_BYTE;
	before = now;
	to_board(part / sys_clock_hw_cycles_per_sec());
	to_host(part / sys_clock_hw_cycles_per_sec());
	part %= sys_clock_hw_cycles_per_sec();
}

static K_TIMER_DEFINE(timer, expired, NULL);

/* What nobody else has of the processor, in cycles. */
static atomic_t idle;

static void idle_away(void *a, void *b, void *c)
{
	uint32_t before = k_cycle_get_32();

	ARG_UNUSED(a);
	ARG_UNUSED(b);
	ARG_UNUSED(c);
	while (true) {
		uint32_t now = k_cycle_get_32();

		/* Longer is an interrupt, or a thread. */
		if (now - before < TURN_CYCLES_MAX) {
			atomic_add(&idle, now - before);
		}
		before = now;
	}
}

K_THREAD_DEFINE(idler, 512, idle_away, NULL, NULL, NULL, K_LOWEST_APPLICATION_THREAD_PRIO, 0, 0);

int main(void)
{
	uint32_t us, before = k_cycle_get_32();

	k_timer_start(&timer, PERIOD, PERIOD);
	while (true) {
		uint32_t now;

		k_msgq_get(&answers_us, &us, K_FOREVER);
		now = k_cycle_get_32();
		printk("answer: %u us, idle: %u %%\n", us,
		       (uint32_t)((uint64_t)atomic_clear(&idle) * 100 / (now - before)));
		before = now;
	}
	return 0;
}
