/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * A thread in user mode, beside a reader in supervisor mode that must not notice it.
 */

#ifndef EDGEPIPE_TESTS_USER_SUPPORT_H_
#define EDGEPIPE_TESTS_USER_SUPPORT_H_

#include <errno.h>
#include <string.h>

#include <zephyr/app_memory/app_memdomain.h>
#include <zephyr/kernel.h>
#include <zephyr/ztest.h>

#include <edgepipe/edgepipe.h>

#define PULSES  DEVICE_DT_GET(DT_NODELABEL(pulses))
#define SECOND  DEVICE_DT_GET(DT_NODELABEL(second))
#define PIPED   DEVICE_DT_GET(DT_NODELABEL(piped))
#define SAMPLER DEVICE_DT_GET(DT_NODELABEL(sampler))
#define SECRET  DEVICE_DT_GET(DT_NODELABEL(secret))
#define PORT    DEVICE_DT_GET(DT_NODELABEL(gpio_emul))

/** Memory of all threads in user mode. */
extern struct k_mem_partition shared_partition;
#define SHARED K_APP_BMEM(shared_partition)

/** In that memory: where calls put their results, and what the thread says. */
extern uint8_t shared[256];
extern volatile int said;

/** Memory of the kernel. */
extern uint8_t kernel_memory[256];

/** The thread in user mode. It has PULSES, and memory of its own only on its stack. */
extern struct k_thread user;

/** Changes a pin `count` times in interrupts, once a millisecond, beginning in a millisecond. */
void edges_soon(int pin, int count);

/** Starts `entry` in user mode, with `arg`, its address for example, as the first argument. */
void start(k_thread_entry_t entry, void *arg);

/** Waits until the thread has ended; returns whether by a fault. */
bool ended_by_fault(void);

/**
 * Whether it ends by a fault, while a reader in supervisor mode gets every edge of PULSES: in order, and as the ledger
 * says.
 */
void ends(k_thread_entry_t entry, void *arg);

/** Runs it to its end, without a fault; returns what it said. */
int runs(k_thread_entry_t entry, void *arg);

/** Reads PULSES until no edge comes any more, and checks that only `taken` are missing. */
void check_edges(int all, int taken);

/** A case in which the thread must end. */
#define ENDS(suite, name, arg)                                                                     \
	static void name(void *a, void *b, void *c);                                               \
	ZTEST(suite, test_##name)                                                                  \
	{                                                                                          \
		ends(name, (void *)(arg));                                                         \
	}                                                                                          \
	static void name(void *a, void *b, void *c)

void before_each(void *fixture);
void after_each(void *fixture);

#endif /* EDGEPIPE_TESTS_USER_SUPPORT_H_ */
