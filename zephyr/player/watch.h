/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The watched pins.
 */

#ifndef EDGEPIPE_PLAYER_WATCH_H_
#define EDGEPIPE_PLAYER_WATCH_H_

#include <stdint.h>

/** Their names, one for each. */
extern const char *const edgepipe_player_watch_names[];
extern const uint32_t edgepipe_player_watched;

/** From now on, tell the runner what the firmware does to them. */
void edgepipe_player_watch(void);

#endif /* EDGEPIPE_PLAYER_WATCH_H_ */
