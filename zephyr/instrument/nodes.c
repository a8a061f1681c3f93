/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Reports errors in the nodes that are chosen for the instrument, as ../nodes.c does in captures. They are properties
 * of /chosen.
 */

#include <zephyr/devicetree.h>
#include <zephyr/toolchain.h>

#define INSTRUMENT DT_CHOSEN(edgepipe_instrument)
#define PROBE      DT_CHOSEN(edgepipe_probe)

BUILD_ASSERT(DT_HAS_CHOSEN(edgepipe_instrument),
	     "CONFIG_EDGEPIPE_INSTRUMENT needs a UART: chosen { edgepipe,instrument = &uart1; }");
BUILD_ASSERT(DT_HAS_CHOSEN(edgepipe_probe),
	     "CONFIG_EDGEPIPE_INSTRUMENT needs lines: chosen { edgepipe,probe = &probe; }");

#if DT_HAS_CHOSEN(edgepipe_instrument)
BUILD_ASSERT(DT_NODE_HAS_STATUS_OKAY(INSTRUMENT),
	     "edgepipe,instrument: the UART is not enabled, " DT_NODE_PATH(INSTRUMENT));
#if DT_HAS_CHOSEN(zephyr_console)
BUILD_ASSERT(!IS_ENABLED(CONFIG_UART_CONSOLE) || !DT_SAME_NODE(INSTRUMENT, DT_CHOSEN(zephyr_console)),
	     "edgepipe,instrument is the UART of the console, " DT_NODE_PATH(INSTRUMENT)
	     "; choose another, or turn CONFIG_UART_CONSOLE off");
#endif
#endif

#if DT_HAS_CHOSEN(edgepipe_probe)
BUILD_ASSERT(DT_NODE_HAS_COMPAT_STATUS(PROBE, edgepipe_capture, okay),
	     "edgepipe,probe is not an enabled edgepipe,capture, " DT_NODE_PATH(PROBE));
#endif
