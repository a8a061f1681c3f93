/*
 * SPDX-License-Identifier: Apache-2.0
 */

#include "stepper.h"

#include <zephyr/irq.h>
#include <zephyr/kernel.h>

#include "count.h"
#include "harness.h"

/* The SoC's general-purpose timer 2, for which Zephyr has no driver. */
#define TIMER		0x40032000
#define TIMER_IRQ	23
#define TIMER_MODE	0x004
#define TIMER_CONTROL	0x00c
#define TIMER_IRQ_MASK	0x018
#define TIMER_IRQ_CLEAR 0x024
#define TIMER_INTERVAL	0x028
#define TIMER_ONE_SHOT	1
#define TIMER_TIME_OUT	BIT(0)

/** The highest priority that Zephyr's locks mask. */
#define PRIORITY 0

/*
 * After an interrupt, a store-exclusive fails. So from a load-exclusive, the code runs on past its store.
 */
#define RUN_ON_INSTRUCTIONS 20
#define RUN_ON_STEPS	    64

BUILD_ASSERT(RUN_ON_STEPS * COUNT_STEP_NS == RUN_ON_INSTRUCTIONS << CONFIG_QEMU_ICOUNT_SHIFT);

static volatile bool stepping;
/** The interval of one instruction, in steps of the timer. */
static uint32_t interval;
/** Instructions by which the latest interval was longer. */
static uint32_t run_on;
static uint32_t set_at;
static uint32_t steps;
static uint32_t least;
static uint32_t most;

/** LDREX, LDREXB or LDREXH. */
static bool is_load_exclusive(const uint16_t *instruction)
{
	return (instruction[0] & 0xfff0) == 0xe850 ||
	       ((instruction[0] & 0xfff0) == 0xe8d0 && (instruction[1] & 0xf00) == 0xf00 &&
		(instruction[1] & 0xe0) == 0x40);
}

/* From setting the timer to the return, and so to the next instruction, this must take equally long each time. */
__used static void step(const uint32_t *frame)
{
	uint32_t took = count_between(set_at, count_now()) - run_on;

	steps++;
	least = MIN(least, took);
	most = MAX(most, took);
	run_on = is_load_exclusive((const uint16_t *)frame[6]) ? RUN_ON_INSTRUCTIONS : 0;
	sys_write32(TIMER_TIME_OUT, TIMER + TIMER_IRQ_CLEAR);
	sys_write32(interval + (run_on != 0 ? RUN_ON_STEPS : 0), TIMER + TIMER_INTERVAL);
	compiler_barrier();
	sys_write32(stepping, TIMER + TIMER_CONTROL);
	set_at = count_now();
}

/** Passes the exception's stack frame. Its seventh word is the return address. */
__attribute__((naked)) static void step_isr(void)
{
	__asm__("tst lr, #4\n"
		"ite eq\n"
		"mrseq r0, msp\n"
		"mrsne r0, psp\n"
		"b step\n");
}

/** A hundred instructions, and some before and after. */
static uint32_t steps_of_hundred(void)
{
	stepper_start(false);
	__asm__ volatile(".rept 100\n nop\n .endr\n");
	(void)stepper_stop();
	return steps;
}

/* Exactly this many instructions are masked. The first few after stepper_start() are not stepped through. */

static uint32_t masked_hundred(bool zero_latency)
{
	stepper_start(zero_latency);
	__asm__ volatile(".rept 10\n nop\n .endr\n"
			 "cpsid i\n .rept 100\n nop\n .endr\n cpsie i\n" ::: "memory");
	return stepper_stop();
}

static uint32_t masked_hundred_by_lock(bool zero_latency)
{
	unsigned int key;

	stepper_start(zero_latency);
	__asm__ volatile(".rept 10\n nop\n .endr\n");
	key = irq_lock();
	__asm__ volatile(".rept 100\n nop\n .endr\n" ::: "memory");
	irq_unlock(key);
	return stepper_stop();
}

void stepper_init(void)
{
	uint32_t found;

	IRQ_DIRECT_CONNECT(TIMER_IRQ, PRIORITY, step_isr, 0);
	sys_write32(TIMER_ONE_SHOT, TIMER + TIMER_MODE);
	sys_write32(TIMER_TIME_OUT, TIMER + TIMER_IRQ_MASK);
	irq_enable(TIMER_IRQ);
	interval = 400;
	/* Shorten the interval, by less than an instruction each time, until there is a step for each instruction but
	 * the first few. With two instructions to a step, there would be half as many. A still shorter interval would
	 * have no instruction, for ever.
	 */
	while (steps_of_hundred() < 75) {
		interval--;
	}
	found = masked_hundred(false);
	report_count("stepper", "cpsid", "nops=100", "masked", found);
	MUST(found >= 100 && found <= 102, "100 instructions are counted as %u", found);
	MUST(masked_hundred(true) == found, "PRIMASK does not mask a zero-latency interrupt");
	found = masked_hundred_by_lock(false);
	report_count("stepper", "irq_lock", "nops=100", "masked", found);
	MUST(found >= 100 && found <= 110, "100 instructions under a lock are counted as %u", found);
	MUST(masked_hundred_by_lock(true) < 5, "irq_lock() masks a zero-latency interrupt");
}

void stepper_start(bool zero_latency)
{
	/* The hardware's highest priority is above all that Zephyr masks. */
	uint32_t priority = zero_latency ? 0 : PRIORITY + _IRQ_PRIO_OFFSET;

	NVIC_SetPriority(TIMER_IRQ, priority);
	steps = 0;
	least = UINT32_MAX;
	most = 0;
	run_on = 0;
	stepping = true;
	sys_write32(interval, TIMER + TIMER_INTERVAL);
	sys_write32(1, TIMER + TIMER_CONTROL);
	set_at = count_now();
}

uint32_t stepper_stop(void)
{
	stepping = false;
	sys_write32(0, TIMER + TIMER_CONTROL);
	sys_write32(TIMER_TIME_OUT, TIMER + TIMER_IRQ_CLEAR);
	return most - least;
}
