/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * TIMER1 and TIMER2 of an nRF51, at 16 MHz: one count for each instruction, if QEMU runs one in 64 ns.
 * The system clock is TIMER0, with priority 1.
 */

#include <zephyr/kernel.h>
#include <hal/nrf_timer.h>

#include "alarm.h"

static NRF_TIMER_Type *const timers[] = {[ALARM_LOW] = NRF_TIMER1, [ALARM_HIGH] = NRF_TIMER2};
static const IRQn_Type irqs[] = {[ALARM_LOW] = TIMER1_IRQn, [ALARM_HIGH] = TIMER2_IRQn};

static void isr(const void *arg)
{
	enum alarm alarm = (enum alarm)(uintptr_t)arg;

	nrf_timer_task_trigger(timers[alarm], NRF_TIMER_TASK_STOP);
	nrf_timer_event_clear(timers[alarm], NRF_TIMER_EVENT_COMPARE0);
	alarm_expired(alarm);
}

void alarm_init(void)
{
	IRQ_CONNECT(TIMER1_IRQn, 2, isr, (void *)ALARM_LOW, 0);
	IRQ_CONNECT(TIMER2_IRQn, 0, isr, (void *)ALARM_HIGH, 0);
	ARRAY_FOR_EACH(timers, i) {
		nrf_timer_prescaler_set(timers[i], NRF_TIMER_FREQ_16MHz);
		nrf_timer_bit_width_set(timers[i], NRF_TIMER_BIT_WIDTH_16);
		nrf_timer_int_enable(timers[i], NRF_TIMER_INT_COMPARE0_MASK);
		irq_enable(irqs[i]);
	}
}

void alarm_set(enum alarm alarm, uint32_t instructions)
{
	NRF_TIMER_Type *timer = timers[alarm];

	nrf_timer_task_trigger(timer, NRF_TIMER_TASK_CLEAR);
	nrf_timer_cc_set(timer, NRF_TIMER_CC_CHANNEL0, instructions);
	nrf_timer_task_trigger(timer, NRF_TIMER_TASK_START);
}

void alarm_stop(enum alarm alarm)
{
	unsigned int key = irq_lock();

	nrf_timer_task_trigger(timers[alarm], NRF_TIMER_TASK_STOP);
	nrf_timer_event_clear(timers[alarm], NRF_TIMER_EVENT_COMPARE0);
	NVIC_ClearPendingIRQ(irqs[alarm]);
	irq_unlock(key);
}
