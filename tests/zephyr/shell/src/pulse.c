/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * A command for the test: pulses on the captured lines.
 */

#include <zephyr/drivers/gpio/gpio_emul.h>
#include <zephyr/shell/shell.h>

static const struct device *const port = DEVICE_DT_GET(DT_NODELABEL(gpio_emul));

static int cmd_pulse(const struct shell *sh, size_t argc, char **argv)
{
	int err = 0;
	long pin = shell_strtol(argv[1], 10, &err);
	long pulses = shell_strtol(argv[2], 10, &err);

	for (long i = 0; i < pulses && err == 0; i++) {
		err = gpio_emul_input_set(port, pin, 1);
		k_msleep(1);
		err = err != 0 ? err : gpio_emul_input_set(port, pin, 0);
		k_msleep(1);
	}
	return err;
}

SHELL_CMD_ARG_REGISTER(pulse, NULL, "Pulses on a pin\nUsage: pulse <pin> <pulses>", cmd_pulse, 3, 0);

int main(void)
{
	return 0;
}
