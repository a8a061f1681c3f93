/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The shared cases as one ztest suite, each under its own name. A case that fails panics, which
 * ends the run and names the case, the file and the line.
 */

#include <zephyr/drivers/gpio.h>
#include <zephyr/ztest.h>

#define CAPTURE DT_COMPAT_GET_ANY_STATUS_OKAY(edgepipe_capture)

/* The port whose pins 0 and 1 the cases use. */
const struct device *const conformance_port = DEVICE_DT_GET(DT_GPIO_CTLR(CAPTURE, gpios));

#define CASE(module, name)                                                                         \
	extern void conformance_##name(void);                                                      \
	ZTEST(module, test_##name)                                                                 \
	{                                                                                          \
		conformance_##name();                                                              \
	}

#include "cases.inc"

ZTEST_SUITE(ending, NULL, NULL, NULL, NULL, NULL);
ZTEST_SUITE(ledger, NULL, NULL, NULL, NULL, NULL);
ZTEST_SUITE(misuse, NULL, NULL, NULL, NULL, NULL);
ZTEST_SUITE(reading, NULL, NULL, NULL, NULL, NULL);
ZTEST_SUITE(readiness, NULL, NULL, NULL, NULL, NULL);
ZTEST_SUITE(source, NULL, NULL, NULL, NULL, NULL);
