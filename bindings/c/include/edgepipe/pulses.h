/*
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief Pulses: how long each line stayed at a level. Nothing here depends on Zephyr.
 */

#ifndef EDGEPIPE_PULSES_H_
#define EDGEPIPE_PULSES_H_

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <edgepipe/edge.h>

#ifdef __cplusplus
extern "C" {
#endif

/** @brief How long one line stayed at one level, from one edge of it to the next. */
struct edgepipe_pulse {
	/** When it began, in nanoseconds: the time of its first edge. */
	uint64_t start_ns;
	/** How long it lasted, in nanoseconds. */
	uint64_t duration_ns;
	/** How many edges, of any line, were lost since the pulse before it. None was lost within a pulse. */
	uint32_t lost_before;
	/** If there was a hole: the logical levels of all lines at the end of the last one, line 0 in bit 0. */
	uint32_t levels_before;
	/** Its line. */
	uint8_t line;
	/** The logical level at which the line stayed: 1 for active. */
	uint8_t level;
	/** 1 if there was a hole since the pulse before it, else 0. */
	uint8_t after_gap;
};

/**
 * @brief Makes pulses of the edges of a capture, which captures both edges of a line.
 *
 * It needs a time for each line; all else begins as zero:
 *
 * @code{.c}
 * uint64_t since_ns[2];
 * struct edgepipe_pulses pulses = {.since_ns = since_ns, .lines = 2};
 * @endcode
 */
struct edgepipe_pulses {
	/** When each line had its last edge. */
	uint64_t *since_ns;
	/** How many lines @ref since_ns has room for, 1 to 32. Those beyond have no pulses. */
	size_t lines;
	/** Lines that had an edge, line 0 in bit 0. */
	uint32_t begun;
	/** The hole since the last pulse, as the fields of a pulse. */
	uint32_t lost_before;
	/** As above. */
	uint32_t levels_before;
	/** As above. */
	uint8_t after_gap;
};

/**
 * @brief The pulse that an edge ends.
 *
 * There is none if its begin is unknown: at the first edge of a line, and at its first edge after a hole. ISR or thread;
 * no two at once.
 *
 * @param pulses What is known of the edges before.
 * @param edge The next edge.
 * @param[out] pulse The pulse, if there is one.
 *
 * @return Whether @p pulse was written.
 */
static inline bool edgepipe_pulses_next(struct edgepipe_pulses *pulses, const struct edgepipe_edge *edge,
					struct edgepipe_pulse *pulse)
{
	uint64_t start_ns;
	uint32_t bit;

	if (edge->after_gap != 0) {
		uint32_t lost = pulses->lost_before + edge->lost_before;

		pulses->lost_before = lost >= edge->lost_before ? lost : UINT32_MAX;
		pulses->levels_before = edge->levels_before;
		pulses->after_gap = 1;
		pulses->begun = 0;
	}
	if (edge->line >= pulses->lines || edge->line >= 32) {
		return false;
	}
	bit = UINT32_C(1) << edge->line;
	start_ns = pulses->since_ns[edge->line];
	pulses->since_ns[edge->line] = edge->time_ns;
	if ((pulses->begun & bit) == 0) {
		pulses->begun |= bit;
		return false;
	}
	pulse->start_ns = start_ns;
	pulse->duration_ns = edge->time_ns > start_ns ? edge->time_ns - start_ns : 0;
	pulse->lost_before = pulses->lost_before;
	pulse->levels_before = pulses->levels_before;
	pulse->line = edge->line;
	pulse->level = edge->level == 0 ? 1 : 0;
	pulse->after_gap = pulses->after_gap;
	pulses->lost_before = 0;
	pulses->levels_before = 0;
	pulses->after_gap = 0;
	return true;
}

#ifdef __cplusplus
}
#endif

#endif /* EDGEPIPE_PULSES_H_ */
