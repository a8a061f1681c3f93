/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * How long does it take from the interrupt until the reader runs?
 *
 * The time from just before the driver calls the callbacks until the waiting thread has returned from
 * its wait. It is compared only with the semaphore on which everything else is built. The handler of
 * the bare semaphore only gives it; another one first reads the port and the clock and stores one
 * record, as in the other groups.
 */

#include "descriptor.h"
#include "harness.h"
#include "port.h"

#define ROUNDS 8

/* From edgepipe.rs. */
void edgepipe_open(const struct setup *setup);
void edgepipe_close(void);
int edgepipe_fd(void);
void edgepipe_wait_ready(void);
void edgepipe_poller_wait(void);
size_t edgepipe_read(struct record *records, size_t most);
size_t edgepipe_take(struct record *records, size_t most);

/** A way to wait. */
struct waiter {
	const char *name;
	void (*open)(const struct setup *setup);
	void (*close)(void);
	/** Returns when woken. */
	void (*wait)(void);
};

static K_SEM_DEFINE(semaphore, 0, 1);
static struct record records[8];

static void give(const struct device *port, struct gpio_callback *callback, gpio_port_pins_t pins)
{
	ARG_UNUSED(port);
	ARG_UNUSED(callback);
	ARG_UNUSED(pins);
	k_sem_give(&semaphore);
}

static ALWAYS_INLINE void store(const struct record *record)
{
	records[0] = *record;
}

static void store_and_give(const struct device *port, struct gpio_callback *callback,
			   gpio_port_pins_t pins)
{
	ARG_UNUSED(callback);
	each_record(port, pins, store);
	k_sem_give(&semaphore);
}

static void open_bare(const struct setup *setup)
{
	listen(give, setup->lines);
}

static void open_storing(const struct setup *setup)
{
	listen(store_and_give, setup->lines);
}

static void wait_take(void)
{
	k_sem_take(&semaphore, K_FOREVER);
}

static void wait_poll(void)
{
	struct k_poll_event event = K_POLL_EVENT_INITIALIZER(
		K_POLL_TYPE_SEM_AVAILABLE, K_POLL_MODE_NOTIFY_ONLY, &semaphore);

	(void)k_poll(&event, 1, K_FOREVER);
}

/* The reads, which return with the data. */

static void wait_read(void)
{
	(void)edgepipe_read(records, ARRAY_SIZE(records));
}

static void wait_fd_read(void)
{
	(void)descriptor_read(records, 1);
}

static void open_fd(const struct setup *setup)
{
	edgepipe_open(setup);
	descriptor_open(edgepipe_fd());
}

static void close_fd(void)
{
	descriptor_close();
	edgepipe_close();
}

static const struct waiter waiters[] = {
	{"k_sem_take", open_bare, unlisten, wait_take},
	{"k_poll", open_bare, unlisten, wait_poll},
	{"k_sem_take+record", open_storing, unlisten, wait_take},
	{"k_poll+record", open_storing, unlisten, wait_poll},
	{"edgepipe:wait_ready", edgepipe_open, edgepipe_close, edgepipe_wait_ready},
	{"edgepipe:read", edgepipe_open, edgepipe_close, wait_read},
	{"edgepipe:Poller", edgepipe_open, edgepipe_close, edgepipe_poller_wait},
	{"edgepipe:fd_poll", open_fd, close_fd, descriptor_poll},
	{"edgepipe:fd_read", open_fd, close_fd, wait_fd_read},
};

static const struct waiter *waiter;
static uint32_t woken_at;

static void sleep_and_note(void)
{
	waiter->wait();
	woken_at = count_now();
}

void measure_latency(void)
{
	const struct setup setup = {.lines = 1, .capacity = CAPACITY, .threshold = 1};

	ARRAY_FOR_EACH(waiters, i) {
		struct tally tally = TALLY_NONE;

		waiter = &waiters[i];
		waiter->open(&setup);
		for (int round = 0; round < ROUNDS; round++) {
			reader_start(sleep_and_note);
			port_toggle(BIT(0));
			reader_join();
			tally_add(&tally, port_fired_at, woken_at);
			/* Leave nothing for the next round. */
			(void)k_sem_take(&semaphore, K_NO_WAIT);
			if (waiter->open != open_bare && waiter->open != open_storing) {
				(void)edgepipe_take(records, ARRAY_SIZE(records));
			}
		}
		waiter->close();
		report("latency", waiter->name, "threshold=1", "least", tally.least);
		report("latency", waiter->name, "threshold=1", "worst", tally.most);
	}
}
