/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Counts pulses in records of edgepipe.
 */

#ifndef TALLY_H_
#define TALLY_H_

#include <stddef.h>
#include <stdint.h>

/** Pulses so far. Begin with all zero. */
struct tally {
	/** Those that were read. */
	uint64_t read;
	/** Those that were lost, as the gaps between the others tell. */
	uint64_t lost;
};

/** Adds the records of a capture with one edge for each pulse. */
void tally_add(struct tally *tally, const uint8_t *records, size_t size);

#endif /* TALLY_H_ */
