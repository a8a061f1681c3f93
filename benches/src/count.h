/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Counting instructions.
 *
 * QEMU with `-icount shift=N` runs one instruction in 2^N ns of virtual time, on any machine. SysTick
 * counts that time down: on qemu_cortex_m3 in steps of 80 ns (QEMU models the board's 12.5 MHz, which
 * Zephyr takes for 12), on mps2/an385 in steps of 40 ns. With a shift of 8, or 7, an instruction is 3.2
 * steps, so the difference of two counts gives the exact number of instructions.
 *
 * native_sim has no such counter: there, valgrind's callgrind counts (see README.md).
 */

#ifndef EDGEPIPE_BENCHES_COUNT_H_
#define EDGEPIPE_BENCHES_COUNT_H_

#include <stdbool.h>
#include <stdint.h>

#include <zephyr/sys/util.h>

#if defined(CONFIG_SOC_TI_LM3S6965) || defined(CONFIG_SOC_MPS2_AN385)

#include <cmsis_core.h>

#define COUNT_IS_EXACT 1

/** Virtual time of a step of SysTick, in nanoseconds. */
#define COUNT_STEP_NS (IS_ENABLED(CONFIG_SOC_TI_LM3S6965) ? 80 : 40)

/* Otherwise a difference would not be exact. */
BUILD_ASSERT(BIT(CONFIG_QEMU_ICOUNT_SHIFT) > 2 * COUNT_STEP_NS);

/** The present count; it counts down. */
static ALWAYS_INLINE uint32_t count_now(void)
{
	uint32_t count;

	compiler_barrier();
	count = SysTick->VAL;
	compiler_barrier();
	return count;
}

/** Instructions from one count to another, at most 5 million. */
static inline uint32_t count_between(uint32_t from, uint32_t to)
{
	uint32_t steps = from >= to ? from - to : from + SysTick->LOAD + 1 - to;

	return ((uint64_t)steps * COUNT_STEP_NS + BIT(CONFIG_QEMU_ICOUNT_SHIFT) / 2) >>
	       CONFIG_QEMU_ICOUNT_SHIFT;
}

#else

#define COUNT_IS_EXACT 0

static ALWAYS_INLINE uint32_t count_now(void)
{
	return 0;
}

static inline uint32_t count_between(uint32_t from, uint32_t to)
{
	ARG_UNUSED(from);
	ARG_UNUSED(to);
	return 0;
}

#endif

/** Prepares counting: from now on there is no timer interrupt, and the kernel's time stands still. */
void count_init(void);

/** The instructions for reading the count, which are included in every difference. */
extern uint32_t count_overhead;

/** A figure that was measured several times. */
struct tally {
	uint32_t times;
	uint32_t sum;
	uint32_t least;
	uint32_t most;
};

#define TALLY_NONE ((struct tally){.least = UINT32_MAX})

/** Adds the instructions between two counts. */
void tally_add(struct tally *tally, uint32_t from, uint32_t to);

#endif /* EDGEPIPE_BENCHES_COUNT_H_ */
