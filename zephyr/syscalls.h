/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * What syscalls.c needs of Rust, beyond the functions of edgepipe.h (bindings/c/src/user.rs).
 */

#ifndef EDGEPIPE_SYSCALLS_H_
#define EDGEPIPE_SYSCALLS_H_

#include <zephyr/kernel.h>

/** Waits until a read would not wait. Returns 0, or a negative errno, as edgepipe_read(). */
int edgepipe_wait_data(const struct device *dev, k_timeout_t timeout);

/** As edgepipe_ready(). Gives `sem` if the capture is ready; if not, takes it, and it is given when that changes. */
int edgepipe_ready_with_sem(const struct device *dev, struct k_sem *sem);

#endif /* EDGEPIPE_SYSCALLS_H_ */
