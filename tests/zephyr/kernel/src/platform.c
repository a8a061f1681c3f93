/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The port and the threads of the cases.
 */

#include <zephyr/drivers/gpio.h>
#include <zephyr/irq_offload.h>
#include <zephyr/kernel.h>
#include <zephyr/kernel_version.h>

/* The most threads that run at a time in any case. */
#define THREADS 3

const struct device *const kernel_port = DEVICE_DT_GET(DT_NODELABEL(gpio_emul));

/* 4.1.99 is what became 4.2. */
void kernel_release(uint32_t *major, uint32_t *minor)
{
	uint32_t version = sys_kernel_version_get();

	*major = SYS_KERNEL_VER_MAJOR(version);
	*minor = SYS_KERNEL_VER_MINOR(version) + (SYS_KERNEL_VER_PATCHLEVEL(version) == 99 ? 1 : 0);
}

K_THREAD_STACK_ARRAY_DEFINE(stacks, THREADS, 2048);
static struct k_thread threads[THREADS];
static bool busy[THREADS];

static void run(void *entry, void *body, void *p3)
{
	ARG_UNUSED(p3);
	((void (*)(void *))entry)(body);
}

int kernel_spawn(int priority, void (*entry)(void *), void *body)
{
	for (int i = 0; i < THREADS; i++) {
		if (!busy[i]) {
			busy[i] = true;
			k_thread_create(&threads[i], stacks[i], K_THREAD_STACK_SIZEOF(stacks[i]),
					run, entry, body, NULL, priority, 0, K_NO_WAIT);
			return i;
		}
	}
	k_panic();
	return -1;
}

void kernel_join(int thread)
{
	k_thread_join(&threads[thread], K_FOREVER);
	busy[thread] = false;
}

/* Called in C, because the linker resolves Rust's symbols when it has passed the kernel. */
void kernel_interrupt(void (*routine)(const void *), const void *parameter)
{
	irq_offload(routine, parameter);
}
