/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * What the firmware's image calls in the runner.
 */

#ifndef EDGEPIPE_PLAYER_RUNNER_H_
#define EDGEPIPE_PLAYER_RUNNER_H_

#include <stdint.h>

#include "edgepipe_player_host.h"

/**
 * Open what the command line asks for. Ends the process if that cannot be.
 *
 * @param setup pins and names; the options are filled in, and a stimulus only if there is none
 * @param irq the line to interrupt when there are edges to play
 * @param repeat_us when to begin the stimulus again, after its beginning; 0 for never
 * @param start filled in
 */
void edgepipe_player_runner_open(struct edgepipe_player_setup *setup, unsigned int irq,
				 uint64_t repeat_us, struct edgepipe_player_start *start);

/**
 * Fetch the next edge, if its time has come.
 *
 * @param event filled in if there is one
 * @retval 1 there is one
 * @retval 0 the interrupt will come for the next one, or the stimulus is at its end
 */
int edgepipe_player_runner_next(struct edgepipe_player_event *event);

/**
 * Tell what the firmware now does to a watched pin.
 *
 * @param pin which, counted from 0
 * @param driven one of EDGEPIPE_PLAYER_LOW, _HIGH and _NOT_DRIVEN
 */
void edgepipe_player_runner_driven(uint8_t pin, uint8_t driven);

#endif /* EDGEPIPE_PLAYER_RUNNER_H_ */
