/*
 * SPDX-License-Identifier: Apache-2.0
 */

#include "command.h"

#include <stdbool.h>
#include <string.h>

#define THRESHOLD "threshold "

static bool parse_number(const char *text, uint32_t *number)
{
	uint64_t value = 0;
	const char *at = text;

	/* Ten digits fit into 64 bits by far. */
	for (; *at >= '0' && *at <= '9' && at < text + 10; at++) {
		value = 10 * value + (uint64_t)(*at - '0');
	}
	if (at == text || *at != '\0' || value > UINT32_MAX) {
		return false;
	}
	*number = (uint32_t)value;
	return true;
}

static enum command parse(const char *text, uint32_t *number)
{
	if (strncmp(text, THRESHOLD, strlen(THRESHOLD)) == 0 &&
	    parse_number(text + strlen(THRESHOLD), number)) {
		return COMMAND_THRESHOLD;
	}
	if (strcmp(text, "stats") == 0) {
		return COMMAND_STATS;
	}
	if (strcmp(text, "stop") == 0) {
		return COMMAND_STOP;
	}
	return COMMAND_UNKNOWN;
}

enum command command_add(struct command_line *line, char byte, uint32_t *number)
{
	bool fits = line->length < sizeof(line->text);

	if (byte != '\n') {
		/* The last place is for the end of the text. */
		if (line->length < sizeof(line->text) - 1) {
			/* A zero would end the text too early. */
			line->text[line->length] = byte != '\0' ? byte : '?';
			line->text[line->length + 1] = '\0';
		}
		if (fits) {
			line->length++;
		}
		return COMMAND_NONE;
	}
	if (line->length == 0) {
		line->text[0] = '\0';
	}
	line->length = 0;
	return fits ? parse(line->text, number) : COMMAND_UNKNOWN;
}
