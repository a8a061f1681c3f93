/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The instrument's thread, whose function is in Rust.
 */

#include <zephyr/kernel.h>
#include <zephyr/logging/log.h>

#include <edgepipe/edgepipe.h>

LOG_MODULE_REGISTER(edgepipe_instrument, CONFIG_EDGEPIPE_LOG_LEVEL);

/** In Rust. Returns only if the UART cannot be used, a negative errno. */
int edgepipe_instrument_run(void);

/** In ../devices.c. */
void edgepipe_log_refused(const struct device *dev, int line, int error);

/** Called by Rust: the lines cannot be captured. */
void edgepipe_instrument_refused(int line, int error)
{
	edgepipe_log_refused(DEVICE_DT_GET(DT_CHOSEN(edgepipe_probe)), line, error);
}

static void run(void *a, void *b, void *c)
{
	/* Not in LOG_ERR(), which may be nothing. */
	int err = edgepipe_instrument_run();

	ARG_UNUSED(a);
	ARG_UNUSED(b);
	ARG_UNUSED(c);
	LOG_ERR("the UART cannot be used: %d", err);
}

K_THREAD_DEFINE(edgepipe_instrument, CONFIG_EDGEPIPE_INSTRUMENT_STACK_SIZE, run, NULL, NULL, NULL,
		CONFIG_EDGEPIPE_INSTRUMENT_PRIORITY, 0, 0);
