/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Tests of the decoder, on a PC: it exits with the number of what failed.
 */

#include "../src/nec.h"

/* Address 0x04, command 0x08. */
#define BITS 0xf708fb04

static int failed;

static void expect(bool holds)
{
	failed += !holds;
}

/* The lights of a frame, of which the first one begins `us` after the last one of the frame before. */
static void send(struct nec_decoder *decoder, uint32_t us, uint32_t bits, unsigned int count)
{
	nec_light(decoder, us);
	nec_light(decoder, 13500);
	for (unsigned int bit = 0; bit < count; bit++) {
		nec_light(decoder, bit < 32 && bits >> bit & 1 ? 2250 : 1125);
	}
}

static void repeat(struct nec_decoder *decoder, uint32_t us)
{
	nec_light(decoder, us);
	nec_light(decoder, 11250);
}

/* What becomes of a frame. */
static enum nec_result decode(uint32_t bits, unsigned int count)
{
	struct nec_decoder decoder = {0};
	struct nec_key key;

	send(&decoder, UINT32_MAX, bits, count);
	return nec_end(&decoder, &key);
}

/* What becomes of a frame with one time that is wrong. */
static enum nec_result decode_with(unsigned int light, uint32_t us)
{
	struct nec_decoder decoder = {0};
	struct nec_key key;

	for (unsigned int i = 0; i < 34; i++) {
		nec_light(&decoder, i == light ? us : i == 1 ? 13500 : i % 16 < 10 && i % 16 > 1 ? 1125 : 2250);
	}
	return nec_end(&decoder, &key);
}

static void test_bits(void)
{
	expect(decode(BITS, 32) == NEC_KEY);
	/* Each bit has an inverse. */
	for (unsigned int bit = 0; bit < 32; bit++) {
		expect(decode(BITS ^ UINT32_C(1) << bit, 32) == NEC_INVERSE);
	}
	for (unsigned int count = 0; count < 100; count++) {
		expect((decode(BITS, count) == NEC_KEY) == (count == 32));
		expect((decode(BITS, count) == NEC_LENGTH) == (count != 32));
	}
}

static void test_times(void)
{
	/* All bytes are 0 or 0xff. */
	expect(decode_with(0, 0) == NEC_KEY);
	expect(decode_with(1, 12400) == NEC_KEY);
	expect(decode_with(1, 14600) == NEC_KEY);
	expect(decode_with(1, 14700) == NEC_START);
	expect(decode_with(1, 10000) == NEC_START);
	expect(decode_with(1, 0) == NEC_START);
	expect(decode_with(1, 11250) == NEC_LENGTH);
	for (unsigned int light = 2; light < 34; light++) {
		bool is_zero = light % 16 < 10 && light % 16 > 1;

		expect(decode_with(light, 500) == NEC_BIT);
		expect(decode_with(light, 3000) == NEC_BIT);
		expect(decode_with(light, UINT32_MAX) == NEC_BIT);
		expect(decode_with(light, is_zero ? 600 : 1700) == NEC_KEY);
		expect(decode_with(light, is_zero ? 1600 : 2800) == NEC_KEY);
		expect(decode_with(light, is_zero ? 2250 : 1125) == NEC_INVERSE);
	}
}

static void test_repetitions(void)
{
	struct nec_decoder decoder = {0};
	struct nec_key key = {0};

	repeat(&decoder, 5000);
	expect(nec_end(&decoder, &key) == NEC_ALONE);
	expect(key.address == 0 && key.command == 0);
	send(&decoder, 40000, BITS, 32);
	expect(nec_end(&decoder, &key) == NEC_KEY);
	expect(key.address == 0x04 && key.command == 0x08);
	/* A frame lasts 67.5 ms, and a repetition 11.25 ms: they begin 108 ms apart. */
	key.command = 0;
	repeat(&decoder, 40500);
	expect(nec_end(&decoder, &key) == NEC_AGAIN);
	expect(key.address == 0x04 && key.command == 0x08);
	repeat(&decoder, 96750);
	expect(nec_end(&decoder, &key) == NEC_AGAIN);
	/* Too late; and then nothing is held any more. */
	repeat(&decoder, 110000);
	expect(nec_end(&decoder, &key) == NEC_ALONE);
	repeat(&decoder, 96750);
	expect(nec_end(&decoder, &key) == NEC_ALONE);
	/* Much too late. */
	send(&decoder, 500000, BITS, 32);
	expect(nec_end(&decoder, &key) == NEC_KEY);
	repeat(&decoder, UINT32_MAX);
	expect(nec_end(&decoder, &key) == NEC_ALONE);
	/* A frame that is none comes between. */
	send(&decoder, 500000, BITS, 32);
	expect(nec_end(&decoder, &key) == NEC_KEY);
	nec_light(&decoder, 30000);
	expect(nec_end(&decoder, &key) == NEC_LENGTH);
	repeat(&decoder, 30000);
	expect(nec_end(&decoder, &key) == NEC_ALONE);
}

static void test_holes(void)
{
	struct nec_decoder decoder = {0};
	struct nec_key key = {0};

	/* Even if what is left looks like a frame. */
	nec_hole(&decoder);
	send(&decoder, 500000, BITS, 32);
	expect(nec_end(&decoder, &key) == NEC_HOLE);
	repeat(&decoder, 40500);
	expect(nec_end(&decoder, &key) == NEC_ALONE);
	/* What is none leaves the key as it was. */
	expect(key.address == 0 && key.command == 0);
	send(&decoder, 500000, BITS, 32);
	expect(nec_end(&decoder, &key) == NEC_KEY);
	nec_hole(&decoder);
	repeat(&decoder, 40500);
	expect(nec_end(&decoder, &key) == NEC_HOLE);
	/* A hole concerns its own frame only. */
	send(&decoder, 500000, BITS, 32);
	expect(nec_end(&decoder, &key) == NEC_KEY);
}

int main(void)
{
	test_bits();
	test_times();
	test_repetitions();
	test_holes();
	return failed;
}
