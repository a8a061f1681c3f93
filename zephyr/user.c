/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * For src/sys/lock.rs.
 */

#include <zephyr/kernel.h>

/** Ends a thread in user mode that is about to take a lock of the library. */
FUNC_NORETURN void edgepipe_refuse_user_mode(void)
{
	printk("edgepipe: a function that is not for user mode was called there\n");
	k_oops();
	CODE_UNREACHABLE;
}
