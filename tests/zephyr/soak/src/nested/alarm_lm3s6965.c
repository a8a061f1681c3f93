/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The general-purpose timers 0 and 1 of an LM3S6965, for which Zephyr has no driver. QEMU counts steps of 80 ns.
 * The system clock is SysTick, with the highest priority that Zephyr masks.
 */

#include <zephyr/kernel.h>
#include <cmsis_core.h>

#include "alarm.h"

#define TIMER_MODE	 0x004
#define TIMER_CONTROL	 0x00c
#define TIMER_IRQ_MASK	 0x018
#define TIMER_IRQ_CLEAR	 0x024
#define TIMER_INTERVAL	 0x028
#define TIMER_ONE_SHOT	 1
#define TIMER_TIME_OUT	 BIT(0)

#define LOW_IRQ	 19
#define HIGH_IRQ 21

static const mem_addr_t timers[] = {[ALARM_LOW] = 0x40030000, [ALARM_HIGH] = 0x40031000};
static const IRQn_Type irqs[] = {[ALARM_LOW] = LOW_IRQ, [ALARM_HIGH] = HIGH_IRQ};

static void isr(const void *arg)
{
	enum alarm alarm = (enum alarm)(uintptr_t)arg;

	sys_write32(TIMER_TIME_OUT, timers[alarm] + TIMER_IRQ_CLEAR);
	alarm_expired(alarm);
}

void alarm_init(void)
{
	IRQ_CONNECT(LOW_IRQ, 3, isr, (void *)ALARM_LOW, 0);
	IRQ_CONNECT(HIGH_IRQ, 1, isr, (void *)ALARM_HIGH, 0);
	ARRAY_FOR_EACH(timers, i) {
		sys_write32(TIMER_ONE_SHOT, timers[i] + TIMER_MODE);
		sys_write32(TIMER_TIME_OUT, timers[i] + TIMER_IRQ_MASK);
		irq_enable(irqs[i]);
	}
}

void alarm_set(enum alarm alarm, uint32_t instructions)
{
	sys_write32(0, timers[alarm] + TIMER_CONTROL);
	sys_write32((instructions << CONFIG_QEMU_ICOUNT_SHIFT) / 80,
		    timers[alarm] + TIMER_INTERVAL);
	sys_write32(1, timers[alarm] + TIMER_CONTROL);
}

void alarm_stop(enum alarm alarm)
{
	unsigned int key = irq_lock();

	sys_write32(0, timers[alarm] + TIMER_CONTROL);
	sys_write32(TIMER_TIME_OUT, timers[alarm] + TIMER_IRQ_CLEAR);
	NVIC_ClearPendingIRQ(irqs[alarm]);
	irq_unlock(key);
}
