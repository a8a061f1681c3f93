/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The serial port of a UART that has no interrupt, such as native_sim's: the thread looks at it every
 * millisecond. native_sim's pseudo-terminal takes some 4 KB; what is written to a full one is lost. So
 * it gets no more than a client takes in the same time.
 */

#include <zephyr/drivers/uart.h>
#include <zephyr/kernel.h>

#include "port.h"

#define PERIOD          K_MSEC(1)
#define BYTES_A_PERIOD  16

static const struct device *const uart = DEVICE_DT_GET(DT_CHOSEN(edgepipe_instrument));

static atomic_t room;

static void expired(struct k_timer *timer)
{
	ARG_UNUSED(timer);
	atomic_set(&room, BYTES_A_PERIOD);
	edgepipe_instrument_wake();
}

static K_TIMER_DEFINE(timer, expired, NULL);

int edgepipe_instrument_port_open(void)
{
	if (!device_is_ready(uart)) {
		return -ENODEV;
	}
	k_timer_start(&timer, PERIOD, PERIOD);
	return 0;
}

size_t edgepipe_instrument_port_receive(uint8_t *bytes, size_t size)
{
	size_t count = 0;

	while (count < size && uart_poll_in(uart, &bytes[count]) == 0) {
		count++;
	}
	return count;
}

size_t edgepipe_instrument_port_room(void)
{
	return atomic_get(&room);
}

void edgepipe_instrument_port_transmit(const uint8_t *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		uart_poll_out(uart, bytes[i]);
	}
	atomic_sub(&room, size);
}

/* Nothing is kept here. */
void edgepipe_instrument_port_discard(void)
{
}
