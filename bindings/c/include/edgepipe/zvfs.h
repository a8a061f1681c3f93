/*
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief What a program calls on a capture's file descriptor, and Zephyr's headers do not declare.
 *
 * For programs without POSIX names, such as those on native_sim; with them, include `unistd.h` and call `read` and so
 * on. Zephyr's `zephyr/sys/fdtable.h`, which this includes, has `zvfs_poll`, `zvfs_select` and the constants. The
 * functions are Zephyr's own, and work on any descriptor. They return -1 and set @c errno if they fail. Thread only.
 */

#ifndef EDGEPIPE_ZVFS_H_
#define EDGEPIPE_ZVFS_H_

#include <stdarg.h>
#include <stddef.h>
#include <sys/types.h>

#include <zephyr/sys/fdtable.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @brief As POSIX `read`; @ref edgepipe_fd says what it does on a capture.
 *
 * @param fd The descriptor.
 * @param buf Destination.
 * @param size Size of @p buf in bytes.
 * @param from_offset @c NULL.
 *
 * @return Bytes read; 0 at the end of file.
 */
ssize_t zvfs_read(int fd, void *buf, size_t size, const size_t *from_offset);

/**
 * @brief As POSIX `close`; the capture goes on.
 *
 * @param fd The descriptor.
 *
 * @return 0, or -1.
 */
int zvfs_close(int fd);

/** @brief As POSIX `fcntl`; @ref edgepipe_fd_fcntl calls it. */
int zvfs_fcntl(int fd, int cmd, va_list args);

/** @brief As POSIX `ioctl`; @ref edgepipe_fd_ioctl calls it. */
int zvfs_ioctl(int fd, unsigned long request, va_list args);

/**
 * @brief As POSIX `fcntl`.
 *
 * @code{.c}
 * edgepipe_fd_fcntl(fd, ZVFS_F_SETFL, ZVFS_O_NONBLOCK);
 * @endcode
 *
 * @param fd The descriptor.
 * @param cmd `ZVFS_F_GETFL`, or `ZVFS_F_SETFL` with the flags.
 *
 * @return The flags or 0, or -1.
 */
static inline int edgepipe_fd_fcntl(int fd, int cmd, ...)
{
	va_list args;
	int ret;

	va_start(args, cmd);
	ret = zvfs_fcntl(fd, cmd, args);
	va_end(args);
	return ret;
}

/**
 * @brief As POSIX `ioctl`.
 *
 * @code{.c}
 * edgepipe_fd_ioctl(fd, ZFD_IOCTL_FIONREAD, &bytes);
 * @endcode
 *
 * @param fd The descriptor.
 * @param request `ZFD_IOCTL_FIONREAD`, with an @c int for the bytes that are pending.
 *
 * @return 0, or -1.
 */
static inline int edgepipe_fd_ioctl(int fd, unsigned long request, ...)
{
	va_list args;
	int ret;

	va_start(args, request);
	ret = zvfs_ioctl(fd, request, args);
	va_end(args);
	return ret;
}

#ifdef __cplusplus
}
#endif

#endif /* EDGEPIPE_ZVFS_H_ */
