/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Stands in for Zephyr's header: what C of the documents uses, declared.
 */

#ifndef ZEPHYR_DEVICE_H_
#define ZEPHYR_DEVICE_H_

#include <zephyr/devicetree.h>

struct device {
	const char *name;
	const void *config;
	const void *api;
};

#define DT_GPIO_CTLR(node, prop) node
#define DEVICE_DT_GET(node)      (&node)

extern const struct device NODE_buttons, NODE_sensor;

/* Of a device's class. */
#define __subsystem
#define DEVICE_API_IS(class, dev)  ((dev)->api == (const void *)&class##_api)
#define DEVICE_API_GET(class, dev) ((const struct class##_driver_api *)(dev)->api)

extern const int edgepipe_api;

#define __syscall

#define STRUCT_SECTION_FOREACH(type, it) for (const struct type *it = &NODE_buttons; it <= &NODE_sensor; it++)

#endif /* ZEPHYR_DEVICE_H_ */
