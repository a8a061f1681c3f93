/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The shared cases as ztest suites, one for each module, each case under its own name. A failing case panics: that
 * ends the run and names the case, the file and the line.
 */

#include <zephyr/drivers/gpio.h>
#include <zephyr/ztest.h>

/* The port whose pins the cases use. */
const struct device *const conformance_port = DEVICE_DT_GET(DT_NODELABEL(gpio_emul));

/* Another port, of which they use pin 0. */
const struct device *const conformance_other_port = DEVICE_DT_GET(DT_NODELABEL(other_port));

/* The cases' second thread; a case has at most one at a time. */
K_THREAD_STACK_DEFINE(helper_stack, 2048);
static struct k_thread helper;
static bool helper_started;

static void run(void *body, void *p2, void *p3)
{
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	((void (*)(void))body)();
}

/* Waits for the second thread, if there is one: the next, or the next case, may need what it holds. */
static void join(void)
{
	if (helper_started) {
		k_thread_join(&helper, K_FOREVER);
		helper_started = false;
	}
}

void conformance_spawn(void (*body)(void))
{
	join();
	helper_started = true;
	k_thread_create(&helper, helper_stack, K_THREAD_STACK_SIZEOF(helper_stack), run, body, NULL,
			NULL, K_PRIO_PREEMPT(1), 0, K_NO_WAIT);
}

#define CASE(module, name)                                                                         \
	extern void conformance_##name(void);                                                      \
	ZTEST(module, test_##name)                                                                 \
	{                                                                                          \
		conformance_##name();                                                              \
		join();                                                                            \
	}

#define SUITE(module) ZTEST_SUITE(module, NULL, NULL, NULL, NULL, NULL);

#include "cases.inc"
