/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The instances, as C sees them. Rust has a table in the same order: edgepipe_nodes.rs.
 */

#include <edgepipe/edgepipe.h>

#include <zephyr/logging/log.h>

LOG_MODULE_REGISTER(edgepipe, CONFIG_EDGEPIPE_LOG_LEVEL);

#define INSTANCE(node, records, bytes)                                                             \
	[EDGEPIPE_INDEX(node)] = {                                                                 \
		.name = DT_NODE_FULL_NAME(node),                                                   \
		.capacity = DT_PROP(node, records),                                                \
		.record_bytes = bytes,                                                             \
		.index = EDGEPIPE_INDEX(node),                                                     \
	},

#define CAPTURE(node) INSTANCE(node, buffer_records, EDGEPIPE_RECORD_BYTES)
#define STROBE(node)  INSTANCE(node, buffer_bytes, 1)

const struct edgepipe edgepipe_instances[EDGEPIPE_INSTANCES] = {
	DT_FOREACH_STATUS_OKAY(edgepipe_capture, CAPTURE)
	DT_FOREACH_STATUS_OKAY(edgepipe_strobe, STROBE)
};

/**
 * @brief Say why an instance could not be opened.
 *
 * @param dev The instance.
 * @param line Which line was refused: its place in `gpios` or `data-gpios`, where the strobe line comes
 *        after the data lines; or a negative number, if it was not for a line.
 * @param error A negative errno.
 */
void edgepipe_log_refused(const struct edgepipe *dev, int line, int error)
{
	if (line >= 0) {
		LOG_ERR("%s: line %d refused: %d", dev->name, line, error);
	} else {
		LOG_ERR("%s: cannot be opened: %d", dev->name, error);
	}
}
