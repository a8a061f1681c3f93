/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The meter on the emulated line.
 */

#ifndef METER_H_
#define METER_H_

#include <stdint.h>

/** Starts so many pulses, one each 500 us. */
void meter_run(uint32_t pulses);

#endif /* METER_H_ */
