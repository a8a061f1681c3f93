/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Where edges come from: native.c gets them from the runner of native_sim, table.c from a table in the image.
 */

#ifndef EDGEPIPE_PLAYER_SOURCE_H_
#define EDGEPIPE_PLAYER_SOURCE_H_

#include "edgepipe_player_host.h"

/**
 * Open the stimulus.
 *
 * @param pins how many pins there are
 * @param start filled in
 */
void edgepipe_player_source_open(uint32_t pins, struct edgepipe_player_start *start);

/** From now on call edgepipe_player_play() whenever there are edges to play, in an interrupt. */
void edgepipe_player_source_start(void);

/**
 * Fetch the next edge, if its time has come.
 *
 * @param event filled in if there is one
 * @retval 1 there is one
 * @retval 0 the interrupt will come for the next one, or the stimulus is at its end
 */
int edgepipe_player_source_next(struct edgepipe_player_event *event);

/** In drive.c: play all edges whose time has come. */
void edgepipe_player_play(void);

#endif /* EDGEPIPE_PLAYER_SOURCE_H_ */
