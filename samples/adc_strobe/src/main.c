/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Prints what a converter with 12 data lines measures, a block of samples at a time.
 */

#include <zephyr/kernel.h>

#include <edgepipe/edgepipe.h>

#include "block.h"

static const struct device *const converter = DEVICE_DT_GET(DT_NODELABEL(converter));

/* The threshold: so many samples are worth a wake. */
#define SAMPLES DT_PROP(DT_NODELABEL(converter), threshold)

/* Before this block, the thread is busy for so long that samples are lost. */
#define BUSY_BLOCK 3
#define BUSY_US    995000

/* Reads a block, which ends early before lost samples, and prints it. */
static ssize_t read_block(void)
{
	struct edgepipe_sample samples[SAMPLES];
	ssize_t count = edgepipe_read_samples(converter, samples, ARRAY_SIZE(samples), K_NO_WAIT);
	struct block block = {0};

	for (ssize_t i = 0; i < count; i++) {
		if (samples[i].after_gap) {
			printk("%u samples were lost here\n", samples[i].lost_before);
		}
		block_add(&block, samples[i].value, samples[i].time_ns);
	}
	if (count > 0) {
		printk("%u samples: mean %u, %u to %u, %u Hz\n", block.count, block_mean(&block),
		       block.min, block.max, block_hertz(&block));
	}
	return count;
}

int main(void)
{
	ssize_t result = edgepipe_open(converter);

	for (int number = 1; result >= 0; number++) {
		result = edgepipe_wait(converter, K_FOREVER);
		if (number == BUSY_BLOCK) {
			k_busy_wait(BUSY_US);
		}
		if (result > 0) {
			result = read_block();
		}
	}
	printk("the converter failed: %d\n", (int)result);
	return 0;
}
