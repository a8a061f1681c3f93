/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The functions of gpio_emul.h, for the pins of an STM32 in QEMU: an input that nothing else drives has the level of
 * its pull resistor, so a program can drive it by choosing the resistor. From there on, all is the SoC's: GPIO,
 * SYSCFG, EXTI and NVIC, and Zephyr's drivers of them.
 */

#include <zephyr/drivers/gpio/gpio_emul.h>
#include <zephyr/init.h>
#include <zephyr/irq.h>
#include <zephyr/sys/sys_io.h>

#include <cmsis_core.h>

/* Where a port has its pull resistors: two bits a pin. */
#define PUPDR     0x0c
#define PULL_UP   1U
#define PULL_DOWN 2U
#define PULL_MASK 3U

static const struct {
	const struct device *port;
	mem_addr_t registers;
} ports[] = {
#define PORT(node) {DEVICE_DT_GET(node), DT_REG_ADDR(node)},
	DT_FOREACH_STATUS_OKAY(st_stm32_gpio, PORT)
};

int gpio_emul_input_set_masked(const struct device *port, gpio_port_pins_t pins,
			       gpio_port_value_t values)
{
	ARRAY_FOR_EACH(ports, i) {
		if (ports[i].port == port) {
			mem_addr_t pupdr = ports[i].registers + PUPDR;
			unsigned int key = irq_lock();
			uint32_t pulls = sys_read32(pupdr);

			for (; pins != 0; pins &= pins - 1) {
				gpio_pin_t pin = find_lsb_set(pins) - 1;
				uint32_t pull = IS_BIT_SET(values, pin) ? PULL_UP : PULL_DOWN;

				pulls &= ~(PULL_MASK << 2 * pin);
				pulls |= pull << 2 * pin;
			}
			sys_write32(pulls, pupdr);
			/* The interrupt of an edge is taken here. */
			irq_unlock(key);
			return 0;
		}
	}
	return -EINVAL;
}

/* The level of an output can be read as that of an input. */
int gpio_emul_output_get_masked(const struct device *port, gpio_port_pins_t pins,
				gpio_port_value_t *values)
{
	int err = gpio_port_get_raw(port, values);

	*values &= pins;
	return err;
}

/*
 * The interrupt of a pin is more urgent than the timer's, whose handlers drive the pins: an edge is handled before the
 * next one is made, as with gpio_emul.
 */
static int let_pins_interrupt_timer(void)
{
	NVIC_SetPriority(SysTick_IRQn, _IRQ_PRIO_OFFSET + 1);
	return 0;
}

SYS_INIT(let_pins_interrupt_timer, POST_KERNEL, CONFIG_KERNEL_INIT_PRIORITY_DEFAULT);
