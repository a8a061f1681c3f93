/*
 * SPDX-License-Identifier: Apache-2.0
 */

#include "support.h"

#include <zephyr/drivers/gpio.h>
#include <zephyr/drivers/gpio/gpio_emul.h>

#define THREADS 3

/* What a capture refuses; Zephyr has no header for it yet. */
ssize_t zvfs_write(int fd, const void *buf, size_t size, const size_t *from_offset);
off_t zvfs_lseek(int fd, off_t offset, int whence);

const struct device *const fd_test_port = DEVICE_DT_GET(DT_NODELABEL(gpio_emul));

static int open_fds[CONFIG_EDGEPIPE_FD_MAX];
static int open_fd_count;

static struct k_thread threads[THREADS];
static bool started[THREADS];
static K_THREAD_STACK_ARRAY_DEFINE(stacks, THREADS, 1536);

static struct wire {
	struct k_timer timer;
	struct k_sem played;
	int left;
	bool level;
} wires[2];

static void next_edge(struct k_timer *timer)
{
	struct wire *wire = CONTAINER_OF(timer, struct wire, timer);
	int pin = wire - wires;

	zassert_true(k_is_in_isr());
	wire->level = !wire->level;
	gpio_emul_input_set(fd_test_port, pin, wire->level);
	wire->left--;
	if (wire->left == 0) {
		k_timer_stop(timer);
		k_sem_give(&wire->played);
	}
}

void edges_soon(int capture, int edges)
{
	struct wire *wire = &wires[capture];

	wire->left = edges;
	k_sem_reset(&wire->played);
	k_timer_start(&wire->timer, K_MSEC(1), K_MSEC(1));
}

void edges_stop(int capture)
{
	k_timer_stop(&wires[capture].timer);
}

void edges(int capture, int edges)
{
	edges_soon(capture, edges);
	k_sem_take(&wires[capture].played, K_FOREVER);
}

int open_another(int capture)
{
	int fd = capture_fd(capture);

	zassert_true(fd >= 0, "no file descriptor: %d", fd);
	open_fds[open_fd_count++] = fd;
	return fd;
}

static void prepare_wire(int capture)
{
	struct wire *wire = &wires[capture];

	k_timer_init(&wire->timer, next_edge, NULL);
	k_sem_init(&wire->played, 0, 1);
	wire->level = false;
	zassert_ok(gpio_pin_configure(fd_test_port, capture, GPIO_INPUT));
	zassert_ok(gpio_emul_input_set(fd_test_port, capture, 0));
}

int open_ready_at(int capture, uint32_t threshold)
{
	prepare_wire(capture);
	zassert_ok(capture_try_open(capture, threshold));
	return open_another(capture);
}

int open_piped(int capture, uint32_t threshold)
{
	prepare_wire(capture);
	zassert_ok(capture_try_open_piped(capture, threshold));
	return open_another(capture);
}

void close_now(int fd)
{
	for (int i = 0; i < open_fd_count; i++) {
		if (open_fds[i] == fd) {
			open_fds[i] = open_fds[--open_fd_count];
			zassert_ok(zvfs_close(fd));
			return;
		}
	}
	zassert_unreachable("%d is not open", fd);
}

ssize_t fd_read(int fd, void *buf, size_t size)
{
	return zvfs_read(fd, buf, size, NULL);
}

ssize_t fd_write(int fd, const void *buf, size_t size)
{
	return zvfs_write(fd, buf, size, NULL);
}

int fd_close(int fd)
{
	return zvfs_close(fd);
}

off_t fd_seek(int fd)
{
	return zvfs_lseek(fd, 0, 0);
}

short poll_one(int fd, short events, int timeout_ms)
{
	struct zvfs_pollfd pfd = {.fd = fd, .events = events};
	int ret = zvfs_poll(&pfd, 1, timeout_ms);

	zassert_true(ret >= 0, "errno %d", errno);
	zassert_equal(ret, pfd.revents != 0);
	return pfd.revents;
}

int readable_bytes(int fd)
{
	int bytes = -1;

	zassert_ok(edgepipe_fd_ioctl(fd, ZFD_IOCTL_FIONREAD, &bytes));
	return bytes;
}

void job_read(struct job *job)
{
	uint8_t buf[BYTES(CAPACITY)];

	job->result = fd_read(job->fd, buf, job->size);
	job->error = errno;
}

void job_poll(struct job *job)
{
	job->result = poll_one(job->fd, job->events, -1);
}

static void run(void *p1, void *p2, void *p3)
{
	struct job *job = p1;

	job->body(job);
	job->done = true;
}

void start(int thread, struct job *job)
{
	job->done = false;
	started[thread] = true;
	k_thread_create(&threads[thread], stacks[thread], K_THREAD_STACK_SIZEOF(stacks[thread]),
			run, job, NULL, NULL, K_PRIO_PREEMPT(thread), 0, K_NO_WAIT);
	pause_ms(1);
}

void join(int thread, struct job *job)
{
	zassert_ok(k_thread_join(&threads[thread], K_MSEC(1000)), "thread %d still sleeps", thread);
	zassert_true(job->done);
	started[thread] = false;
}

void pause_ms(int milliseconds)
{
	k_msleep(milliseconds);
}

void after_each(void *fixture)
{
	ARG_UNUSED(fixture);

	for (int i = 0; i < ARRAY_SIZE(wires); i++) {
		edges_stop(i);
		capture_close(i);
	}
	/* A failed case may have left some asleep; the end of the captures has woken them. */
	for (int i = 0; i < THREADS; i++) {
		if (started[i]) {
			zassert_ok(k_thread_join(&threads[i], K_MSEC(1000)));
			started[i] = false;
		}
	}
	while (open_fd_count > 0) {
		(void)zvfs_close(open_fds[--open_fd_count]);
	}
	for (int i = 0; i < ARRAY_SIZE(wires); i++) {
		capture_drop_reader(i);
	}
}
