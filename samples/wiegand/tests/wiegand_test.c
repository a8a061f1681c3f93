/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Tests of the decoder, on a PC: it exits with the number of what failed.
 */

#include "../src/wiegand.h"

static int failed;

static void expect(bool holds)
{
	failed += !holds;
}

static struct wiegand_frame frame_of(uint64_t bits, unsigned int count)
{
	struct wiegand_frame frame = {0};

	while (count > 0) {
		count--;
		wiegand_add(&frame, bits >> count & 1);
	}
	return frame;
}

static enum wiegand_result decode(uint64_t bits, unsigned int count, struct wiegand_card *card)
{
	struct wiegand_frame frame = frame_of(bits, count);

	return wiegand_decode(&frame, card);
}

int main(void)
{
	struct wiegand_card card = {0};
	struct wiegand_frame frame = frame_of(0x2546073, 26);

	expect(decode(0x2546073, 26, &card) == WIEGAND_CARD);
	expect(card.facility == 42 && card.number == 12345);
	expect(decode(0x22468acf1, 34, &card) == WIEGAND_CARD);
	expect(card.facility == 4660 && card.number == 22136);
	/* Any bit that changes makes a parity wrong, in either half. */
	for (unsigned int bit = 0; bit < 26; bit++) {
		expect(decode(0x2546073 ^ UINT64_C(1) << bit, 26, &card) == WIEGAND_PARITY);
	}
	for (unsigned int count = 0; count < 64; count++) {
		if (count != 26 && count != 34) {
			expect(decode(0, count, &card) == WIEGAND_LENGTH);
		}
	}
	frame.has_hole = true;
	expect(wiegand_decode(&frame, &card) == WIEGAND_HOLE);
	/* What is no card leaves the last one as it was. */
	expect(card.facility == 4660 && card.number == 22136);
	return failed;
}
