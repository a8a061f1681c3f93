/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Kconfig options with which edgepipe cannot work are errors. ("depends on" would not give the
 * reason.)
 */

#include <zephyr/toolchain.h>
#include <zephyr/sys/util_macro.h>

BUILD_ASSERT(!IS_ENABLED(CONFIG_SMP),
	     "edgepipe cannot be used with CONFIG_SMP=y: its locks are those of one processor");

BUILD_ASSERT(IS_ENABLED(CONFIG_TIMEOUT_64BIT),
	     "edgepipe cannot be used with CONFIG_TIMEOUT_64BIT=n: its time-outs are absolute");

BUILD_ASSERT(!IS_ENABLED(CONFIG_TIMER_READS_ITS_FREQUENCY_AT_RUNTIME),
	     "edgepipe cannot be used with CONFIG_TIMER_READS_ITS_FREQUENCY_AT_RUNTIME=y: it has to know "
	     "CONFIG_SYS_CLOCK_HW_CYCLES_PER_SEC when it is compiled");

BUILD_ASSERT(!IS_ENABLED(CONFIG_PIPES),
	     "edgepipe cannot be used with CONFIG_PIPES=y: it needs the pipes that replace those");
