/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Calls from user mode. A thread that passes what is not its own ends, as with all of Zephyr's system calls: the device must
 * be a capture that it was granted, and memory must be the thread's. All else is an error that it gets back.
 *
 * The memory may change at any time, because other threads in user mode may have it, too. So it is only written, except for an
 * array that is copied before it is looked at.
 */

#include <zephyr/internal/syscall_handler.h>

#include <edgepipe/edgepipe.h>

#include "syscalls.h"

/* Of the kernel's internal headers, which modules do not see: memory from the thread's resource pool. */
void *z_thread_malloc(size_t size);

#define HAS_EDGES   DT_HAS_COMPAT_STATUS_OKAY(edgepipe_capture)
#define HAS_SAMPLES DT_HAS_COMPAT_STATUS_OKAY(edgepipe_strobe)

static void check(const struct device *dev)
{
	K_OOPS(K_SYSCALL_OBJ(dev, K_OBJ_DRIVER_EDGEPIPE));
}

/* Opening and closing need one right more. */
static void check_control(const struct device *dev)
{
	check(dev);
	K_OOPS(K_SYSCALL_OBJ(edgepipe_control(dev), K_OBJ_SEM));
}

/* For no elements there may be no memory. */
static void check_room(void *to, size_t count, size_t size)
{
	K_OOPS(count > 0 && K_SYSCALL_MEMORY_ARRAY_WRITE(to, count, size));
}

static void copy_out(void *to, const void *result, size_t size)
{
	K_OOPS(k_usermode_to_copy(to, result, size));
}

static int z_vrfy_edgepipe_open(const struct device *dev)
{
	check_control(dev);
	return z_impl_edgepipe_open(dev);
}
#include <zephyr/syscalls/edgepipe_open_mrsh.c>

static int z_vrfy_edgepipe_close(const struct device *dev)
{
	check_control(dev);
	return z_impl_edgepipe_close(dev);
}
#include <zephyr/syscalls/edgepipe_close_mrsh.c>

static int z_vrfy_edgepipe_wait(const struct device *dev, k_timeout_t timeout)
{
	check(dev);
	return z_impl_edgepipe_wait(dev, timeout);
}
#include <zephyr/syscalls/edgepipe_wait_mrsh.c>

static int z_vrfy_edgepipe_ready(const struct device *dev)
{
	struct k_sem *sem;

	check(dev);
	sem = edgepipe_ready_sem(dev);
	/* Only a thread that can poll the semaphore has it lowered. */
	if (k_object_validate(k_object_find(sem), K_OBJ_SEM, _OBJ_INIT_TRUE) != 0) {
		return z_impl_edgepipe_ready(dev);
	}
	return edgepipe_ready_with_sem(dev, sem);
}
#include <zephyr/syscalls/edgepipe_ready_mrsh.c>

typedef ssize_t (*read_t)(const struct device *dev, void *to, size_t count, k_timeout_t timeout);

/*
 * While a read waits, the device and the memory can be taken back from the thread. So it waits first, and then checks them,
 * and reads without waiting. A read that finds nothing, because another was faster, waits again.
 */
static ssize_t read_checked(const struct device *dev, void *to, size_t count, size_t size,
			    k_timeout_t timeout, read_t read)
{
	k_timepoint_t end = sys_timepoint_calc(timeout);
	ssize_t ret;

	do {
		check(dev);
		check_room(to, count, size);
		ret = read(dev, to, count, K_NO_WAIT);
		if (ret != -EAGAIN || K_TIMEOUT_EQ(timeout, K_NO_WAIT)) {
			return ret;
		}
		ret = edgepipe_wait_data(dev, sys_timepoint_timeout(end));
	} while (ret == 0);
	return ret;
}

static ssize_t z_vrfy_edgepipe_read(const struct device *dev, void *buf, size_t size,
				    k_timeout_t timeout)
{
	return read_checked(dev, buf, size, 1, timeout, z_impl_edgepipe_read);
}
#include <zephyr/syscalls/edgepipe_read_mrsh.c>

#if HAS_EDGES
static ssize_t z_vrfy_edgepipe_read_edges(const struct device *dev, struct edgepipe_edge *edges,
					  size_t count, k_timeout_t timeout)
{
	return read_checked(dev, edges, count, sizeof(*edges), timeout,
			    (read_t)z_impl_edgepipe_read_edges);
}
#include <zephyr/syscalls/edgepipe_read_edges_mrsh.c>

static int z_vrfy_edgepipe_levels_before(const struct device *dev, uint32_t *levels)
{
	uint32_t result;
	int ret;

	check(dev);
	ret = z_impl_edgepipe_levels_before(dev, &result);
	if (ret == 0) {
		copy_out(levels, &result, sizeof(result));
	}
	return ret;
}
#include <zephyr/syscalls/edgepipe_levels_before_mrsh.c>
#endif

#if HAS_SAMPLES
static ssize_t z_vrfy_edgepipe_read_samples(const struct device *dev,
					    struct edgepipe_sample *samples, size_t count,
					    k_timeout_t timeout)
{
	return read_checked(dev, samples, count, sizeof(*samples), timeout,
			    (read_t)z_impl_edgepipe_read_samples);
}
#include <zephyr/syscalls/edgepipe_read_samples_mrsh.c>

static int z_vrfy_edgepipe_gap(const struct device *dev, struct edgepipe_gap *gap)
{
	struct edgepipe_gap result;
	int ret;

	check(dev);
	ret = z_impl_edgepipe_gap(dev, &result);
	if (ret >= 0) {
		copy_out(gap, &result, sizeof(result));
	}
	return ret;
}
#include <zephyr/syscalls/edgepipe_gap_mrsh.c>
#endif

static ssize_t z_vrfy_edgepipe_discard(const struct device *dev)
{
	check(dev);
	return z_impl_edgepipe_discard(dev);
}
#include <zephyr/syscalls/edgepipe_discard_mrsh.c>

static int z_vrfy_edgepipe_stats(const struct device *dev, struct edgepipe_stats *stats)
{
	struct edgepipe_stats result;
	int ret;

	check(dev);
	ret = z_impl_edgepipe_stats(dev, &result);
	if (ret == 0) {
		copy_out(stats, &result, sizeof(result));
	}
	return ret;
}
#include <zephyr/syscalls/edgepipe_stats_mrsh.c>

static int z_vrfy_edgepipe_levels(const struct device *dev, uint32_t *levels)
{
	uint32_t result;
	int ret;

	check(dev);
	ret = z_impl_edgepipe_levels(dev, &result);
	if (ret == 0) {
		copy_out(levels, &result, sizeof(result));
	}
	return ret;
}
#include <zephyr/syscalls/edgepipe_levels_mrsh.c>

static uint64_t z_vrfy_edgepipe_record_ns(const struct device *dev, uint64_t record)
{
	check(dev);
	return z_impl_edgepipe_record_ns(dev, record);
}
#include <zephyr/syscalls/edgepipe_record_ns_mrsh.c>

static uint64_t z_vrfy_edgepipe_now_ns(const struct device *dev)
{
	check(dev);
	return z_impl_edgepipe_now_ns(dev);
}
#include <zephyr/syscalls/edgepipe_now_ns_mrsh.c>

static uint32_t z_vrfy_edgepipe_hertz(const struct device *dev)
{
	check(dev);
	return z_impl_edgepipe_hertz(dev);
}
#include <zephyr/syscalls/edgepipe_hertz_mrsh.c>

static int z_vrfy_edgepipe_set_threshold(const struct device *dev, uint32_t records)
{
	check(dev);
	return z_impl_edgepipe_set_threshold(dev, records);
}
#include <zephyr/syscalls/edgepipe_set_threshold_mrsh.c>

/* The devices as they are once, and room for the reasons, from the thread's resource pool. */
static int z_vrfy_edgepipe_wait_any(const struct device *const *devs, int *reasons, size_t count,
				    k_timeout_t timeout)
{
	const struct device **copy;
	int *results;
	size_t bytes;
	bool refused = false;
	int ret;

	if (count == 0) {
		return -EINVAL;
	}
	K_OOPS(K_SYSCALL_VERIFY(!size_mul_overflow(count, sizeof(*copy) + sizeof(*results), &bytes)));
	K_OOPS(K_SYSCALL_MEMORY_READ(devs, count * sizeof(*devs)));
	check_room(reasons, count, sizeof(*reasons));
	copy = z_thread_malloc(bytes);
	if (copy == NULL) {
		return -ENOMEM;
	}
	results = (int *)&copy[count];
	memcpy(copy, devs, count * sizeof(*copy));
	for (size_t i = 0; i < count && !refused; i++) {
		refused = K_SYSCALL_OBJ(copy[i], K_OBJ_DRIVER_EDGEPIPE);
	}
	ret = refused ? 0 : z_impl_edgepipe_wait_any(copy, results, count, timeout);
	refused = refused ||
		  (ret >= 0 && k_usermode_to_copy(reasons, results, count * sizeof(*reasons)));
	k_free(copy);
	K_OOPS(refused);
	return ret;
}
#include <zephyr/syscalls/edgepipe_wait_any_mrsh.c>
