/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Shared by the suites: two captures, edges from a timer's interrupt, and threads.
 */

#ifndef EDGEPIPE_TESTS_FD_SUPPORT_H_
#define EDGEPIPE_TESTS_FD_SUPPORT_H_

#include <errno.h>

#include <zephyr/kernel.h>
#include <zephyr/ztest.h>

#include <edgepipe/record.h>
#include <edgepipe/zvfs.h>

/** Records that a capture has room for. */
#define CAPACITY 8

/** The size of `records` records. */
#define BYTES(records) ((records) * EDGEPIPE_RECORD_BYTES)

/* The captures, 0 and 1; see lib.rs. */
int capture_try_open(int capture, uint32_t threshold);
int capture_try_open_piped(int capture, uint32_t threshold);
struct k_pipe *capture_pipe(int capture);
int capture_fd(int capture);
void capture_close(int capture);
void capture_drop_reader(int capture);
bool capture_is_ready(int capture);
void capture_wait_ready(int capture);
int capture_set_threshold(int capture, uint32_t threshold);
int capture_try_read(int capture, size_t records);
int capture_read(int capture, size_t records);

/* A capture of bytes, data on the line of capture 0, strobed by that of capture 1; see lib.rs. */
int strobe_open(void);
void strobe_close(void);

/** Opens a capture and a file descriptor for it; both are closed when the case ends. */
int open_ready_at(int capture, uint32_t threshold);

/** Like open_ready_at(), for a capture that delivers through a pipe. */
int open_piped(int capture, uint32_t threshold);

/** Opens another file descriptor for an open capture; it is also closed when the case ends. */
int open_another(int capture);

/** Closes a file descriptor now. */
void close_now(int fd);

/** Makes `edges` edges on a capture's line in interrupts, one a millisecond; returns at once. */
void edges_soon(int capture, int edges);

/** Stops the edges of edges_soon(). */
void edges_stop(int capture);

/** Like edges_soon(), but returns after the last edge. */
void edges(int capture, int edges);

/* The calls of zvfs that also have POSIX names, if there are POSIX names. */
ssize_t fd_read(int fd, void *buf, size_t size);
ssize_t fd_write(int fd, const void *buf, size_t size);
int fd_close(int fd);
off_t fd_seek(int fd);

/** Polls one file descriptor; returns the events. */
short poll_one(int fd, short events, int timeout_ms);

/** Bytes that FIONREAD reports. */
int readable_bytes(int fd);

/** A call in a thread, and its result. */
struct job {
	/** Makes the call; sets result, and error if that is negative. */
	void (*body)(struct job *job);
	int fd;
	size_t size;
	short events;
	/** The result. */
	int result;
	int error;
	bool done;
};

/** Reads `size` bytes. */
void job_read(struct job *job);

/** Polls for `events`, without a time-out; the result is the events. */
void job_poll(struct job *job);

/** Starts a job in a thread of lower priority than the case's, 0 to 2, and lets it block. */
void start(int thread, struct job *job);

/** Waits until the job has ended. */
void join(int thread, struct job *job);

/** Lets other threads run and time pass. */
void pause_ms(int milliseconds);

void after_each(void *fixture);

#endif /* EDGEPIPE_TESTS_FD_SUPPORT_H_ */
