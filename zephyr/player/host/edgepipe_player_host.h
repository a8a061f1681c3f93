/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The host's side of the player: the stimulus and the watch file. Implemented in Rust (src/ffi.rs)
 * and called by the native_sim runner. The order of calls in a run:
 *
 *   open, { next | rewind | driven }..., close
 *
 * There is one session per process. Every function may be called from any thread. None calls back.
 * Strings end with a zero byte. No pointer passed in is kept. Messages are one line on standard
 * error, and are printed before a function returns a failure. After a failure close() removes what
 * was written.
 */

#ifndef EDGEPIPE_PLAYER_HOST_H_
#define EDGEPIPE_PLAYER_HOST_H_

#include <stdint.h>

/** The most pins that are driven, and the most that are watched. */
#define EDGEPIPE_PLAYER_PINS_MAX 32

/** What the command line and the devicetree node say. */
struct edgepipe_player_setup {
	/** Values of the options; NULL for those that were not given. */
	const char *stimulus;
	const char *wires;
	const char *stretch;
	const char *watch;
	/** One name for each of the pins, or NULL. */
	const char *const *wire_names;
	/** One name for each of the watched pins. */
	const char *const *watch_names;
	/** How many pins are driven, and how many are watched. */
	uint32_t pins;
	uint32_t watched;
	/** 1 for --list. */
	uint32_t list;
};

/** What the firmware's side has to know. */
struct edgepipe_player_start {
	/** Edges of the stimulus. */
	uint64_t edges;
	/** Its wires, at most as many as there are pins; 0 without a stimulus. */
	uint32_t wires;
	/** Their levels at time 0: bit n is wire n, 1 is high. */
	uint32_t initial_levels;
	/** 1 if there is a watch file. */
	uint32_t watches;
};

/** One wire of the stimulus changes its level. */
struct edgepipe_player_event {
	/** When, in microseconds of simulated time. Never less than the event before. */
	uint64_t at_us;
	/** Which wire, counted from 0. */
	uint8_t wire;
	/** 1 for high, 0 for low. */
	uint8_t level;
};

/** What the firmware does to a pin. */
#define EDGEPIPE_PLAYER_LOW        0
#define EDGEPIPE_PLAYER_HIGH       1
#define EDGEPIPE_PLAYER_NOT_DRIVEN 2

/**
 * Open the stimulus, which is checked from end to end, and begin the watch file.
 *
 * @param setup what the command line and the devicetree node say
 * @param start filled in with 0
 * @retval 0 go on
 * @retval 1 exit with this status: a file cannot be used
 * @retval 2 exit with this status: the command line is wrong
 * @retval -1 exit with status 0: the list is printed
 */
int edgepipe_player_open(const struct edgepipe_player_setup *setup,
			 struct edgepipe_player_start *start);

/**
 * Fetch the next edge of the stimulus.
 *
 * @param event filled in if there is one
 * @retval 1 there is one
 * @retval 0 the stimulus is at its end, or there is none
 * @retval -1 exit with status 1: reading failed
 */
int edgepipe_player_next(struct edgepipe_player_event *event);

/**
 * Begin the stimulus again: the next edge is its first.
 *
 * @retval 0 go on
 * @retval 1 exit with this status: the file cannot be read any more
 */
int edgepipe_player_rewind(void);

/**
 * Tell what the firmware does to a watched pin from now on.
 *
 * @param at_us when, in microseconds of simulated time; never less than the time before
 * @param pin which of the watched pins, counted from 0
 * @param driven one of EDGEPIPE_PLAYER_LOW, _HIGH and _NOT_DRIVEN
 * @retval 0 go on
 * @retval 1 exit with this status: the watch file cannot be written
 */
int edgepipe_player_driven(uint64_t at_us, uint8_t pin, uint8_t driven);

/**
 * Complete the watch file and close the session. Call this on every way out of the program.
 *
 * @param end_us the time, in microseconds of simulated time
 * @retval 0 all is well
 * @retval 1 exit with this status: the watch file cannot be written
 */
int edgepipe_player_close(uint64_t end_us);

#endif /* EDGEPIPE_PLAYER_HOST_H_ */
