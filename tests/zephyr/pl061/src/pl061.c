/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Besides the capture: the interrupt masks, and a callback that reports every interrupt.
 */

#include <zephyr/drivers/gpio.h>
#include <zephyr/kernel.h>
#include <zephyr/sys/sys_io.h>

#include <cmsis_core.h>

#define CAPTURE DT_COMPAT_GET_ANY_STATUS_OKAY(edgepipe_capture)

/* Registers of a PL061. */
#define GPIOIM  0x410
#define GPIOICR 0x41c

/* Exception number of IRQ 0. */
#define IRQ_0 16

struct line {
	struct gpio_dt_spec spec;
	mem_addr_t registers;
	struct gpio_callback witness;
	/* Prints what the callback saw, after the interrupt has been handled completely. */
	struct k_work testimony;
	int irq;
	bool in_isr;
};

static void testify(struct k_work *testimony);

#define LINE(node, prop, idx)                                                                      \
	{                                                                                          \
		.spec = GPIO_DT_SPEC_GET_BY_IDX(node, prop, idx),                                  \
		.registers = DT_REG_ADDR(DT_GPIO_CTLR_BY_IDX(node, prop, idx)),                    \
		.testimony = Z_WORK_INITIALIZER(testify),                                          \
	}

static struct line lines[] = {DT_FOREACH_PROP_ELEM_SEP(CAPTURE, gpios, LINE, (,))};

static void testify(struct k_work *testimony)
{
	struct line *line = CONTAINER_OF(testimony, struct line, testimony);

	printk("interrupt of line %d: IRQ %d%s\n", (int)(line - lines), line->irq,
	       line->in_isr ? ", in ISR" : "");
}

/*
 * It prints nothing itself. gpio_stellaris acknowledges an interrupt after its callbacks, and so
 * also an edge that arrived while they ran. A test that reads the report too early could make such
 * an edge.
 */
static void saw_interrupt(const struct device *port, struct gpio_callback *callback,
			  gpio_port_pins_t pins)
{
	struct line *line = CONTAINER_OF(callback, struct line, witness);

	ARG_UNUSED(port);
	ARG_UNUSED(pins);
	line->irq = (int)__get_IPSR() - IRQ_0;
	line->in_isr = k_is_in_isr();
	(void)k_work_submit(&line->testimony);
}

/* Call it before the capture adds its own callback, because the last one added runs first. */
void pl061_witness(void)
{
	ARRAY_FOR_EACH_PTR(lines, line) {
		gpio_init_callback(&line->witness, saw_interrupt, BIT(line->spec.pin));
		(void)gpio_add_callback_dt(&line->spec, &line->witness);
	}
}

/*
 * Zephyr's gpio_stellaris treats a 1 in GPIOIM as "masked", but it means "enabled". So it disables
 * interrupts that it should enable, and enables those that it should disable.
 */
void pl061_enable_interrupts(bool enable)
{
	ARRAY_FOR_EACH_PTR(lines, line) {
		sys_write32(BIT(line->spec.pin), line->registers + GPIOICR);
		if (enable) {
			sys_set_bit(line->registers + GPIOIM, line->spec.pin);
		} else {
			sys_clear_bit(line->registers + GPIOIM, line->spec.pin);
		}
	}
}
