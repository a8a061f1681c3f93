/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Tests of the encoder, on a PC: it exits with the number of what failed.
 */

#include "../src/encoder.h"

#define A 0
#define B 1

static int failed;

static void expect(bool holds)
{
	failed += !holds;
}

/* The line changes. */
static void change(struct encoder *encoder, unsigned int line)
{
	encoder_edge(encoder, line, (encoder->levels >> line & 1) == 0);
}

static void test_directions(void)
{
	/* From each of the four states, the line that leads. */
	for (uint32_t levels = 0; levels < 4; levels++) {
		unsigned int leading = levels == 0 || levels == 3 ? A : B;
		struct encoder forward = {.levels = levels};
		struct encoder back = {.levels = levels};

		for (int edge = 1; edge <= 8; edge++) {
			change(&forward, leading ^ ((edge - 1) & 1));
			expect(forward.position == edge);
			change(&back, leading ^ (edge & 1));
			expect(back.position == -edge);
		}
		/* Two rounds. */
		expect(forward.levels == levels && back.levels == levels);
		expect(!forward.is_vague && !back.is_vague);
	}
}

static void test_bounces(void)
{
	struct encoder encoder = {0};

	for (int edge = 0; edge < 9; edge++) {
		change(&encoder, A);
	}
	expect(encoder.position == 1);
	/* The same level again: the edge in between was not seen. */
	encoder_edge(&encoder, A, true);
	expect(encoder.position == 1);
	change(&encoder, B);
	expect(encoder.position == 2);
}

static void test_holes(void)
{
	struct encoder encoder = {0};

	change(&encoder, A);
	/* A hole in which nothing happened. */
	encoder_hole(&encoder, 1, 0);
	expect(!encoder.is_vague);
	/* From here on A is low and B is high, and B leads. */
	encoder_hole(&encoder, 2, 0);
	expect(encoder.is_vague);
	change(&encoder, B);
	change(&encoder, A);
	expect(encoder.position == 3);
	/* Edges were lost, even if the levels are as before. */
	encoder.is_vague = false;
	encoder_hole(&encoder, encoder.levels, 4);
	expect(encoder.is_vague && encoder.position == 3);
}

static void test_ends(void)
{
	struct encoder encoder = {.position = INT32_MAX};

	change(&encoder, A);
	expect(encoder.position == INT32_MIN);
	change(&encoder, A);
	expect(encoder.position == INT32_MAX);
}

int main(void)
{
	test_directions();
	test_bounces();
	test_holes();
	test_ends();
	return failed;
}
