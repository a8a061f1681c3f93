/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Stands in for Zephyr's header: the nodes of docs/zephyr.md, each found by one name.
 */

#define DT_NODELABEL(label) NODE_##label
#define DT_ALIAS(alias)     NODE_##alias

#define DT_FOREACH_STATUS_OKAY(compatible, fn) NODES_##compatible(fn)
#define NODES_edgepipe_capture(fn)             fn(NODE_buttons)
#define NODES_edgepipe_strobe(fn)              fn(NODE_sensor)
