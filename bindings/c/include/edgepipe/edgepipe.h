/*
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief GPIO data, captured in interrupts and read when there is enough of it.
 */

#ifndef EDGEPIPE_EDGEPIPE_H_
#define EDGEPIPE_EDGEPIPE_H_

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <zephyr/devicetree.h>
#include <zephyr/kernel.h>

#include <edgepipe/record.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @defgroup edgepipe edgepipe
 * @brief Captures of GPIO edges, and of bytes that a strobe latches.
 *
 * An instance is a node of the devicetree, `edgepipe,capture` or `edgepipe,strobe`, with its lines, its
 * buffer and when it is ready. It is opened, waited for, read, and closed:
 *
 * @code{.c}
 * const struct edgepipe *buttons = EDGEPIPE_DT_GET(DT_NODELABEL(buttons));
 * uint8_t bytes[16 * EDGEPIPE_RECORD_BYTES];
 *
 * edgepipe_open(buttons);
 * while (edgepipe_wait(buttons, K_FOREVER) > 0) {
 *         ssize_t size = edgepipe_read(buttons, bytes, sizeof(bytes), K_NO_WAIT);
 *         ...
 * }
 * @endcode
 *
 * Any number of threads may use an instance at once; each record goes to one of them. Every function
 * that returns errors returns @c -EINVAL for an instance, a buffer or a place for results that is @c NULL.
 * @{
 */

/** @brief A capture, of which the devicetree says what it captures. */
struct edgepipe {
	/**
	 * Name of the devicetree node, with its unit address; or the node's path, if other instances
	 * have that name. No two are called the same.
	 */
	const char *name;
	/** Records that the buffer holds. */
	uint32_t capacity;
	/** Of these, records behind the mark at which the capture is full. */
	uint32_t headroom;
	/** Records that the pipe holds beside those; 0 if reads take them from the buffer. */
	uint32_t pipe_records;
	/** Bytes in a record: @ref EDGEPIPE_RECORD_BYTES for edges, 1 for strobed bytes. */
	uint16_t record_bytes;
	/** Place in the list of all instances. */
	uint16_t index;
};

/** @cond INTERNAL_HIDDEN */
#define EDGEPIPE_INDEX(node_id)  _CONCAT(EDGEPIPE_INDEX_, node_id)
#define EDGEPIPE_INDEX_(node_id) EDGEPIPE_INDEX(node_id),

enum {
	DT_FOREACH_STATUS_OKAY(edgepipe_capture, EDGEPIPE_INDEX_)
	DT_FOREACH_STATUS_OKAY(edgepipe_strobe, EDGEPIPE_INDEX_)
	EDGEPIPE_INSTANCES
};
/** @endcond */

/** @brief All instances: first those of `edgepipe,capture`, then those of `edgepipe,strobe`. */
extern const struct edgepipe edgepipe_instances[EDGEPIPE_INSTANCES];

/** @brief How many instances there are, a constant. */
#define EDGEPIPE_COUNT ((size_t)EDGEPIPE_INSTANCES)

/**
 * @brief The instance of a devicetree node.
 *
 * A node that is not an enabled `edgepipe,capture` or `edgepipe,strobe` does not compile: the error
 * has its path in the name of what is not declared.
 *
 * @param node_id Node identifier, such as `DT_NODELABEL(buttons)` or `DT_ALIAS(buttons)`.
 *
 * @return A `const struct edgepipe *`.
 */
#define EDGEPIPE_DT_GET(node_id) (&edgepipe_instances[EDGEPIPE_INDEX(node_id)])

/** @brief Why a capture is ready. When several reasons hold, the first of these is given. */
enum edgepipe_reason {
	/** Records were lost since the last read: @ref edgepipe_stats tells how many. */
	EDGEPIPE_OVERFLOW = 1,
	/** The buffer is full: up to its headroom or, where a threshold says when it is ready, to the end. */
	EDGEPIPE_FULL = 2,
	/** As many records are pending as the threshold says. */
	EDGEPIPE_THRESHOLD = 3,
	/** The oldest record has waited for as long as `flush-after-us` says. */
	EDGEPIPE_DEADLINE = 4,
	/** The capture was closed. What is pending can still be read. */
	EDGEPIPE_CLOSED = 5,
};

/**
 * @brief The books of a capture, since it was opened.
 *
 * At every instant, captured is the sum of delivered, pending and what was lost.
 */
struct edgepipe_stats {
	/** Edges for which the interrupt handler was called. */
	uint64_t captured;
	/** Records that were read, or handed over to the pipe. */
	uint64_t delivered;
	/** Records that can be read, or handed over. */
	uint64_t pending;
	/** Lost because the buffer was full. */
	uint64_t lost_full;
	/** Lost because the buffer had been full, and `overflow = "freeze"`. */
	uint64_t lost_frozen;
	/** Lost while the capture was being closed. */
	uint64_t lost_closed;
	/** Lost because the GPIO controller did not tell its levels. */
	uint64_t lost_unreadable;
	/** Edges that the hardware did not report, known because a level repeated. Not in captured. */
	uint64_t missed;
	/** Interrupts that debouncing swallowed. Not in captured. */
	uint64_t bounces;
	/** Times a waiter slept, and woke to find what it waited for. */
	uint64_t wakes;
	/** Times a waiter woke for nothing, and slept again. */
	uint64_t spurious_wakes;
	/** The most records that were ever pending at once. */
	uint32_t high_water;
	/** How often the instance was opened; it wraps. Other books than these have another number. */
	uint32_t opened;
};

/** @brief For @ref edgepipe_set_threshold: ready when all is pending that fits before the headroom. */
#define EDGEPIPE_WHEN_FULL UINT32_MAX

/**
 * @brief Start to capture.
 *
 * Configures the lines as inputs that interrupt. What an earlier use left unread is discarded, and calls
 * of it that wait end with @c -EBADF.
 *
 * @param dev The instance.
 *
 * @retval 0 If it captures.
 * @retval -EBUSY If it is open already, or a file descriptor of an earlier use is open: what can be read
 *         stays. Or if a @c k_pipe_read() of its pipe has not returned, or one of its pins is captured otherwise.
 * @retval -ENODEV If a GPIO controller is not ready.
 * @retval -errno What a GPIO driver says otherwise, -ENOTSUP for example. With
 *         `CONFIG_EDGEPIPE_LOG_LEVEL` at error or above, the log says of which line.
 */
int edgepipe_open(const struct edgepipe *dev);

/**
 * @brief Stop to capture.
 *
 * The lines interrupt no more, and every waiter wakes. What is pending can still be read; then reads
 * return 0.
 *
 * @param dev The instance.
 *
 * @retval 0 If it was open.
 * @retval -EBADF If it was not.
 */
int edgepipe_close(const struct edgepipe *dev);

/**
 * @brief Wait until a capture is ready.
 *
 * Ready is level-triggered: as long as it holds, the next wait returns at once.
 *
 * @param dev The instance.
 * @param timeout For how long; @c K_NO_WAIT to only look.
 *
 * @return Why it is ready, an @ref edgepipe_reason, always positive.
 * @retval -EAGAIN If the time passed first.
 * @retval -EBADF If the instance was not opened, or is opened again meanwhile.
 */
int edgepipe_wait(const struct edgepipe *dev, k_timeout_t timeout);

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
int edgepipe_ready(const struct edgepipe *dev);

/**
 * @brief Read pending records, whole ones only, as many as fit.
 *
 * Waits only while nothing is pending. Waiting until a capture is ready is @ref edgepipe_wait's to do.
 *
 * @param dev The instance.
 * @param buf Where to. It need not be aligned, and may be @c NULL if @p size is 0.
 * @param size Its size in bytes. Of one above @c SSIZE_MAX no more is used.
 * @param timeout For how long to wait for the first record; @c K_NO_WAIT not to wait.
 *
 * @return Bytes read: a multiple of the size of a record.
 * @retval 0 If the capture was closed and everything has been read, or @p size is 0.
 * @retval -EAGAIN If nothing is pending, nor came in time.
 * @retval -EINVAL If @p size is less than one record.
 * @retval -EBADF If the instance was not opened, or is opened again meanwhile.
 */
ssize_t edgepipe_read(const struct edgepipe *dev, void *buf, size_t size, k_timeout_t timeout);

/**
 * @brief The pipe of a capture that delivers through one, for any code to read.
 *
 * When the capture is ready, what is pending is handed over to the pipe, whole records only; from then on it
 * counts as delivered, and @c k_pipe_read() returns it. Reading whole records is the caller's to see to, as
 * is, that nobody writes to the pipe, resets or closes it. @ref edgepipe_read and file descriptors take
 * from the same pipe, and each record goes to one reader. Records that found no room in the pipe follow within
 * 10 ms of room in it, if they make the capture ready. The capture stays ready until the pipe is empty. A
 * @c k_pipe_read() sleeps until it has all that it asks for, whatever the deadline: ask for one record, or give a
 * time-out. After @ref edgepipe_close it returns what is left, and then @c -EPIPE. The instance can be opened
 * again once every @c k_pipe_read() has returned; no thread may be aborted in one.
 *
 * @isr_ok
 *
 * @param dev The instance.
 *
 * @return The pipe. It is the instance's own, and the same whenever it is open.
 * @retval NULL If the instance was not opened, does not deliver through a pipe, or is @c NULL.
 */
struct k_pipe *edgepipe_pipe(const struct edgepipe *dev);

/**
 * @brief Change when a capture is ready.
 *
 * If it is by the new measure, waiters wake at once. Opening it again restores the devicetree's.
 *
 * @param dev The instance.
 * @param records Pending records, 1 to the capacity, or @ref EDGEPIPE_WHEN_FULL.
 *
 * @retval 0 If that is the threshold now.
 * @retval -EINVAL If it is 0 or above the capacity; nothing changes.
 * @retval -EBADF If the instance was not opened.
 */
int edgepipe_set_threshold(const struct edgepipe *dev, uint32_t records);

/**
 * @brief The books of a capture, at one instant.
 *
 * Never blocks.
 *
 * @isr_ok
 *
 * @param dev The instance.
 * @param[out] stats Where to.
 *
 * @retval 0 If they were written.
 * @retval -EBADF If the instance was not opened.
 */
int edgepipe_stats(const struct edgepipe *dev, struct edgepipe_stats *stats);

/**
 * @brief Open a file descriptor on a capture, to be used with others in one poll.
 *
 * Needs `CONFIG_EDGEPIPE_FD`.
 *
 * | call | behaviour |
 * |---|---|
 * | `poll`, `select` | `POLLIN` while the capture is ready |
 * | `read` | waits for as many records as are asked for, or the threshold if that is less |
 * | `read` with `O_NONBLOCK` | returns what is pending, or `EAGAIN` |
 * | `ioctl(FIONREAD)` | bytes of the records that are pending |
 * | `close` | gives up the file descriptor; the capture goes on |
 *
 * When the capture is closed, polls report `POLLIN` and `POLLHUP`, reads return what is left, and
 * then 0. A buffer shorter than one record is refused with `EINVAL`. Where there are no POSIX names,
 * as on native_sim, zvfs has the same calls as `zvfs_poll` and so on.
 *
 * @param dev The instance.
 *
 * @return The file descriptor.
 * @retval -ENFILE If all of `CONFIG_EDGEPIPE_FD_MAX` or `CONFIG_ZVFS_OPEN_MAX` are in use.
 * @retval -EBADF If the instance was not opened.
 */
int edgepipe_fd(const struct edgepipe *dev);

/** @} */

#ifdef __cplusplus
}
#endif

#endif /* EDGEPIPE_EDGEPIPE_H_ */
