/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Tests of the count, on a PC: it exits with the number of what failed.
 */

#include <stdbool.h>

#include "../src/tally.h"

static int failed;

static void expect(bool holds)
{
	failed += !holds;
}

int main(void)
{
	static const uint8_t records[] = {
		/* An edge of line 0 to its active level, and its number. */
		1, 2, 3, 4, 0, 0, 0x20, 0xff,
		/* A gap: 0x030201 edges were lost. */
		1, 0, 0, 0, 1, 2, 0x40, 3,
		/* Two edges. */
		1, 2, 3, 5, 0, 0, 0x20, 0, 1, 2, 3, 6, 0, 0, 0x20, 1,
		/* A pause without a loss. */
		1, 0, 0, 0, 0, 0, 0x40, 0,
	};
	struct tally tally = {0};

	tally_add(&tally, records, 0);
	expect(tally.read == 0 && tally.lost == 0);
	tally_add(&tally, records, 8);
	expect(tally.read == 1 && tally.lost == 0);
	tally_add(&tally, records, sizeof(records));
	expect(tally.read == 4 && tally.lost == 0x030201);
	/* A part of a record is none. */
	tally_add(&tally, records, 7);
	expect(tally.read == 4 && tally.lost == 0x030201);
	tally_add(&tally, &records[8], 15);
	expect(tally.read == 4 && tally.lost == 2 * 0x030201);
	return failed;
}
