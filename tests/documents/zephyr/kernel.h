/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Stands in for Zephyr's header where C of the documents is checked on the host: what they use, declared.
 */

#include <stdint.h>

typedef struct {
	int64_t ticks;
} k_timeout_t;

#define K_FOREVER ((k_timeout_t){-1})
#define K_NO_WAIT ((k_timeout_t){0})
#define K_MSEC(ms) ((k_timeout_t){(ms)})

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

struct k_pipe;

struct k_msgq {
	int unused;
};

#define K_MSGQ_DEFINE(name, size, count, alignment) struct k_msgq name

int k_msgq_put(struct k_msgq *queue, const void *message, k_timeout_t timeout);
int k_msgq_get(struct k_msgq *queue, void *message, k_timeout_t timeout);
uint32_t k_cycle_get_32(void);

__attribute__((format(printf, 1, 2))) void printk(const char *format, ...);
