/*
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief An edge, as edgepipe_read_edges() returns it. Nothing here depends on Zephyr.
 */

#ifndef EDGEPIPE_EDGE_H_
#define EDGEPIPE_EDGE_H_

#include <stdint.h>

/** @brief One edge of one line. */
struct edgepipe_edge {
	/**
	 * When the interrupt handler saw it, in nanoseconds: monotonic across wraps of the clock, from about the start
	 * of the kernel. Only an edge of a debounced line, which has the time of its first interrupt, may be earlier
	 * than the one before it.
	 */
	uint64_t time_ns;
	/** How many edges were lost directly before it. */
	uint32_t lost_before;
	/** If there is a hole: the logical levels of all lines at its end, before this edge, line 0 in bit 0. */
	uint32_t levels_before;
	/** Its line: an index in the node's `gpios`. */
	uint8_t line;
	/** The logical level that it led to: 1 for active. */
	uint8_t level;
	/** Low eight bits of its number; the first edge has 1, and lost edges count too. */
	uint8_t sequence;
	/** 1 if there is a hole directly before it, else 0. */
	uint8_t after_gap;
};

#endif /* EDGEPIPE_EDGE_H_ */
