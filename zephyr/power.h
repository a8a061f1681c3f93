/*
 * SPDX-License-Identifier: Apache-2.0
 */

#ifndef EDGEPIPE_POWER_H_
#define EDGEPIPE_POWER_H_

#include <zephyr/pm/device.h>

/** Does what Zephyr's power management asks of a capture; not defined without CONFIG_PM_DEVICE. */
int edgepipe_pm_action(const struct device *dev, enum pm_device_action action);

#endif /* EDGEPIPE_POWER_H_ */
