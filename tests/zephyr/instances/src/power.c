/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Zephyr's power management suspends and resumes captures, and the controllers of their lines.
 */

#include "support.h"

#include <string.h>

#include <zephyr/logging/log_backend.h>
#include <zephyr/logging/log_output.h>
#include <zephyr/pm/device.h>
#include <zephyr/pm/device_runtime.h>

static const struct device *const port = DEVICE_DT_GET(DT_NODELABEL(gpio_emul));

static struct edgepipe_edge found[8];

/* What was logged since the last look. */
static char logged[256];
static size_t logged_length;

static int keep(uint8_t *text, size_t size, void *context)
{
	size_t kept = MIN(size, sizeof(logged) - 1 - logged_length);

	ARG_UNUSED(context);
	memcpy(&logged[logged_length], text, kept);
	logged_length += kept;
	return size;
}

static uint8_t chunk[32];
LOG_OUTPUT_DEFINE(output, keep, chunk, sizeof(chunk));

static void process(const struct log_backend *const backend, union log_msg_generic *message)
{
	ARG_UNUSED(backend);
	log_output_msg_process(&output, &message->log, 0);
}

/* Nothing is kept back. */
static void panic(const struct log_backend *const backend)
{
	ARG_UNUSED(backend);
}

static const struct log_backend_api log_api = {.process = process, .panic = panic};
LOG_BACKEND_DEFINE(keeper, log_api, true);

static void forget_log(void)
{
	memset(logged, 0, sizeof(logged));
	logged_length = 0;
}

static bool is_logged(const char *name, const char *text)
{
	const char *found = strstr(logged, name);
	bool is_there = found != NULL && strncmp(found + strlen(name), text, strlen(text)) == 0;

	forget_log();
	return is_there;
}

static int suspend(const struct device *dev)
{
	return pm_device_action_run(dev, PM_DEVICE_ACTION_SUSPEND);
}

static int resume(const struct device *dev)
{
	return pm_device_action_run(dev, PM_DEVICE_ACTION_RESUME);
}

static enum pm_device_state state_of(const struct device *dev)
{
	enum pm_device_state state;

	zassert_ok(pm_device_state_get(dev, &state));
	return state;
}

static uint64_t captured(const struct device *dev)
{
	struct edgepipe_stats stats;

	zassert_ok(edgepipe_stats(dev, &stats));
	return stats.captured;
}

/* One edge each, on a line that is captured from the same level. */
static void expect_hole_then_edge(const struct device *dev)
{
	zassert_equal(edgepipe_read_edges(dev, found, ARRAY_SIZE(found), K_NO_WAIT), 1);
	zassert_equal(found[0].after_gap, 1);
	zassert_equal(found[0].lost_before, 0);
}

ZTEST(power, test_a_suspend_leaves_a_hole)
{
	zassert_ok(edgepipe_open(PULSES));
	edges(0, 1);
	zassert_ok(suspend(PULSES));
	zassert_equal(suspend(PULSES), -EALREADY);
	edges(0, 2);
	zassert_equal(captured(PULSES), 1);
	zassert_equal(edgepipe_read_edges(PULSES, found, 8, K_NO_WAIT), 1, "it can be read");
	zassert_equal(edgepipe_wait(PULSES, K_MSEC(2)), -EAGAIN);
	zassert_ok(resume(PULSES));
	zassert_equal(resume(PULSES), -EALREADY);
	edges(0, 1);
	expect_hole_then_edge(PULSES);
	/* Line 1 is active low. */
	zassert_equal(found[0].levels_before, BIT(0) | BIT(1));
	zassert_equal(found[0].level, 0);
}

ZTEST(power, test_captures_of_every_kind_go_on)
{
	struct edgepipe_sample samples[2];

	zassert_ok(edgepipe_open(DEBOUNCED));
	zassert_ok(edgepipe_open(NEWEST));
	zassert_ok(edgepipe_open(SAMPLER));
	edges(12, 2);
	zassert_ok(suspend(DEBOUNCED));
	zassert_ok(suspend(NEWEST));
	zassert_ok(suspend(SAMPLER));
	edges(4, 1);
	edges(12, 2);
	edges(14, 1);
	k_msleep(7);
	zassert_equal(captured(DEBOUNCED) + captured(NEWEST), 0);
	zassert_equal(captured(SAMPLER), 1);
	zassert_ok(resume(DEBOUNCED));
	zassert_ok(resume(NEWEST));
	zassert_ok(resume(SAMPLER));
	edges(4, 1);
	edges(12, 2);
	edges(14, 1);
	k_msleep(7);
	expect_hole_then_edge(DEBOUNCED);
	expect_hole_then_edge(NEWEST);
	zassert_equal(edgepipe_read_samples(SAMPLER, samples, 2, K_NO_WAIT), 1);
	zassert_equal(edgepipe_read_samples(SAMPLER, samples, 2, K_NO_WAIT), 1);
	zassert_equal(samples[0].after_gap, 1);
}

ZTEST(power, test_a_capture_that_is_not_open_is_suspended_too)
{
	const struct device *const devs[] = {NEWEST, SAMPLER, PIPED};

	ARRAY_FOR_EACH(devs, i) {
		zassert_ok(suspend(devs[i]));
		zassert_equal(edgepipe_open(devs[i]), -ENXIO);
		zassert_equal(edgepipe_ready(devs[i]), -EBADF);
		zassert_ok(resume(devs[i]));
		zassert_ok(edgepipe_open(devs[i]));
	}
}

ZTEST(power, test_a_suspended_capture_can_be_closed)
{
	zassert_ok(edgepipe_open(PULSES));
	edges(0, 1);
	zassert_ok(suspend(PULSES));
	zassert_ok(edgepipe_close(PULSES));
	zassert_equal(edgepipe_wait(PULSES, K_FOREVER), EDGEPIPE_CLOSED);
	zassert_equal(edgepipe_read_edges(PULSES, found, 8, K_NO_WAIT), 1);
	zassert_equal(edgepipe_open(PULSES), -ENXIO);
	zassert_ok(resume(PULSES));
	zassert_ok(edgepipe_open(PULSES));
	edges(0, 1);
	zassert_equal(captured(PULSES), 1);
}

ZTEST(power, test_the_application_cannot_resume_a_suspended_capture)
{
	zassert_ok(edgepipe_open(PULSES));
	zassert_ok(suspend(PULSES));
	zassert_equal(edgepipe_resume(PULSES), -ENXIO);
	zassert_equal(edgepipe_drive(PULSES, 0, true), -ENXIO);
	zassert_equal(edgepipe_release(PULSES, 0), -ENXIO);
	zassert_equal(edgepipe_set_trigger(PULSES, 0, EDGEPIPE_RISING), -ENXIO);
	edges(0, 2);
	zassert_equal(captured(PULSES), 0);
}

ZTEST(power, test_what_the_application_paused_stays_paused)
{
	zassert_ok(edgepipe_open(PULSES));
	for (int when = 0; when < 2; when++) {
		if (when == 0) {
			zassert_ok(edgepipe_pause(PULSES));
		}
		zassert_ok(suspend(PULSES));
		if (when == 1) {
			zassert_ok(edgepipe_pause(PULSES));
		}
		zassert_ok(resume(PULSES));
		edges(0, 1);
		zassert_equal(captured(PULSES), when);
		zassert_ok(edgepipe_resume(PULSES));
		edges(0, 1);
		zassert_equal(captured(PULSES), when + 1);
		expect_hole_then_edge(PULSES);
	}
}

ZTEST(power, test_a_suspended_controller_is_no_silence)
{
	const struct device *const devs[] = {PULSES, DEBOUNCED, SAMPLER};

	forget_log();
	zassert_ok(suspend(port));
	ARRAY_FOR_EACH(devs, i) {
		zassert_equal(edgepipe_open(devs[i]), -ENXIO);
		zassert_true(is_logged(port->name, " is suspended"));
	}
	zassert_ok(resume(port));
	ARRAY_FOR_EACH(devs, i) {
		zassert_ok(edgepipe_open(devs[i]));
		zassert_ok(suspend(devs[i]));
	}
	zassert_ok(suspend(port));
	ARRAY_FOR_EACH(devs, i) {
		zassert_equal(resume(devs[i]), -ENXIO);
		zassert_true(is_logged(devs[i]->name, ": line "));
		zassert_equal(state_of(devs[i]), PM_DEVICE_STATE_SUSPENDED);
	}
	zassert_ok(resume(port));
	ARRAY_FOR_EACH(devs, i) {
		zassert_ok(resume(devs[i]));
		zassert_ok(edgepipe_pause(devs[i]));
	}
	zassert_ok(suspend(port));
	ARRAY_FOR_EACH(devs, i) {
		zassert_equal(edgepipe_resume(devs[i]), -ENXIO);
		zassert_true(is_logged(port->name, " is suspended"));
	}
	zassert_ok(resume(port));
	ARRAY_FOR_EACH(devs, i) {
		zassert_ok(edgepipe_resume(devs[i]));
	}
	edges(0, 1);
	zassert_equal(captured(PULSES), 1);
}

ZTEST(power, test_a_capture_has_no_power_to_turn_off)
{
	zassert_ok(suspend(PULSES));
	zassert_equal(pm_device_action_run(PULSES, PM_DEVICE_ACTION_TURN_OFF), -ENOTSUP);
	zassert_equal(pm_device_action_run(PULSES, PM_DEVICE_ACTION_TURN_ON), -ENOTSUP);
	zassert_ok(resume(PULSES));
	zassert_ok(edgepipe_open(PULSES));
}

ZTEST(power, test_runtime_power_management_resumes_what_is_used)
{
	zassert_ok(pm_device_runtime_enable(PULSES));
	zassert_equal(edgepipe_open(PULSES), -ENXIO);
	zassert_ok(pm_device_runtime_get(PULSES));
	zassert_ok(edgepipe_open(PULSES));
	edges(0, 1);
	zassert_ok(pm_device_runtime_put(PULSES));
	edges(0, 1);
	zassert_ok(pm_device_runtime_get(PULSES));
	zassert_equal(captured(PULSES), 1);
	zassert_ok(pm_device_runtime_disable(PULSES));

	/* The driver of this controller does not resume it when a pin is configured. */
	zassert_ok(pm_device_runtime_enable(port));
	zassert_equal(edgepipe_open(BUTTONS), -ENXIO);
	zassert_ok(pm_device_runtime_get(port));
	zassert_ok(edgepipe_open(BUTTONS));
	zassert_ok(pm_device_runtime_disable(port));
}

/* What a case that failed left suspended is no reason for the next one to fail. */
static void all_active(void *fixture)
{
	(void)resume(port);
	STRUCT_SECTION_FOREACH(device, dev) {
		if (edgepipe_is_capture(dev)) {
			(void)resume(dev);
		}
	}
	after_each(fixture);
}

ZTEST_SUITE(power, NULL, NULL, before_each, all_active, NULL);
