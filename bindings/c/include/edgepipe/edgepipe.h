/*
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief GPIO data, captured in interrupts and read when there is enough of it.
 */

#ifndef EDGEPIPE_EDGEPIPE_H_
#define EDGEPIPE_EDGEPIPE_H_

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <zephyr/device.h>
#include <zephyr/devicetree.h>
#include <zephyr/kernel.h>

#include <edgepipe/edge.h>
#include <edgepipe/record.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @defgroup edgepipe edgepipe
 * @brief Captures of GPIO edges, and of samples that a strobe latches.
 *
 * Each enabled devicetree node `edgepipe,capture` or `edgepipe,strobe` is a device, an instance. The node has the
 * lines, the size of the buffer, and the condition for being ready. Open the instance, wait for it, read it, and close
 * it:
 *
 * @code{.c}
 * const struct device *buttons = DEVICE_DT_GET(DT_NODELABEL(buttons));
 * uint8_t bytes[16 * EDGEPIPE_RECORD_BYTES];
 *
 * edgepipe_open(buttons);
 * while (edgepipe_wait(buttons, K_FOREVER) > 0) {
 *         ssize_t size = edgepipe_read(buttons, bytes, sizeof(bytes), K_NO_WAIT);
 *
 *         ... // size is 0 once, at the end: the instance was closed, and everything has been read.
 * }
 * @endcode
 *
 * Any number of threads may use an instance at once; each record goes to one of them. Every function
 * that returns errors returns @c -EINVAL if the device is not a capture, or is @c NULL, and if
 * the buffer or the result pointer is @c NULL.
 *
 * With `CONFIG_USERSPACE`, the functions that are system calls can be called in user mode, by a thread that was granted the
 * device. There a device or a pointer that is not the thread's ends the thread. @ref edgepipe_open and
 * @ref edgepipe_close also need @ref edgepipe_control. Inline functions and @ref edgepipe_reason_str can be called, too; all
 * others end such a thread.
 *
 * With @c CONFIG_PM_DEVICE, Zephyr's power management can suspend an instance: @c pm_device_action_run(). It captures
 * nothing then, as after @ref edgepipe_pause, and the hole is marked when it is resumed. Suspending and resuming
 * fail with @c -EBUSY while a thread opens or closes the instance, or changes its lines. It cannot be resumed while a
 * GPIO controller of its lines is suspended: @c -ENXIO.
 * @{
 */

/** @brief What a capture stores. */
enum edgepipe_content {
	/** Edges: `edgepipe,capture`. */
	EDGEPIPE_EDGES,
	/** Samples that a strobe latches: `edgepipe,strobe`. */
	EDGEPIPE_SAMPLES,
};

/** @cond INTERNAL_HIDDEN */
/* The class of devices that captures are. */
__subsystem struct edgepipe_driver_api {
	enum edgepipe_content content;
};

/* What the devicetree says of a capture: the configuration of its device. */
struct edgepipe_config {
	uint32_t capacity;
	uint32_t headroom;
	uint32_t pipe_records;
	uint8_t record_bytes;
	uint8_t data_lines;
	/* Its place among those of devices.c: first edgepipe,capture, then edgepipe,strobe. */
	uint16_t index;
};

#ifdef CONFIG_USERSPACE
/* What threads in user mode have to be granted besides the device: its data. */
struct edgepipe_data {
	struct k_sem control;
	struct k_sem ready;
};
#endif
/** @endcond */

/**
 * @brief Whether a device is a capture.
 *
 * @isr_ok
 *
 * @param dev A device, such as each of @c STRUCT_SECTION_FOREACH(device, dev).
 */
static inline bool edgepipe_is_capture(const struct device *dev)
{
	return dev != NULL && DEVICE_API_IS(edgepipe, dev);
}

/** @cond INTERNAL_HIDDEN */
/* Of a device that is no capture, everything is 0. */
static inline const struct edgepipe_config *edgepipe_config(const struct device *dev)
{
	static const struct edgepipe_config none = {0};

	return edgepipe_is_capture(dev) ? (const struct edgepipe_config *)dev->config : &none;
}
/** @endcond */

/** @brief The number of captures in the devicetree, a constant. */
#define EDGEPIPE_COUNT                                                                             \
	(DT_NUM_INST_STATUS_OKAY(edgepipe_capture) + DT_NUM_INST_STATUS_OKAY(edgepipe_strobe))

/**
 * @brief What a capture stores; @ref EDGEPIPE_EDGES also for a device that is none.
 *
 * @isr_ok
 *
 * @param dev The capture.
 */
static inline enum edgepipe_content edgepipe_content(const struct device *dev)
{
	return edgepipe_is_capture(dev) ? DEVICE_API_GET(edgepipe, dev)->content : EDGEPIPE_EDGES;
}

/**
 * @brief Records that the buffer of a capture holds; 0 for a device that is none.
 *
 * @isr_ok
 *
 * @param dev The capture.
 */
static inline uint32_t edgepipe_capacity(const struct device *dev)
{
	return edgepipe_config(dev)->capacity;
}

/**
 * @brief How many records of the capacity lie behind the mark at which the capture is full.
 *
 * @isr_ok
 *
 * @param dev The capture.
 */
static inline uint32_t edgepipe_headroom(const struct device *dev)
{
	return edgepipe_config(dev)->headroom;
}

/**
 * @brief Records that the pipe of a capture holds besides; 0 if reads take records from the buffer.
 *
 * @isr_ok
 *
 * @param dev The capture.
 */
static inline uint32_t edgepipe_pipe_records(const struct device *dev)
{
	return edgepipe_config(dev)->pipe_records;
}

/**
 * @brief Bytes in a record of a capture.
 *
 * @isr_ok
 *
 * @param dev The capture.
 *
 * @return @ref EDGEPIPE_RECORD_BYTES for edges. For samples 1, 2 or 4, for up to 8, 16 or 32 data lines; with
 *         `timestamps` 8, or 16 for more than 16 lines.
 */
static inline size_t edgepipe_record_bytes(const struct device *dev)
{
	return edgepipe_config(dev)->record_bytes;
}

/**
 * @brief Data lines of an `edgepipe,strobe`; 0 for a capture of edges.
 *
 * @isr_ok
 *
 * @param dev The capture.
 */
static inline unsigned int edgepipe_data_lines(const struct device *dev)
{
	return edgepipe_config(dev)->data_lines;
}

#if defined(CONFIG_USERSPACE) || defined(__DOXYGEN__)
/**
 * @brief The right of a thread in user mode to open and close a capture, and nothing else.
 *
 * Grant it as any kernel object: `k_object_access_grant(edgepipe_control(dev), thread)`.
 *
 * @kconfig{CONFIG_USERSPACE}
 *
 * @param dev The capture.
 *
 * @return The kernel object; @c NULL for a device that is no capture.
 */
static inline struct k_sem *edgepipe_control(const struct device *dev)
{
	return edgepipe_is_capture(dev) ? &((struct edgepipe_data *)dev->data)->control : NULL;
}

/**
 * @brief A semaphore for @c k_poll() in user mode: up when a capture may be ready.
 *
 * Poll it together with other objects, with @c K_POLL_TYPE_SEM_AVAILABLE. When it is up, call @ref edgepipe_ready, which
 * lowers it if the capture is not ready after all; nothing else lowers it, so it stays up as long as the capture is ready.
 * At first it is up. One thread at a time can poll it. The thread needs both the capture and this semaphore:
 * `k_object_access_grant(edgepipe_ready_sem(dev), thread)`. @c k_poll() takes `sizeof(struct k_poll_event)` bytes for each event,
 * 20 on a 32-bit machine, from the thread's resource pool (@c k_thread_heap_assign()), or fails with @c -ENOMEM.
 *
 * @kconfig{CONFIG_USERSPACE}
 *
 * @param dev The capture.
 *
 * @return The semaphore; @c NULL for a device that is no capture.
 */
static inline struct k_sem *edgepipe_ready_sem(const struct device *dev)
{
	return edgepipe_is_capture(dev) ? &((struct edgepipe_data *)dev->data)->ready : NULL;
}
#endif

/** @brief Why a capture is ready. If several reasons hold, the first in this list is returned. */
enum edgepipe_reason {
	/**
	 * Records were lost since the last read, other than those that gave way to newer ones. @ref edgepipe_stats has
	 * the number.
	 */
	EDGEPIPE_OVERFLOW = 1,
	/** The buffer is full: up to its headroom or, if a threshold is set, to its end. */
	EDGEPIPE_FULL = 2,
	/** As many records are pending as the threshold. A gap record counts, too. */
	EDGEPIPE_THRESHOLD = 3,
	/** The oldest record has been pending for `flush-after-us`. */
	EDGEPIPE_DEADLINE = 4,
	/**
	 * No record came for `idle-after-us`, and some are pending. It holds until the next read. What that leaves is
	 * ready only if the pause still lasts.
	 */
	EDGEPIPE_IDLE = 5,
	/**
	 * The capture was closed. Pending records can still be read. It stays the reason after the
	 * last of them.
	 */
	EDGEPIPE_CLOSED = 6,
};

/**
 * @brief The ledger of a capture, since it was opened.
 *
 * At every instant, captured is the sum of delivered, pending, and the five numbers of lost ones.
 */
struct edgepipe_stats {
	/** Edges for which the interrupt handler was called. */
	uint64_t captured;
	/** Records that were read, or handed over to the pipe. */
	uint64_t delivered;
	/** Edges, or samples, that can be read, or handed over. Gap records do not count. */
	uint64_t pending;
	/** Lost because the buffer was full, or because a hole among samples had no place: @ref edgepipe_gap. */
	uint64_t lost_full;
	/** Lost because the buffer had been full, and `overflow = "freeze"`. */
	uint64_t lost_frozen;
	/** Lost while the capture was being closed. */
	uint64_t lost_closed;
	/** Lost because the GPIO controller returned an error when its levels were read. */
	uint64_t lost_unreadable;
	/** Stored, and dropped for newer ones because the buffer was full, and `overflow = "drop-oldest"`. */
	uint64_t lost_oldest;
	/** Edges that the hardware did not report, known because a level came twice on a line of both. Not in captured. */
	uint64_t missed;
	/** Interrupts that debouncing dropped. Not in captured. */
	uint64_t bounces;
	/** How often a waiter slept, woke, and found what it waited for. */
	uint64_t wakes;
	/** How often a waiter woke, did not find it, and slept again. */
	uint64_t spurious_wakes;
	/** The most records that were ever pending at once, gap records included. */
	uint32_t high_water;
	/**
	 * How often the instance was opened; it wraps. It distinguishes the ledger of one use from those
	 * of others.
	 */
	uint32_t opened;
};

/** @brief Ready when the buffer is full up to the headroom, for @ref edgepipe_set_threshold. */
#define EDGEPIPE_WHEN_FULL UINT32_MAX

/**
 * @brief Start capturing.
 *
 * Configures the lines as inputs that interrupt. The first one with a `clock` sleeps for a millisecond or more, to
 * check the clock. Discards the unread records of an earlier use; calls that wait
 * in that use end with @c -EBADF. In user mode, the thread needs @ref edgepipe_control, too; do not abort it in this call.
 *
 * @param dev The instance.
 *
 * @retval 0 If the instance captures now.
 * @retval -EBUSY If it is open already, or a file descriptor of an earlier use is open; its unread records stay.
 *         Also if a @c k_pipe_read() of its pipe has not returned, or another capture has one of its pins.
 * @retval -ENODEV If a GPIO controller, or the counter that `clock` names, is not ready.
 * @retval -ENXIO If the instance, or a GPIO controller, is suspended. The log names the controller.
 * @retval -EINVAL If that counter wraps too soon, or is slower than the system clock's ticks.
 * @retval -EIO If that counter does not run as it should, for example because it stops while the processor sleeps.
 * @retval -errno Another error of a GPIO driver, for example -ENOTSUP. With `CONFIG_EDGEPIPE_LOG_LEVEL` at error
 *         or above, the log names the line.
 */
__syscall int edgepipe_open(const struct device *dev);

/**
 * @brief Stop capturing.
 *
 * The lines no longer interrupt, and every waiter wakes. Pending records can still be read; then reads return 0. In user
 * mode, the thread needs @ref edgepipe_control, too; do not abort it in this call.
 *
 * @param dev The instance.
 *
 * @retval 0 If it was open.
 * @retval -EBADF If it was not.
 * @retval -EBUSY If another thread is in @ref edgepipe_pause, @ref edgepipe_resume, @ref edgepipe_drive,
 *         @ref edgepipe_release or @ref edgepipe_set_trigger.
 */
__syscall int edgepipe_close(const struct device *dev);

/**
 * @brief Wait until a capture is ready.
 *
 * Ready is a level: as long as the capture is ready, a wait returns at once. After a read has returned 0, the end of
 * file, a wait fails. So a loop of waits and reads ends.
 *
 * @param dev The instance.
 * @param timeout How long to wait; @c K_NO_WAIT only checks.
 *
 * @return Why it is ready, an @ref edgepipe_reason, always positive.
 * @retval -EAGAIN If the time passed first.
 * @retval -EPIPE If a read has returned 0, the end of file.
 * @retval -EBADF If the instance was not opened, or is opened again meanwhile.
 */
__syscall int edgepipe_wait(const struct device *dev, k_timeout_t timeout);

/**
 * @brief Wait until at least one of several captures is ready.
 *
 * As @ref edgepipe_wait, for captures of any kind together, but it does not fail at the end of a file: a closed capture
 * is ready for ever, so leave it out of later calls once a read has returned 0. A
 * time-out, one of the captures or @ref edgepipe_wake ends the wait; @ref edgepipe_fd is for waits that have other things,
 * too.
 *
 * In user mode, both arrays are copied: that takes 8 bytes for each instance, on a 32-bit machine, from the thread's resource pool.
 * A thread that is aborted here leaves its place to others, but not what it took of the pool.
 *
 * @param devs The instances.
 * @param[out] reasons For each instance 0, or why it is ready, as from @ref edgepipe_ready. Not written if the call fails.
 * @param count How many instances, any number. One may be there twice.
 * @param timeout How long to wait; @c K_NO_WAIT only checks.
 *
 * @return How many are ready; @p reasons was written.
 * @retval 0 If none is, and @ref edgepipe_wake ended the wait; @p reasons was written.
 * @retval -EAGAIN If the time passed first.
 * @retval -EINVAL If @p count is 0.
 * @retval -EBADF If one was not opened, or is opened again meanwhile.
 * @retval -EBUSY If as many threads as CONFIG_EDGEPIPE_WAIT_ANY_THREADS, 1 by default, are in this call.
 * @retval -ENOMEM In user mode, if the resource pool has no room.
 */
__syscall int edgepipe_wait_any(const struct device *const *devs, int *reasons, size_t count, k_timeout_t timeout);

/**
 * @brief End one wait of @ref edgepipe_wait_any that has this instance, such as to tell the thread of other work.
 *
 * It returns 0, unless a capture is ready, too. If no thread waits, the next such wait that finds no capture ready
 * ends at once. Several calls before it end only that one. A loop that always finds a capture ready does not notice: to
 * stop it, set a flag, too. It does not end @ref edgepipe_wait, a read or a poll, and @ref edgepipe_open forgets it.
 *
 * Never blocks.
 *
 * @isr_ok
 *
 * @param dev The instance, one of those for which the thread waits.
 *
 * @retval 0 If a wait has ended, or will.
 * @retval -EBADF If the instance was not opened.
 */
int edgepipe_wake(const struct device *dev);

/**
 * @brief Why a capture is ready, if it is.
 *
 * Never blocks.
 *
 * @isr_ok
 *
 * @param dev The instance.
 *
 * @return Why it is ready, an @ref edgepipe_reason.
 * @retval 0 If it is not ready.
 * @retval -EBADF If the instance was not opened.
 */
__syscall int edgepipe_ready(const struct device *dev);

/**
 * @brief Read pending records, whole ones only, as many as fit.
 *
 * Waits only while nothing is pending. @ref edgepipe_wait waits until the capture is ready. A read of samples ends before
 * a hole: @ref edgepipe_gap.
 *
 * @param dev The instance.
 * @param buf Destination. It need not be aligned, and may be @c NULL if @p size is 0.
 * @param size Size of @p buf in bytes. At most @c SSIZE_MAX bytes are used.
 * @param timeout How long to wait for the first record; @c K_NO_WAIT does not wait.
 *
 * @return Bytes read: a multiple of the size of a record.
 * @retval 0 If the capture was closed and everything has been read, or @p size is 0.
 * @retval -EAGAIN If nothing is pending, and no record arrived in time.
 * @retval -EINVAL If @p size is less than one record.
 * @retval -EBADF If the instance was not opened, or is opened again meanwhile.
 */
__syscall ssize_t edgepipe_read(const struct device *dev, void *buf, size_t size, k_timeout_t timeout);

/**
 * @brief Read pending edges, as many as fit.
 *
 * As @ref edgepipe_read, for a capture of edges. Waits only while no edge is pending. If several threads read edges,
 * a hole is told to whoever reads first after it. A gap record alone can make a capture ready: then this finds no edge, and
 * -EAGAIN is no failure. An edge has 24 bytes.
 *
 * @param dev The instance.
 * @param edges Destination.
 * @param count How many edges fit.
 * @param timeout How long to wait for the first edge; @c K_NO_WAIT does not wait.
 *
 * @return How many edges were read.
 * @retval 0 If the capture was closed and everything has been read, or @p count is 0.
 * @retval -EAGAIN If no edge is pending, and none arrived in time.
 * @retval -EINVAL If the instance is an `edgepipe,strobe`.
 * @retval -EBADF If the instance was not opened, or is opened again meanwhile.
 */
__syscall ssize_t edgepipe_read_edges(const struct device *dev, struct edgepipe_edge *edges, size_t count,
				      k_timeout_t timeout);

/** @brief One sample of an `edgepipe,strobe`. */
struct edgepipe_sample {
	/**
	 * When the interrupt handler saw the strobe, in nanoseconds, as in @ref edgepipe_edge; 0 without the property
	 * `timestamps`.
	 */
	uint64_t time_ns;
	/** How many samples were lost directly before it. */
	uint32_t lost_before;
	/** If there is a hole: the logical levels of the data lines at its end, if they are known, else 0. */
	uint32_t levels_before;
	/** The logical levels of the data lines, the first in bit 0. */
	uint32_t value;
	/** 1 if there is a hole directly before it, else 0. */
	uint8_t after_gap;
};

/**
 * @brief Read pending samples, as many as fit.
 *
 * As @ref edgepipe_read, for a capture of samples. It ends before a hole; the sample after it, which the next read begins
 * with, tells of it. With `deliver = "pipe"` no hole has a place: only @ref edgepipe_stats counts what was lost. A sample has 24
 * bytes.
 *
 * @param dev The instance.
 * @param samples Destination.
 * @param count How many samples fit.
 * @param timeout How long to wait for the first sample; @c K_NO_WAIT does not wait.
 *
 * @return How many samples were read.
 * @retval 0 If the capture was closed and everything has been read, or @p count is 0.
 * @retval -EAGAIN If no sample is pending, and none arrived in time.
 * @retval -EINVAL If the instance is an `edgepipe,capture`.
 * @retval -EBADF If the instance was not opened, or is opened again meanwhile.
 */
__syscall ssize_t edgepipe_read_samples(const struct device *dev, struct edgepipe_sample *samples, size_t count,
					k_timeout_t timeout);

/** @brief A hole in a capture of samples. */
struct edgepipe_gap {
	/** How many samples were lost; 0 for a pause. */
	uint32_t lost;
	/** The logical levels of the data lines at its end, if they are known, else 0. */
	uint32_t levels;
};

/**
 * @brief The hole directly before what the last read returned, for reads of samples as bytes.
 *
 * Samples have no gap records. Instead every read ends before a hole, and the next one begins after it. The read that
 * returns 0, the end of file, tells of a hole at the end. The capture knows the place of one hole; until a read has passed
 * it, samples after a second one are lost, and counted there. If several threads read, the last read can be another
 * thread's; @ref edgepipe_read_samples tells each of its own. With `deliver = "pipe"` no hole has a place.
 *
 * @isr_ok
 *
 * @param dev The instance.
 * @param[out] gap The hole; 0 lost if there is none.
 *
 * @retval 1 If there is a hole.
 * @retval 0 If there is none, as before almost all reads, and always for a capture of edges.
 * @retval -EBADF If the instance was not opened.
 */
__syscall int edgepipe_gap(const struct device *dev, struct edgepipe_gap *gap);

/**
 * @brief Discard what is pending now, as a read whose result is thrown away.
 *
 * It counts as delivered. What comes meanwhile stays pending. The next edge of @ref edgepipe_read_edges has the hole
 * directly before it, if there is one; what was discarded is no hole. A gap record is discarded like an edge, so
 * @ref edgepipe_read does not return it any more. The end of file is not read. Never blocks.
 *
 * @param dev The instance.
 *
 * @return How many edges, or samples, were discarded; gap records do not count.
 * @retval -EBADF If the instance was not opened, or is opened again meanwhile.
 */
__syscall ssize_t edgepipe_discard(const struct device *dev);

/**
 * @brief The time of a record, in nanoseconds; right across wraps of the clock.
 *
 * To be called within 2^46 cycles after the record was read.
 *
 * @isr_ok
 *
 * @param dev The instance.
 * @param record The record of an edge, or of a sample with a time, see @ref edgepipe_record.
 *
 * @return The time in nanoseconds, as @ref edgepipe_now_ns. It may be slightly earlier than that of the record before,
 *         because some counters step back a little.
 * @retval 0 If the instance was not opened.
 */
__syscall uint64_t edgepipe_record_ns(const struct device *dev, uint64_t record);

/**
 * @brief The time now, on the clock of the capture.
 *
 * @isr_ok
 *
 * @param dev The instance.
 *
 * @return The time in nanoseconds, from about the start of the kernel.
 * @retval 0 If the instance was not opened.
 */
__syscall uint64_t edgepipe_now_ns(const struct device *dev);

/**
 * @brief The logical level of every line after its last edge that counts, or when the capture began.
 *
 * @isr_ok
 *
 * @param dev The instance.
 * @param[out] levels Line 0 in bit 0, 1 for active.
 *
 * @retval 0 If @p levels was written.
 * @retval -EBADF If the instance was not opened.
 */
__syscall int edgepipe_levels(const struct device *dev, uint32_t *levels);

/**
 * @brief The logical level of every line before the first edge that @ref edgepipe_read_edges has not returned.
 *
 * What is pending makes no difference, unlike in @ref edgepipe_levels. So before the first read these are the levels with
 * which the capture began, however many edges came since. At a hole that a read or @ref edgepipe_discard has found, they are
 * those at its end. Edges that are read as bytes, from the pipe or from a descriptor, are not noticed.
 *
 * @isr_ok
 *
 * @param dev The instance, of `edgepipe,capture`.
 * @param[out] levels Line 0 in bit 0, 1 for active.
 *
 * @retval 0 If @p levels was written.
 * @retval -EINVAL If the instance is an `edgepipe,strobe`.
 * @retval -EBADF If the instance was not opened.
 */
__syscall int edgepipe_levels_before(const struct device *dev, uint32_t *levels);

/**
 * @brief What a result of @ref edgepipe_wait or @ref edgepipe_ready means, in words for a person.
 *
 * @isr_ok
 *
 * @param reason The result; also 0 and errors.
 *
 * @return A constant text, such as "idle" or "not ready".
 */
const char *edgepipe_reason_str(int reason);

/**
 * @brief The pipe of a capture that delivers through one, for any code to read.
 *
 * When the capture is ready, its pending records are handed over to the pipe. From then on they count as
 * delivered, and @c k_pipe_read() returns them. The capture stays ready until the pipe is empty. Records for
 * which the pipe has no room follow within 10 ms of there being room, if they make the capture ready. The caller
 * must read whole records, and must not write to the pipe, reset it or close it. @ref edgepipe_read and file
 * descriptors read the same pipe; each record goes to one reader. A @c k_pipe_read() sleeps until it has all the
 * bytes that it asked for, whatever the deadline: ask for one record, or give a time-out. After
 * @ref edgepipe_close it returns what is left, and then @c -EPIPE. The instance can be opened again once every
 * @c k_pipe_read() has returned. Do not abort a thread in one.
 *
 * @isr_ok
 *
 * @param dev The instance.
 *
 * @return The instance's pipe, the same in every use.
 * @retval NULL If the instance was not opened, does not deliver through a pipe, or is @c NULL.
 */
struct k_pipe *edgepipe_pipe(const struct device *dev);

/**
 * @brief Change when a capture is ready.
 *
 * If the capture is ready by the new threshold, waiters wake at once. The next @ref edgepipe_open
 * restores the threshold of the devicetree.
 *
 * @param dev The instance.
 * @param records Pending records, 1 to the capacity, or @ref EDGEPIPE_WHEN_FULL.
 *
 * @retval 0 If the threshold was changed.
 * @retval -EINVAL If @p records is 0 or above the capacity; nothing changes.
 * @retval -EBADF If the instance was not opened.
 */
__syscall int edgepipe_set_threshold(const struct device *dev, uint32_t records);

/**
 * @brief Change the idle time of a capture.
 *
 * The capture becomes ready when something is pending and no record came for this long since the newest: at the end of
 * a frame. If that has passed already, waiters wake at once. The next @ref edgepipe_open restores `idle-after-us`
 * of the devicetree.
 *
 * @param dev The instance.
 * @param us The time in microseconds, rounded up to ticks of the system clock; 0 for none.
 *
 * @retval 0 If the idle time was changed.
 * @retval -EBADF If the instance was not opened.
 */
int edgepipe_set_idle(const struct device *dev, uint32_t us);

/**
 * @brief Make what is pending ready at once, as if `flush-after-us` had passed, until it has been read.
 *
 * Waiters wake with @ref EDGEPIPE_DEADLINE. If nothing is pending, nobody wakes.
 *
 * @isr_ok
 *
 * @param dev The instance.
 *
 * @retval 0 If it is open; @ref edgepipe_ready says whether something was pending.
 * @retval -EBADF If the instance was not opened.
 */
int edgepipe_flush(const struct device *dev);

/** @brief Which edges of a line count. */
enum edgepipe_trigger {
	/** Edges to the active level. */
	EDGEPIPE_RISING = 1,
	/** Edges to the inactive level. */
	EDGEPIPE_FALLING = 2,
	/** Both. */
	EDGEPIPE_BOTH = 3,
};

/**
 * @brief Change which edges of a captured line count.
 *
 * What is pending stays pending. The line's interrupt is off for a moment, so a hole is marked as by @ref edgepipe_resume,
 * even if the trigger is the one from before. A debounced line stays on, and has no hole. The next @ref edgepipe_open, and
 * @ref edgepipe_release of the line, restore `trigger` of the devicetree.
 *
 * @param dev The instance, of `edgepipe,capture`.
 * @param line The line: its index in `gpios`.
 * @param trigger Which edges.
 *
 * @retval 0 If these count now.
 * @retval -EINVAL If the instance has no such line, there is no such trigger, or it is an `edgepipe,strobe`.
 * @retval -EBADF If no capture runs.
 * @retval -EBUSY If the line is driven, or another thread is in this call or in one of the four below.
 * @retval -ENXIO If the instance is suspended.
 * @retval -errno Another error of a GPIO driver; then the line is not captured until @ref edgepipe_release.
 */
int edgepipe_set_trigger(const struct device *dev, unsigned int line, enum edgepipe_trigger trigger);

/**
 * @brief Pause a capture: edges are neither stored nor counted until @ref edgepipe_resume.
 *
 * What is pending can be read. An instance that is suspended meanwhile stays paused when that is over. Do not abort a
 * thread in this call, in one of the three below, or in @ref edgepipe_set_trigger.
 *
 * @param dev The instance.
 *
 * @retval 0 If it is paused now.
 * @retval -EBADF If no capture runs.
 * @retval -EBUSY If another thread is in one of these five calls.
 */
int edgepipe_pause(const struct device *dev);

/**
 * @brief End a pause.
 *
 * The hole is marked by a gap record with the levels after it and 0 lost edges. It is pending like an edge, and counts for
 * the threshold. Among samples, a read ends there: @ref edgepipe_gap.
 *
 * @param dev The instance.
 *
 * @retval 0 If it captures now.
 * @retval -EBADF If no capture runs.
 * @retval -EBUSY If another thread is in one of these calls.
 * @retval -ENXIO If the instance, or a GPIO controller, is suspended; then it is still paused.
 * @retval -errno An error of a GPIO driver; then it is still paused.
 */
int edgepipe_resume(const struct device *dev);

/**
 * @brief Make a captured line an output, such as for the start signal of a one-wire sensor.
 *
 * It is not captured until @ref edgepipe_release; the other lines are. It may be called again, for another level.
 *
 * @param dev The instance, of `edgepipe,capture`.
 * @param line The line: its index in `gpios`.
 * @param level The logical level: true for active.
 *
 * @retval 0 If the line has the level.
 * @retval -EINVAL If the instance has no such line, or is an `edgepipe,strobe`.
 * @retval -EBADF If no capture runs.
 * @retval -EBUSY If another thread is in one of these calls.
 * @retval -ENXIO If the instance is suspended.
 * @retval -errno Another error of a GPIO driver; the line may then not be captured until @ref edgepipe_release.
 */
int edgepipe_drive(const struct device *dev, unsigned int line, bool level);

/**
 * @brief Make a driven line an input again, and capture it.
 *
 * The hole is marked as by @ref edgepipe_resume. The mark is pending like an edge, so an idle time begins here: make it
 * longer than whoever answers takes to begin. An edge is missed only in the few instructions of the driver's call that
 * enables the interrupt.
 *
 * @param dev The instance.
 * @param line The line.
 *
 * @retval 0 If the line is captured.
 * @retval -errno As @ref edgepipe_drive. After an error of a GPIO driver the line is not captured.
 */
int edgepipe_release(const struct device *dev, unsigned int line);

/**
 * @brief Cycles of the capture's clock in a second: the unit of @ref edgepipe_cycles.
 *
 * It is CONFIG_SYS_CLOCK_HW_CYCLES_PER_SEC, unless the node has a `clock`. Never blocks.
 *
 * @isr_ok
 *
 * @param dev The instance.
 *
 * @return The frequency in hertz.
 * @retval 0 If the instance was not opened.
 */
__syscall uint32_t edgepipe_hertz(const struct device *dev);

/**
 * @brief The ledger of a capture, at one instant.
 *
 * Never blocks.
 *
 * @isr_ok
 *
 * @param dev The instance.
 * @param[out] stats The ledger.
 *
 * @retval 0 If @p stats was written.
 * @retval -EBADF If the instance was not opened.
 */
__syscall int edgepipe_stats(const struct device *dev, struct edgepipe_stats *stats);

/**
 * @brief Open a file descriptor for a capture, to poll it together with others.
 *
 * Needs `CONFIG_EDGEPIPE_FD`.
 *
 * | call | behaviour |
 * |---|---|
 * | `poll`, `select` | `POLLIN` while the capture is ready |
 * | `read` | waits for as many records as are asked for, or the threshold if that is less |
 * | `read` with `O_NONBLOCK` | returns what is pending, or `EAGAIN` |
 * | `ioctl(FIONREAD)` | bytes of the records that are pending |
 * | `close` | closes the file descriptor; the capture goes on |
 *
 * When the capture is closed, polls report `POLLIN` and `POLLHUP`; reads return what is left, and
 * then 0. A read into less than one record fails with `EINVAL`. Without POSIX names, as on
 * native_sim, the same calls are `zvfs_poll` and so on.
 *
 * @param dev The instance.
 *
 * @return The file descriptor.
 * @retval -ENFILE If all of `CONFIG_EDGEPIPE_FD_MAX`, or all that zvfs has, are in use.
 * @retval -EBADF If the instance was not opened.
 */
int edgepipe_fd(const struct device *dev);

/** @} */

#ifdef __cplusplus
}
#endif

#include <zephyr/syscalls/edgepipe.h>

#endif /* EDGEPIPE_EDGEPIPE_H_ */
