/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Captures and Zephyr's power management of devices.
 */

#include "power.h"

#include <errno.h>

#include <zephyr/logging/log.h>
#include <zephyr/pm/device_runtime.h>

LOG_MODULE_DECLARE(edgepipe, CONFIG_EDGEPIPE_LOG_LEVEL);

/* In Rust, in the crate edgepipe-devicetree. */
int edgepipe_pm_suspend(const struct device *dev);
int edgepipe_pm_resume(const struct device *dev);

int edgepipe_pm_action(const struct device *dev, enum pm_device_action action)
{
	switch (action) {
	case PM_DEVICE_ACTION_SUSPEND:
		return edgepipe_pm_suspend(dev);
	case PM_DEVICE_ACTION_RESUME:
		return edgepipe_pm_resume(dev);
	default:
		/* A capture has no power of its own. */
		return -ENOTSUP;
	}
}

/**
 * @brief Whether a GPIO controller is suspended, which is then logged.
 *
 * @param port The controller.
 * @param can_wake Whether a pin will be configured next, at which the driver resumes a controller with runtime power
 *        management.
 */
bool edgepipe_is_suspended(const struct device *port, bool can_wake)
{
	enum pm_device_state state = PM_DEVICE_STATE_ACTIVE;

	if (can_wake && pm_device_runtime_is_enabled(port)) {
		return false;
	}
	/* Of a device without power management, the state stays as it is. */
	(void)pm_device_state_get(port, &state);
	if (state == PM_DEVICE_STATE_ACTIVE) {
		return false;
	}
	LOG_ERR("the GPIO controller %s is suspended", port->name);
	return true;
}
