/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Rust code in user mode, with all memory that it needs: where the library takes a lock, it ends the thread.
 */

#include "support.h"

ZTEST_SUITE(calls, NULL, NULL, before_each, after_each, NULL);

#define RAM DT_CHOSEN(zephyr_sram)

/* All RAM. Armv8-M has no partition over others. */
static struct k_mem_partition everything = {
	.start = DT_REG_ADDR(RAM),
	.size = DT_REG_SIZE(RAM),
	.attr = K_MEM_PARTITION_P_RW_U_RW,
};

static struct k_mem_domain domain;

static void calls_rust(void *a, void *b, void *c)
{
	k_msleep(2);
	/* It can read and write what is the kernel's. */
	said = kernel_memory[0] == 0xaa ? 1 : 2;
	edgepipe_flush(PULSES);
	said = 3;
}

ZTEST(calls, test_a_lock_in_user_mode)
{
	if (IS_ENABLED(CONFIG_CPU_CORTEX_M33)) {
		ztest_test_skip();
	}
	start(calls_rust, NULL);
	zassert_ok(k_mem_domain_init(&domain, 0, NULL));
	zassert_ok(k_mem_domain_add_partition(&domain, &everything));
	zassert_ok(k_mem_domain_add_thread(&domain, &user));
	edges_soon(0, 10);
	zassert_true(ended_by_fault());
	zassert_equal(said, 1, "%d", said);
	k_msleep(10);
	check_edges(10, 0);
}
