/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The serial port, by the UART's interrupt.
 */

#include <zephyr/drivers/uart.h>
#include <zephyr/kernel.h>
#include <zephyr/sys/ring_buffer.h>

#include "port.h"

#define RECEIVE_BYTES 64

static const struct device *const uart = DEVICE_DT_GET(DT_CHOSEN(edgepipe_instrument));

RING_BUF_DECLARE(received, RECEIVE_BYTES);
RING_BUF_DECLARE(to_transmit, CONFIG_EDGEPIPE_INSTRUMENT_TRANSMIT_BYTES);

/* The callback of a CDC-ACM is called in a thread, which the instrument's may preempt. */
static struct k_spinlock lock;

/* What finds no room stays in the UART. */
static void take_received(void)
{
	uint8_t *bytes;
	uint32_t room = ring_buf_put_claim(&received, &bytes, RECEIVE_BYTES);
	int count = 0;

	if (room == 0) {
		uart_irq_rx_disable(uart);
	} else {
		count = uart_fifo_read(uart, bytes, room);
	}
	ring_buf_put_finish(&received, MAX(count, 0));
}

static void give_to_transmit(void)
{
	uint8_t *bytes;
	uint32_t pending = ring_buf_get_claim(&to_transmit, &bytes, UINT32_MAX);
	int count = 0;

	if (pending == 0) {
		uart_irq_tx_disable(uart);
	} else {
		count = uart_fifo_fill(uart, bytes, pending);
	}
	ring_buf_get_finish(&to_transmit, MAX(count, 0));
}

static void interrupted(const struct device *dev, void *unused)
{
	bool has_received = false, has_room = false;

	ARG_UNUSED(dev);
	ARG_UNUSED(unused);
	K_SPINLOCK(&lock) {
		if (uart_irq_update(uart) < 0) {
			K_SPINLOCK_BREAK;
		}
		if (uart_irq_rx_ready(uart) > 0) {
			take_received();
			has_received = true;
		}
		if (uart_irq_tx_ready(uart) > 0) {
			uint32_t half = ring_buf_capacity_get(&to_transmit) / 2;
			bool was_short = ring_buf_space_get(&to_transmit) < half;

			give_to_transmit();
			has_room = was_short && ring_buf_space_get(&to_transmit) >= half;
		}
	}
	if (has_received || has_room) {
		edgepipe_instrument_wake();
	}
}

int edgepipe_instrument_port_open(void)
{
	int err;

	if (!device_is_ready(uart)) {
		return -ENODEV;
	}
	err = uart_irq_callback_user_data_set(uart, interrupted, NULL);
	if (err != 0) {
		return err;
	}
	uart_irq_rx_enable(uart);
	return 0;
}

size_t edgepipe_instrument_port_receive(uint8_t *bytes, size_t size)
{
	uint32_t count = 0;

	K_SPINLOCK(&lock) {
		count = ring_buf_get(&received, bytes, size);
	}
	if (count > 0) {
		uart_irq_rx_enable(uart);
	}
	return count;
}

size_t edgepipe_instrument_port_room(void)
{
	return ring_buf_space_get(&to_transmit);
}

void edgepipe_instrument_port_transmit(const uint8_t *bytes, size_t size)
{
	K_SPINLOCK(&lock) {
		ring_buf_put(&to_transmit, bytes, size);
	}
	uart_irq_tx_enable(uart);
}

void edgepipe_instrument_port_discard(void)
{
	K_SPINLOCK(&lock) {
		ring_buf_reset(&to_transmit);
	}
}
