/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Reports errors in the player's node, as ../nodes.c does in captures. Each names node and
 * property.
 */

#include "edgepipe_player_host.h"
#include "../nodes.h"

#define NODE DT_INST(0, edgepipe_player)

/* The properties' names as they are written. */
#define NAME_gpios       "gpios"
#define NAME_watch_gpios "watch-gpios"

#define CHECK_PORT(node, prop, idx, port)                                                          \
	CHECK_ENABLED(node, prop, idx, port)                                                       \
	CHECK(node, DT_NODE_HAS_COMPAT(port, zephyr_gpio_emul),                                    \
	      NAME(prop) ": the controller of entry " STRINGIFY(idx) " is not an emulated one "    \
			 "(zephyr,gpio-emul), " DT_NODE_PATH(port));

#define CHECK_ENTRY(node, prop, idx)                                                               \
	CHECK_PORT(node, prop, idx, DT_GPIO_CTLR_BY_IDX(node, prop, idx))                          \
	CHECK_PIN(node, prop, idx, DT_GPIO_CTLR_BY_IDX(node, prop, idx),                           \
		  DT_GPIO_PIN_BY_IDX(node, prop, idx))

CHECK(NODE, DT_NUM_INST_STATUS_OKAY(edgepipe_player) == 1,
      "a second node edgepipe,player is enabled; there can be one");

CHECK(NODE, IN_RANGE(DT_PROP_LEN(NODE, gpios), 1, EDGEPIPE_PLAYER_PINS_MAX),
      "gpios must have 1 to 32 entries");
DT_FOREACH_PROP_ELEM(NODE, gpios, CHECK_ENTRY)
CHECK_PINS_ONCE(NODE, gpios)
CHECK(NODE, DT_PROP_LEN_OR(NODE, wire_names, DT_PROP_LEN(NODE, gpios)) == DT_PROP_LEN(NODE, gpios),
      "wire-names must have one entry for each of gpios");

#if DT_NODE_HAS_PROP(NODE, watch_gpios)
CHECK(NODE, IN_RANGE(DT_PROP_LEN(NODE, watch_gpios), 1, EDGEPIPE_PLAYER_PINS_MAX),
      "watch-gpios must have 1 to 32 entries");
DT_FOREACH_PROP_ELEM(NODE, watch_gpios, CHECK_ENTRY)
CHECK_PINS_ONCE(NODE, watch_gpios)
#endif
CHECK(NODE, DT_PROP_LEN_OR(NODE, watch_names, DT_PROP_LEN_OR(NODE, watch_gpios, 0)) ==
		    DT_PROP_LEN_OR(NODE, watch_gpios, 0),
      "watch-names must have one entry for each of watch-gpios");
