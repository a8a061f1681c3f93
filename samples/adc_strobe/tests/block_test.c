/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Tests of the statistics, on a PC: it exits with the number of what failed.
 */

#include <stdbool.h>
#include <stddef.h>

#include "../src/block.h"

static int failed;

static void expect(bool holds)
{
	failed += !holds;
}

static struct block block_of(const uint32_t *values, size_t count, uint64_t first_ns,
			     uint64_t period_ns)
{
	struct block block = {0};

	for (size_t i = 0; i < count; i++) {
		block_add(&block, values[i], first_ns + i * period_ns);
	}
	return block;
}

static void test_values(void)
{
	static const uint32_t values[] = {7, 4095, 3, 8};
	struct block block = block_of(values, 4, 0, 1000);

	expect(block.count == 4 && block.min == 3 && block.max == 4095);
	/* 1028.25 */
	expect(block_mean(&block) == 1028);
	block_add(&block, 4, 4000);
	/* 823.4 */
	expect(block_mean(&block) == 823);
	block_add(&block, 0, 5000);
	/* 686.17; 0 is a value, too. */
	expect(block_mean(&block) == 686 && block.min == 0);
	block = block_of(values, 1, 0, 0);
	expect(block.min == 7 && block.max == 7 && block_mean(&block) == 7);
	block_add(&block, 8, 0);
	expect(block_mean(&block) == 8);
}

static void test_large_values(void)
{
	struct block block = {0};

	for (int i = 0; i < 64; i++) {
		block_add(&block, UINT32_MAX, 0);
	}
	expect(block_mean(&block) == UINT32_MAX && block.min == UINT32_MAX);
}

static void test_rates(void)
{
	static const uint32_t values[32] = {0};
	/* After centuries, 32 samples have 31 periods. */
	struct block block = block_of(values, 32, UINT64_C(1) << 63, 1000000);

	expect(block_hertz(&block) == 1000);
	block = block_of(values, 2, 500, 48000);
	/* 20833.3 */
	expect(block_hertz(&block) == 20833);
	block = block_of(values, 32, 0, 600);
	/* 1666666.7 */
	expect(block_hertz(&block) == 1666667);
}

static void test_what_is_not_known(void)
{
	static const uint32_t values[2] = {5, 5};
	struct block block = {0};

	expect(block_mean(&block) == 0 && block_hertz(&block) == 0);
	block = block_of(values, 1, 12345, 0);
	expect(block_hertz(&block) == 0);
	/* A node without timestamps. */
	block = block_of(values, 2, 0, 0);
	expect(block_hertz(&block) == 0);
}

int main(void)
{
	test_values();
	test_large_values();
	test_rates();
	test_what_is_not_known();
	return failed;
}
