/*
 * SPDX-License-Identifier: Apache-2.0
 */

#include "support.h"

#include <zephyr/drivers/gpio.h>
#include <zephyr/drivers/gpio/gpio_emul.h>
#include <zephyr/fatal.h>

/* The user runs first, so it finds what there is. */
#define USER_PRIORITY   2
#define KEEPER_PRIORITY 3

#define PINS  7
#define EDGES 24

K_APPMEM_PARTITION_DEFINE(shared_partition);
SHARED uint8_t shared[256] __aligned(8);
SHARED volatile int said;
uint8_t kernel_memory[256];

struct k_thread user;
static K_HEAP_DEFINE(pool, 512);
static K_THREAD_STACK_DEFINE(user_stack, 1024);
static volatile bool faulted;

static struct k_thread keeper;
static K_THREAD_STACK_DEFINE(keeper_stack, 2048);
static int kept;
static int skipped;
static uint8_t last;

static struct wire {
	struct k_timer timer;
	int left;
	bool level;
} wires[PINS];

/* Only the thread in user mode may end by a fault. */
void k_sys_fatal_error_handler(unsigned int reason, const struct arch_esf *esf)
{
	ARG_UNUSED(esf);

	if (k_current_get() != &user) {
		TC_PRINT("not in the thread in user mode\n");
		k_fatal_halt(reason);
	}
	faulted = true;
}

static void next_edge(struct k_timer *timer)
{
	struct wire *wire = CONTAINER_OF(timer, struct wire, timer);

	wire->level = !wire->level;
	zassert_ok(gpio_emul_input_set(PORT, wire - wires, wire->level));
	wire->left--;
	if (wire->left == 0) {
		k_timer_stop(timer);
	}
}

void edges_soon(int pin, int count)
{
	wires[pin].left = count;
	k_timer_start(&wires[pin].timer, K_MSEC(1), K_MSEC(1));
}

void start(k_thread_entry_t entry, void *arg)
{
	faulted = false;
	said = 0;
	k_thread_create(&user, user_stack, K_THREAD_STACK_SIZEOF(user_stack), entry, arg, NULL, NULL,
			USER_PRIORITY, K_USER, K_FOREVER);
	k_object_access_grant(PULSES, &user);
	k_thread_heap_assign(&user, &pool);
	zassert_ok(k_mem_domain_add_thread(&k_mem_domain_default, &user));
	k_thread_start(&user);
}

bool ended_by_fault(void)
{
	zassert_ok(k_thread_join(&user, K_SECONDS(2)), "it has not ended");
	return faulted;
}

int runs(k_thread_entry_t entry, void *arg)
{
	start(entry, arg);
	zassert_false(ended_by_fault());
	return said;
}

/* Reads until no edge comes any more. */
static void keep(void *a, void *b, void *c)
{
	struct edgepipe_edge edges[8];
	ssize_t count;

	ARG_UNUSED(a);
	ARG_UNUSED(b);
	ARG_UNUSED(c);

	while ((count = edgepipe_read_edges(PULSES, edges, ARRAY_SIZE(edges), K_MSEC(20))) > 0) {
		for (ssize_t i = 0; i < count; i++) {
			zassert_equal(edges[i].after_gap, 0);
			skipped += (uint8_t)(edges[i].sequence - last - 1);
			last = edges[i].sequence;
		}
		kept += count;
	}
	zassert_equal(count, -EAGAIN);
}

static void check_ledger(int all, int taken)
{
	struct edgepipe_stats stats;

	zassert_ok(edgepipe_stats(PULSES, &stats));
	zassert_equal(stats.captured, all);
	zassert_equal(stats.delivered, all);
	zassert_equal(stats.pending, 0);
	zassert_equal(stats.lost_full + stats.lost_closed + stats.lost_unreadable, 0);
	zassert_equal(stats.missed, 0);
	zassert_equal(kept, all - taken, "%d of %d", kept, all);
	zassert_equal(skipped + (uint8_t)(all - last), taken, "%d skipped", skipped);
}

void check_edges(int all, int taken)
{
	keep(NULL, NULL, NULL);
	check_ledger(all, taken);
}

void ends(k_thread_entry_t entry, void *arg)
{
	k_thread_create(&keeper, keeper_stack, K_THREAD_STACK_SIZEOF(keeper_stack), keep, NULL, NULL,
			NULL, KEEPER_PRIORITY, 0, K_NO_WAIT);
	edges_soon(0, EDGES);
	/* In the middle of the edges. */
	k_msleep(EDGES / 2);
	start(entry, arg);
	zassert_true(ended_by_fault(), "it goes on, and says %d", said);
	zassert_ok(k_thread_join(&keeper, K_SECONDS(2)));
	check_ledger(EDGES, 0);
}

void before_each(void *fixture)
{
	static bool is_added;

	ARG_UNUSED(fixture);

	if (!is_added) {
		is_added = true;
		zassert_ok(k_mem_domain_add_partition(&k_mem_domain_default, &shared_partition));
	}
	for (int pin = 0; pin < PINS; pin++) {
		k_timer_init(&wires[pin].timer, next_edge, NULL);
		wires[pin].level = false;
		zassert_ok(gpio_pin_configure(PORT, pin, GPIO_INPUT));
		zassert_ok(gpio_emul_input_set(PORT, pin, 0));
	}
	kept = 0;
	skipped = 0;
	last = 0;
	memset(shared, 0, sizeof(shared));
	memset(kernel_memory, 0xaa, sizeof(kernel_memory));
	STRUCT_SECTION_FOREACH(device, dev) {
		if (edgepipe_is_capture(dev)) {
			zassert_ok(edgepipe_open(dev));
		}
	}
}

void after_each(void *fixture)
{
	ARG_UNUSED(fixture);

	k_thread_abort(&user);
	STRUCT_SECTION_FOREACH(device, dev) {
		(void)edgepipe_close(dev);
	}
	for (int pin = 0; pin < PINS; pin++) {
		k_timer_stop(&wires[pin].timer);
	}
	for (size_t i = 0; i < sizeof(kernel_memory); i++) {
		zassert_equal(kernel_memory[i], 0xaa, "byte %u was written", (unsigned int)i);
	}
}
