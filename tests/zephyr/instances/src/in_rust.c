/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The cases of lib.rs under their names. A case that fails panics, which ends the run and names the file and the line.
 */

#include <zephyr/ztest.h>

ZTEST_SUITE(devicetree, NULL, NULL, NULL, NULL, NULL);

#define CASE(name)                                                                                 \
	extern void devicetree_##name(void);                                                       \
	ZTEST(devicetree, test_##name)                                                             \
	{                                                                                          \
		devicetree_##name();                                                               \
	}

CASE(nodes_are_found_by_label_and_alias)
CASE(a_node_has_its_device)
CASE(configurations_are_as_written)
CASE(lines_are_in_their_order)
CASE(a_node_can_be_opened_once)
CASE(a_node_that_delivers_through_a_pipe_has_one)
