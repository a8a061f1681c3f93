/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * A reader in user mode, and another one, which reaches for the kernel's memory.
 */

#include <zephyr/app_memory/app_memdomain.h>
#include <zephyr/fatal.h>
#include <zephyr/kernel.h>

#include <edgepipe/edgepipe.h>

#define STACK_SIZE 1024

static const struct device *const pulses = DEVICE_DT_GET(DT_NODELABEL(pulses));

/* Memory of threads in user mode. All other variables are the kernel's. */
K_APPMEM_PARTITION_DEFINE(user_memory);
K_APP_BMEM(user_memory) static uint8_t records[32 * EDGEPIPE_RECORD_BYTES];

static uint8_t secret[32 * EDGEPIPE_RECORD_BYTES];

static struct k_thread reader;
static K_THREAD_STACK_DEFINE(reader_stack, STACK_SIZE);
static struct k_thread intruder;
static K_THREAD_STACK_DEFINE(intruder_stack, STACK_SIZE);

/* In user mode. */
static void read_all(void *a, void *b, void *c)
{
	/* Sleeps until 16 edges are pending. */
	while (edgepipe_wait(pulses, K_FOREVER) > 0) {
		ssize_t size = edgepipe_read(pulses, records, sizeof(records), K_NO_WAIT);

		if (size <= 0) {
			break;
		}
		printk("reader: %d edges\n", (int)(size / EDGEPIPE_RECORD_BYTES));
	}
}

/* In user mode. */
static void read_into_the_kernel(void *kernel_memory, void *b, void *c)
{
	printk("intruder: reads into the memory of the kernel\n");
	edgepipe_read(pulses, kernel_memory, sizeof(secret), K_FOREVER);
	printk("intruder: has done it\n");
}

/* Without this function, Zephyr halts the system. With it, only the thread ends. */
void k_sys_fatal_error_handler(unsigned int reason, const struct arch_esf *esf)
{
	if (k_current_get() != &intruder) {
		k_fatal_halt(reason);
	}
	printk("kernel: ends the intruder\n");
}

/* Starts a thread in user mode, which may use the capture, but neither open nor close it. */
static void start(struct k_thread *thread, k_thread_stack_t *stack, k_thread_entry_t entry, void *arg)
{
	k_thread_create(thread, stack, STACK_SIZE, entry, arg, NULL, NULL, K_PRIO_PREEMPT(1), K_USER,
			K_FOREVER);
	k_object_access_grant(pulses, thread);
	k_thread_start(thread);
}

int main(void)
{
	int err = k_mem_domain_add_partition(&k_mem_domain_default, &user_memory);

	err = err < 0 ? err : edgepipe_open(pulses);
	if (err < 0) {
		printk("it does not begin: %d\n", err);
		return 0;
	}
	start(&reader, reader_stack, read_all, NULL);
	/* Between two reads. */
	k_msleep(240);
	start(&intruder, intruder_stack, read_into_the_kernel, secret);
	return 0;
}
