/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Random operations on the descriptors of one capture, by several threads, compared with a model. The
 * model knows how many records are pending, and so which threads may sleep.
 *
 * After each operation all threads run until they sleep. Then a thread that has returned must have had a
 * reason, and a thread that sleeps must have none.
 */

#include "support.h"

#ifdef CONFIG_ARCH_POSIX
#include <cmdline.h>
#include <posix_native_task.h>
#define OPERATIONS 30000
#else
#define OPERATIONS 600
#endif

#define WORKERS 4
#define FDS     3

/** The priority of the case: some workers have a higher one, some a lower one. */
#define PRIORITY K_PRIO_PREEMPT(4)

/** A thread that reads or polls without a time-out, and its parameters. */
static struct worker {
	struct k_thread thread;
	struct k_sem go;
	enum { IDLE, READS, POLLS, QUITS } state;
	volatile bool done;
	/* Reads: the descriptor, and the number of records to read. */
	int fd;
	int records;
	uint8_t buf[BYTES(CAPACITY)];
	/* Polls: one or two descriptors. */
	struct zvfs_pollfd pfds[2];
	int count;
	/* The call's result. */
	int result;
	int error;
} workers[WORKERS];

static K_THREAD_STACK_ARRAY_DEFINE(stacks, WORKERS, 2048);

/** The expected state. */
static struct model {
	bool is_closed;
	/** Records at which the capture is ready. */
	int threshold;
	int pending;
	/** The sequence number of the oldest. */
	uint8_t next;
	/** Open descriptors; -1 for none. */
	int fds[FDS];
} model;

/* From the command line, if there is one. */
static uint32_t seed = UINT32_MAX;
static uint32_t state;
static int operation;

static uint32_t below(uint32_t limit)
{
	state ^= state << 13;
	state ^= state >> 17;
	state ^= state << 5;
	return state % limit;
}

#define CHECK(cond, what, ...)                                                                     \
	zassert_true(cond, "seed %u, operation %d: " what, seed, operation, ##__VA_ARGS__)

static bool is_open(int fd)
{
	return fd == model.fds[0] || fd == model.fds[1] || fd == model.fds[2];
}

static bool is_ready(int pending)
{
	return model.is_closed || pending >= model.threshold;
}

static bool is_readable(int pending, int records)
{
	return is_ready(pending) || pending >= records;
}

/** The events that a poll reports for a descriptor while `pending` records are pending. */
static short events_of(const struct zvfs_pollfd *pfd, int pending)
{
	if (!is_open(pfd->fd)) {
		return ZVFS_POLLNVAL;
	}
	return (is_ready(pending) ? pfd->events & ZVFS_POLLIN : 0) |
	       (model.is_closed ? ZVFS_POLLHUP : 0);
}

static void work(void *p1, void *p2, void *p3)
{
	struct worker *self = p1;

	while (true) {
		k_sem_take(&self->go, K_FOREVER);
		if (self->state == QUITS) {
			return;
		}
		if (self->state == READS) {
			self->result = fd_read(self->fd, self->buf, BYTES(self->records));
		} else {
			self->result = zvfs_poll(self->pfds, self->count, -1);
		}
		self->error = errno;
		self->done = true;
	}
}

/* Takes records from the model, oldest first: those of the reads in `taken`, one after the other. */
static void take(const struct worker **taken, int count)
{
	while (count > 0) {
		int i = 0;

		while (i < count && edgepipe_sequence(edgepipe_record(taken[i]->buf)) != model.next) {
			i++;
		}
		CHECK(i < count, "nobody has read record %u, which was the next", model.next);
		for (int at = 0; at < taken[i]->result; at += BYTES(1)) {
			CHECK(edgepipe_sequence(edgepipe_record(&taken[i]->buf[at])) == model.next,
			      "a read has no order");
			model.next++;
			model.pending--;
		}
		taken[i] = taken[--count];
	}
	CHECK(model.pending >= 0, "more was read than was pending");
}

static void check_read(const struct worker *worker)
{
	if (!is_open(worker->fd)) {
		CHECK(worker->result == -1 && worker->error == EBADF,
		      "a read of a closed descriptor returned %d", worker->result);
	} else if (worker->result <= 0) {
		CHECK(worker->result == 0 && model.is_closed, "a read returned %d, errno %d",
		      worker->result, worker->error);
	} else {
		CHECK(worker->result % BYTES(1) == 0 && worker->result <= BYTES(worker->records),
		      "a read of %d returned %d", worker->records, worker->result);
		CHECK(is_readable(worker->result / BYTES(1), worker->records),
		      "a read of %d records returned with %d, which are too few", worker->records,
		      worker->result / BYTES(1));
	}
}

static void check_poll(const struct worker *worker, int pending)
{
	int reported = 0;

	for (int i = 0; i < worker->count; i++) {
		const struct zvfs_pollfd *pfd = &worker->pfds[i];
		/* A read may have been faster, but then the poll must sleep on. */
		short must = events_of(pfd, model.pending);
		short may = events_of(pfd, pending);

		CHECK((pfd->revents & ~may) == 0 && (must & ~pfd->revents) == 0,
		      "a poll reports %x, and %x to %x would be right", pfd->revents, must, may);
		reported += pfd->revents != 0;
	}
	CHECK(worker->result == reported && reported > 0, "a poll returned %d, of %d", worker->result,
	      reported);
}

static void check_asleep(const struct worker *worker)
{
	if (worker->state == READS) {
		CHECK(is_open(worker->fd) && !is_readable(model.pending, worker->records),
		      "a read of %d sleeps on, with %d pending", worker->records, model.pending);
		return;
	}
	for (int i = 0; i < worker->count; i++) {
		CHECK(events_of(&worker->pfds[i], model.pending) == 0,
		      "a poll sleeps on, with %d pending", model.pending);
	}
}

/* Lets all threads run until they sleep, and checks each. */
static void settle(void)
{
	const struct worker *taken[WORKERS];
	int pending = model.pending;
	int count = 0;

	pause_ms(1);
	ARRAY_FOR_EACH_PTR(workers, worker) {
		if (worker->state == READS && worker->done) {
			check_read(worker);
			if (worker->result > 0) {
				taken[count++] = worker;
			}
		}
	}
	take(taken, count);
	ARRAY_FOR_EACH_PTR(workers, worker) {
		if (worker->state == POLLS && worker->done) {
			check_poll(worker, pending);
		}
		if (worker->state != IDLE && !worker->done) {
			check_asleep(worker);
		}
		worker->state = worker->done ? IDLE : worker->state;
	}
	CHECK(capture_is_ready(0) == is_ready(model.pending), "ready, or not, with %d",
	      model.pending);
}

static int any_fd(void)
{
	return model.fds[below(FDS)];
}

/* Not more edges than fit, so that none is lost. */
static void do_edges(void)
{
	int count = 1 + below(3);

	count = MIN(count, CAPACITY - model.pending);
	if (!model.is_closed && count > 0) {
		model.pending += count;
		edges(0, count);
	}
}

static void do_open_fd(void)
{
	int *place = &model.fds[below(FDS)];

	if (*place < 0) {
		*place = open_another(0);
	}
}

static void do_close_fd(void)
{
	int *place = &model.fds[below(FDS)];

	if (*place >= 0) {
		close_now(*place);
		*place = -1;
	}
}

/* A read in this thread, which must not sleep. */
static void read_here(int fd, int records)
{
	static struct worker self;
	const struct worker *taken[] = {&self};

	self.result = fd_read(fd, self.buf, BYTES(records));
	if (model.pending == 0) {
		CHECK(model.is_closed ? self.result == 0 : self.result == -1 && errno == EAGAIN,
		      "a read of nothing returned %d", self.result);
		return;
	}
	CHECK(self.result == BYTES(MIN(records, model.pending)), "a read of %d of %d returned %d",
	      records, model.pending, self.result);
	take(taken, 1);
}

static void do_read(void)
{
	int fd = any_fd();
	int records = 1 + below(CAPACITY);

	if (fd < 0) {
		return;
	}
	if (is_readable(model.pending, records)) {
		read_here(fd, records);
		return;
	}
	zassert_ok(edgepipe_fd_fcntl(fd, ZVFS_F_SETFL, ZVFS_O_NONBLOCK));
	read_here(fd, records);
	zassert_ok(edgepipe_fd_fcntl(fd, ZVFS_F_SETFL, 0));
}

static void do_read_in_rust(void)
{
	int records = 1 + below(CAPACITY);
	int got = capture_try_read(0, records);

	if (model.pending == 0) {
		CHECK(got == (model.is_closed ? 0 : -EAGAIN), "Rust's read returned %d", got);
		return;
	}
	records = MIN(records, model.pending);
	CHECK(got == BYTES(records), "Rust's read returned %d", got);
	model.pending -= records;
	model.next += records;
}

static void do_look(void)
{
	struct zvfs_pollfd pfd = {.fd = any_fd(), .events = below(2) ? ZVFS_POLLIN : 0};

	if (pfd.fd >= 0) {
		short expected = events_of(&pfd, model.pending);
		short events = poll_one(pfd.fd, pfd.events, below(3));
		int bytes = readable_bytes(pfd.fd);

		CHECK(events == expected, "a poll here reports %x, not %x", events, expected);
		CHECK(bytes == BYTES(model.pending), "FIONREAD says %d", bytes);
	}
}

static struct worker *idle_worker(void)
{
	struct worker *worker = &workers[below(WORKERS)];

	return worker->state == IDLE ? worker : NULL;
}

static void do_start_read(void)
{
	struct worker *worker = idle_worker();
	int fd = any_fd();

	if (worker != NULL && fd >= 0) {
		worker->state = READS;
		worker->fd = fd;
		worker->records = 1 + below(CAPACITY);
		worker->done = false;
		k_sem_give(&worker->go);
	}
}

static void do_start_poll(void)
{
	struct worker *worker = idle_worker();
	int fds[] = {any_fd(), any_fd()};

	if (worker != NULL && fds[0] >= 0 && fds[1] >= 0) {
		worker->state = POLLS;
		worker->count = 1 + below(2);
		for (int i = 0; i < 2; i++) {
			worker->pfds[i].fd = fds[i];
			worker->pfds[i].events = below(4) ? ZVFS_POLLIN : ZVFS_POLLOUT;
		}
		worker->done = false;
		k_sem_give(&worker->go);
	}
}

static void do_set_threshold(void)
{
	model.threshold = 1 + below(CAPACITY);
	zassert_ok(capture_set_threshold(0, model.threshold));
}

static void do_close_capture(void)
{
	if (below(8) == 0) {
		model.is_closed = true;
		capture_close(0);
	}
}

/* Another use of the capture, and of the slots. */
static void do_reopen(void)
{
	if (!model.is_closed || below(4) != 0) {
		return;
	}
	for (int i = 0; i < FDS; i++) {
		if (model.fds[i] >= 0) {
			close_now(model.fds[i]);
			model.fds[i] = -1;
		}
	}
	settle();
	capture_drop_reader(0);
	model = (struct model){.threshold = 1 + below(CAPACITY), .next = 1, .fds = {-1, -1, -1}};
	model.fds[0] = open_ready_at(0, model.threshold);
}

static void (*const operations[])(void) = {
	do_edges,      do_edges,      do_edges,        do_edges,         do_edges,
	do_open_fd,    do_close_fd,   do_read,         do_read_in_rust,  do_look,
	do_start_read, do_start_read, do_start_poll,   do_start_poll,    do_set_threshold,
	do_close_capture, do_reopen,
};

static void start_workers(void)
{
	for (int i = 0; i < WORKERS; i++) {
		workers[i].state = IDLE;
		k_sem_init(&workers[i].go, 0, 1);
		k_thread_create(&workers[i].thread, stacks[i], K_THREAD_STACK_SIZEOF(stacks[i]),
				work, &workers[i], NULL, NULL,
				i % 2 == 0 ? PRIORITY - 1 - i : PRIORITY + 1 + i, 0, K_NO_WAIT);
	}
}

/* The calls in which they sleep have ended, if the case has passed. */
static void end_workers(void)
{
	for (int i = 0; i < WORKERS; i++) {
		workers[i].state = QUITS;
		k_sem_give(&workers[i].go);
		zassert_ok(k_thread_join(&workers[i].thread, K_MSEC(1000)), "worker %d sleeps", i);
	}
}

ZTEST(random, test_any_operations_agree_with_the_model)
{
	int priority = k_thread_priority_get(k_current_get());

	seed = seed == UINT32_MAX ? 1 : seed;
	TC_PRINT("seed %u, %d operations\n", seed, OPERATIONS);
	state = seed;
	k_thread_priority_set(k_current_get(), PRIORITY);
	start_workers();
	model = (struct model){.threshold = 2, .next = 1, .fds = {-1, -1, -1}};
	model.fds[0] = open_ready_at(0, model.threshold);
	for (operation = 0; operation < OPERATIONS; operation++) {
		operations[below(ARRAY_SIZE(operations))]();
		settle();
	}
	model.is_closed = true;
	capture_close(0);
	settle();
	end_workers();
	k_thread_priority_set(k_current_get(), priority);
}

ZTEST_SUITE(random, NULL, NULL, NULL, after_each, NULL);

#ifdef CONFIG_ARCH_POSIX
static struct args_struct_t options[] = {
	{.option = "random", .name = "seed", .type = 'u', .dest = &seed,
	 .descript = "Seed of the random operations, not 0"},
	ARG_TABLE_ENDMARKER,
};

static void add_options(void)
{
	native_add_command_line_opts(options);
}

NATIVE_TASK(add_options, PRE_BOOT_1, 1);
#endif
