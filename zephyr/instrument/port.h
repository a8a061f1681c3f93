/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The serial port of the instrument. port.rs has the same functions in Rust.
 */

#ifndef EDGEPIPE_INSTRUMENT_PORT_H_
#define EDGEPIPE_INSTRUMENT_PORT_H_

#include <stddef.h>
#include <stdint.h>

/**
 * Open the port. Thread only.
 *
 * @retval 0 from now on edgepipe_instrument_wake() is called when bytes have come, or there is room again
 * @retval -ENODEV the UART's driver did not start
 * @retval -errno the UART refuses a callback for its interrupt
 */
int edgepipe_instrument_port_open(void);

/** Take up to @p size bytes that were received. Never blocks. Thread only. */
size_t edgepipe_instrument_port_receive(uint8_t *bytes, size_t size);

/** How many bytes edgepipe_instrument_port_transmit() takes now. Thread only. */
size_t edgepipe_instrument_port_room(void);

/** Send bytes, no more than there is room for. Never blocks. Thread only. */
void edgepipe_instrument_port_transmit(const uint8_t *bytes, size_t size);

/** Forget bytes that were not sent yet, as far as they are still here. Thread only. */
void edgepipe_instrument_port_discard(void);

/** In Rust: ends a wait of the thread. ISR or thread. */
void edgepipe_instrument_wake(void);

#endif /* EDGEPIPE_INSTRUMENT_PORT_H_ */
