/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Commands that arrive as lines of text, in pieces of any size.
 */

#ifndef COMMAND_H_
#define COMMAND_H_

#include <stddef.h>
#include <stdint.h>

enum command {
	/** The line has not ended yet. */
	COMMAND_NONE,
	/** "threshold N": with a number. */
	COMMAND_THRESHOLD,
	/** "stats". */
	COMMAND_STATS,
	/** "stop". */
	COMMAND_STOP,
	/** It is none of these. */
	COMMAND_UNKNOWN,
};

/** A line. Begin with all zero. */
struct command_line {
	/** What it says, as much as fits. After a command, it stays until the next byte. */
	char text[32];
	/** How many bytes of the line have come. */
	size_t length;
};

/**
 * Adds a byte. At the end of the line, returns what it says, and begins a new one. @p number is
 * written for COMMAND_THRESHOLD only.
 */
enum command command_add(struct command_line *line, char byte, uint32_t *number);

#endif /* COMMAND_H_ */
