/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Which thread waits, for bindings/c/src/together.rs.
 */

#include <stdbool.h>

#include <zephyr/kernel.h>

k_tid_t edgepipe_this_thread(void)
{
	return k_current_get();
}

/**
 * @brief Whether a thread was aborted, or has returned.
 *
 * It is only read. If its memory is used for something else by now, it has ended, whatever this returns.
 */
bool edgepipe_has_ended(k_tid_t thread)
{
	return k_thread_join(thread, K_NO_WAIT) == 0;
}
