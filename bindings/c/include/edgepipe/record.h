/*
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief The records that a capture of edges delivers.
 *
 * Every way of reading returns whole records of @ref EDGEPIPE_RECORD_BYTES bytes each. The functions
 * below decode them. Nothing here depends on Zephyr.
 *
 * A strobe's records are samples: just the value, in 1, 2 or 4 bytes, little-endian. With `timestamps` they have 8 bytes, of
 * which edgepipe_cycles() takes the time, and the value in the upper 16 bits; for more than 16 data lines 16 bytes, the
 * value in bytes 8 to 11. edgepipe_read_samples() takes them apart.
 */

#ifndef EDGEPIPE_RECORD_H_
#define EDGEPIPE_RECORD_H_

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Size of one record. */
#define EDGEPIPE_RECORD_BYTES 8

/** What a record is. */
enum edgepipe_kind {
	/** An edge of one line. */
	EDGEPIPE_EDGE = 0,
	/** Edges were lost here. */
	EDGEPIPE_GAP = 1,
};

/**
 * @brief Load a record from the byte stream.
 *
 * @param bytes @ref EDGEPIPE_RECORD_BYTES bytes, which need not be aligned.
 *
 * @return The record, for the functions below.
 */
static inline uint64_t edgepipe_record(const uint8_t *bytes)
{
	uint64_t record = 0;

	for (int i = EDGEPIPE_RECORD_BYTES - 1; i >= 0; i--) {
		record = record << 8 | bytes[i];
	}
	return record;
}

/** @brief What the record is: an @ref edgepipe_kind. */
static inline unsigned int edgepipe_kind(uint64_t record)
{
	return (unsigned int)(record >> 54) & 0x3;
}

/** @brief Time of an edge: the low 47 bits of the capture's clock. Its
 *  unit is a cycle of the capture's clock: edgepipe_hertz(). edgepipe_record_ns() makes nanoseconds of it.
 */
static inline uint64_t edgepipe_cycles(uint64_t record)
{
	uint32_t counter = (uint32_t)record;
	/* Half wraps counted before the edge. It is one too few if its lowest bit differs from the
	 * counter's highest bit.
	 */
	uint16_t looked = (uint16_t)(record >> 32);
	uint16_t half_wraps = (uint16_t)(looked + ((counter >> 31) ^ (looked & 1)));

	return (uint64_t)(half_wraps >> 1) << 32 | counter;
}

/** @brief Line of an edge, 0 to 31: its index in the node's `gpios`. */
static inline unsigned int edgepipe_line(uint64_t record)
{
	return (unsigned int)(record >> 48) & 0x1f;
}

/** @brief Logical level after an edge: true for active. */
static inline bool edgepipe_level(uint64_t record)
{
	return (record >> 53 & 1) != 0;
}

/** @brief Low eight bits of an edge's number; the first edge has 1, and lost edges count too. */
static inline uint8_t edgepipe_sequence(uint64_t record)
{
	return (uint8_t)(record >> 56);
}

/** @brief How many edges were lost at a gap; 2^24 - 1 also stands for more. */
static inline uint32_t edgepipe_lost(uint64_t record)
{
	return ((uint32_t)(record >> 32) & 0xffff) | ((uint32_t)(record >> 56) << 16);
}

/** @brief Logical levels of all lines after a gap, line 0 in bit 0. */
static inline uint32_t edgepipe_gap_levels(uint64_t record)
{
	return (uint32_t)record;
}

#ifdef __cplusplus
}
#endif

#endif /* EDGEPIPE_RECORD_H_ */
