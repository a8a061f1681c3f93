/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Calls that would put results where the thread may not write.
 */

#include "support.h"

ZTEST_SUITE(memory, NULL, NULL, before_each, after_each, NULL);

ENDS(memory, read_into_nothing, NULL)
{
	said = edgepipe_read(PULSES, NULL, sizeof(shared), K_NO_WAIT);
}

ENDS(memory, read_into_the_memory_of_the_kernel, kernel_memory)
{
	said = edgepipe_read(PULSES, a, sizeof(kernel_memory), K_NO_WAIT);
}

ENDS(memory, read_edges_into_the_memory_of_the_kernel, kernel_memory)
{
	said = edgepipe_read_edges(PULSES, a, 1, K_NO_WAIT);
}

ENDS(memory, read_samples_into_the_memory_of_the_kernel, kernel_memory)
{
	said = edgepipe_read_samples(PULSES, a, 1, K_NO_WAIT);
}

static const uint8_t constants[32];

ENDS(memory, read_into_constants, constants)
{
	said = edgepipe_read(PULSES, a, sizeof(constants), K_NO_WAIT);
}

ENDS(memory, read_a_size_that_wraps, NULL)
{
	said = edgepipe_read(PULSES, shared, SIZE_MAX, K_NO_WAIT);
}

ENDS(memory, read_edges_whose_size_wraps, NULL)
{
	/* So many that their size in bytes is that of one. */
	size_t count = SIZE_MAX / sizeof(struct edgepipe_edge) + 2;

	said = edgepipe_read_edges(PULSES, (struct edgepipe_edge *)shared, count, K_NO_WAIT);
}

ENDS(memory, read_beyond_its_memory, NULL)
{
	said = edgepipe_read(PULSES, shared, 1024 * 1024, K_NO_WAIT);
}

/* A thread that sleeps, and its stack. */
static struct k_thread sleeper;
static K_THREAD_STACK_DEFINE(sleeper_stack, 1024);

static void sleeps(void *a, void *b, void *c)
{
	k_sleep(K_FOREVER);
}

static void reads_to(void *a, void *b, void *c)
{
	said = edgepipe_read(PULSES, a, 64, K_NO_WAIT);
}

ZTEST(memory, test_read_into_the_stack_of_another_thread)
{
	k_thread_create(&sleeper, sleeper_stack, K_THREAD_STACK_SIZEOF(sleeper_stack), sleeps, NULL,
			NULL, NULL, 5, K_USER, K_NO_WAIT);
	ends(reads_to, (uint8_t *)sleeper.stack_info.start + 512);
	k_thread_abort(&sleeper);
}

ENDS(memory, statistics_into_the_memory_of_the_kernel, kernel_memory)
{
	said = edgepipe_stats(PULSES, a);
}

ENDS(memory, statistics_into_nothing, NULL)
{
	said = edgepipe_stats(PULSES, NULL);
}

ENDS(memory, levels_into_the_memory_of_the_kernel, kernel_memory)
{
	said = edgepipe_levels(PULSES, a);
}

ENDS(memory, levels_before_into_the_memory_of_the_kernel, kernel_memory)
{
	said = edgepipe_levels_before(PULSES, a);
}

ENDS(memory, a_gap_into_the_memory_of_the_kernel, kernel_memory)
{
	said = edgepipe_gap(PULSES, a);
}

ENDS(memory, reasons_into_the_memory_of_the_kernel, kernel_memory)
{
	const struct device *devs[] = {PULSES};

	said = edgepipe_wait_any(devs, a, 1, K_NO_WAIT);
}

ENDS(memory, devices_in_the_memory_of_the_kernel, kernel_memory)
{
	said = edgepipe_wait_any(a, (int *)shared, 1, K_NO_WAIT);
}

ENDS(memory, so_many_devices_that_the_size_wraps, NULL)
{
	said = edgepipe_wait_any((const struct device **)shared, (int *)shared, SIZE_MAX / 4 + 2,
				 K_NO_WAIT);
}

static void touches(void *a, void *b, void *c)
{
	*(volatile uint8_t *)a = 0;
	said = 1;
}

static void looks_at(void *a, void *b, void *c)
{
	said = *(volatile uint8_t *)a;
}

ZTEST(memory, test_write_to_the_data_of_a_device)
{
	ends(touches, PULSES->data);
}

/* The pipe is in the static of the library's device. */
ZTEST(memory, test_write_to_the_memory_of_the_library)
{
	zassert_not_null(edgepipe_pipe(PIPED));
	ends(touches, edgepipe_pipe(PIPED));
}

ZTEST(memory, test_look_at_the_memory_of_the_library)
{
	ends(looks_at, edgepipe_pipe(PIPED));
}

static void misaligned(void *a, void *b, void *c)
{
	said = edgepipe_read_edges(PULSES, (struct edgepipe_edge *)&shared[1], 2, K_NO_WAIT);
}

ZTEST(memory, test_misaligned_edges_are_an_error)
{
	edges_soon(0, 4);
	k_msleep(6);
	zassert_equal(runs(misaligned, NULL), -EINVAL);
	check_edges(4, 0);
}

static void reads_nothing(void *a, void *b, void *c)
{
	said = edgepipe_read(PULSES, NULL, 0, K_FOREVER) == 0 &&
	       edgepipe_read_edges(PULSES, NULL, 0, K_FOREVER) == 0 &&
	       edgepipe_read(PULSES, shared, 7, K_NO_WAIT) == -EINVAL;
}

ZTEST(memory, test_a_read_of_nothing_needs_no_memory)
{
	edges_soon(0, 4);
	k_msleep(6);
	zassert_true(runs(reads_nothing, NULL));
	check_edges(4, 0);
}
