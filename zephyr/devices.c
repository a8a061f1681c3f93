/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The captures as devices. Rust has a table in the same order: edgepipe_nodes.rs.
 */

#include <edgepipe/edgepipe.h>

#include <errno.h>

#include <zephyr/logging/log.h>
#include <zephyr/sys/util.h>

#include "nodes.h"
#include "power.h"

LOG_MODULE_REGISTER(edgepipe, CONFIG_EDGEPIPE_LOG_LEVEL);

/* Summed over all nodes: how many have the name of this one. */
#define IS_CALLED_AS(other, node)                                                                  \
	+(__builtin_strcmp(DT_NODE_FULL_NAME(other), DT_NODE_FULL_NAME(node)) == 0)

#define CALLED_AS(node)                                                                            \
	(0 DT_FOREACH_STATUS_OKAY_VARGS(edgepipe_capture, IS_CALLED_AS, node)                      \
		 DT_FOREACH_STATUS_OKAY_VARGS(edgepipe_strobe, IS_CALLED_AS, node))

/*
 * The name of a device: that of the node if it is unique, the path otherwise. Zephyr measures the text of this macro, so
 * it is short.
 */
#undef DEVICE_DT_NAME
#define DEVICE_DT_NAME(node) _CONCAT(name_, DT_DEP_ORD(node))

/* The defaults of src/config/mod.rs and bindings/devicetree/src/list.rs. */
#define HEADROOM(node, headroom_prop, records)                                                     \
	DT_PROP_OR(node, headroom_prop, MIN(DT_PROP(node, records) / 4, 64))

#define PIPE(node, pipe_prop, records)                                                             \
	(DT_ENUM_HAS_VALUE(node, deliver, pipe)                                                    \
		 ? DT_PROP_OR(node, pipe_prop, MIN(DT_PROP(node, records), 64)) : 0)

/* The class of a device tells C and Rust that it is a capture, and of what. */
DEVICE_API(edgepipe, edgepipe_edges_api) = {
	.content = EDGEPIPE_EDGES,
};

DEVICE_API(edgepipe, edgepipe_samples_api) = {
	.content = EDGEPIPE_SAMPLES,
};

/* The place of each node: first those of edgepipe,capture, then those of edgepipe,strobe. */
#define INDEX(node) _CONCAT(INDEX_, node)
#define NEXT(node)  INDEX(node),

enum {
	DT_FOREACH_STATUS_OKAY(edgepipe_capture, NEXT)
	DT_FOREACH_STATUS_OKAY(edgepipe_strobe, NEXT)
};

#define INSTANCE(node, records, headroom_prop, pipe_prop, bytes, lines, api)                       \
	static const char DEVICE_DT_NAME(node)[] = __builtin_choose_expr(                          \
		CALLED_AS(node) == 1, DT_NODE_FULL_NAME(node), DT_NODE_PATH(node));                \
	static const struct edgepipe_config _CONCAT(config_, node) = {                             \
		.capacity = DT_PROP(node, records),                                                \
		.headroom = HEADROOM(node, headroom_prop, records),                                \
		.pipe_records = PIPE(node, pipe_prop, records),                                    \
		.record_bytes = bytes,                                                             \
		.data_lines = lines,                                                               \
		.index = INDEX(node),                                                              \
	};                                                                                         \
	PM_DEVICE_DT_DEFINE(node, edgepipe_pm_action);                                             \
	DEVICE_DT_DEFINE(node, NULL, PM_DEVICE_DT_GET(node), NULL, &_CONCAT(config_, node),        \
			 POST_KERNEL, CONFIG_EDGEPIPE_INIT_PRIORITY, &api);

#define CAPTURE(node)                                                                              \
	INSTANCE(node, buffer_records, headroom_records, pipe_records, EDGEPIPE_RECORD_BYTES, 0,   \
		 edgepipe_edges_api)

#define STROBE(node)                                                                               \
	INSTANCE(node, buffer_samples, headroom_samples, pipe_samples,                             \
		 EDGEPIPE_SAMPLE_BYTES(node), DT_PROP_LEN(node, data_gpios), edgepipe_samples_api)

DT_FOREACH_STATUS_OKAY(edgepipe_capture, CAPTURE)
DT_FOREACH_STATUS_OKAY(edgepipe_strobe, STROBE)

const char *edgepipe_reason_str(int reason)
{
	static const char *const names[] = {
		[0] = "not ready",
		[EDGEPIPE_OVERFLOW] = "records were lost",
		[EDGEPIPE_FULL] = "full",
		[EDGEPIPE_THRESHOLD] = "threshold",
		[EDGEPIPE_DEADLINE] = "deadline",
		[EDGEPIPE_IDLE] = "idle",
		[EDGEPIPE_CLOSED] = "closed",
	};

	switch (reason) {
	case -EBADF:
		return "not open";
	case -EAGAIN:
		return "time-out";
	case -EPIPE:
		return "end of file";
	default:
		return reason < 0 || reason >= (int)ARRAY_SIZE(names) ? "error" : names[reason];
	}
}

/**
 * @brief Log why an instance could not be opened.
 *
 * @param dev The instance.
 * @param line The line that was refused: its index in `gpios` or `data-gpios`, where the strobe line
 *        has the index after the data lines. -2 if it was because of the clock, -1 for another reason.
 * @param error A negative errno.
 */
void edgepipe_log_refused(const struct device *dev, int line, int error)
{
	if (line >= 0) {
		LOG_ERR("%s: line %d refused: %d", dev->name, line, error);
	} else if (line == -2) {
		LOG_ERR("%s: its clock cannot be used: %d", dev->name, error);
	} else {
		LOG_ERR("%s: cannot be opened: %d", dev->name, error);
	}
}
