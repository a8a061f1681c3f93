/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The ways to pass edges from an interrupt to a thread: edgepipe, and the alternatives in Zephyr and
 * Rust. Each is used as its own documentation recommends, with the same record and the same reader.
 */

#ifndef EDGEPIPE_BENCHES_MECHANISM_H_
#define EDGEPIPE_BENCHES_MECHANISM_H_

#include <stddef.h>
#include <stdint.h>

#include <zephyr/drivers/gpio.h>
#include <zephyr/kernel.h>

/** Records that every mechanism has room for; edgepipe is also measured with other numbers. */
#define CAPACITY 128

/** The same eight bytes for all mechanisms, though not exactly edgepipe's format. */
struct record {
	uint32_t cycles;
	uint16_t reserved;
	uint8_t line_and_level;
	uint8_t sequence;
};

/** edgepipe also has gap records, where edges were lost. */
#define IS_EDGE(record) ((record)->line_and_level >> 6 == 0)

BUILD_ASSERT(sizeof(struct record) == 8);

/** The parameters of a mechanism. */
struct setup {
	/** Lines 0 to `lines` - 1 are captured. */
	uint32_t lines;
	/** Records that there is room for; for edgepipe only. */
	uint32_t capacity;
	/**
	 * Records that wake the reader. With 0, a mechanism that counts wakes it when the buffer is full, and
	 * the others never do.
	 */
	uint32_t threshold;
};

/** A way to pass edges from an interrupt to a thread. */
struct mechanism {
	const char *name;
	/** It counts records itself, so it knows when its buffer is full. */
	bool counts;
	/** It has its own thread, which every record wakes. */
	bool has_thread;
	void (*open)(const struct setup *setup);
	void (*close)(void);
	/** Sleeps until the threshold is reached, then takes all records, up to `most`. */
	size_t (*wait)(struct record *records, size_t most);
	/** Takes all records, up to `most`. */
	size_t (*take)(struct record *records, size_t most);
};

extern const struct mechanism mechanism_edgepipe;
extern const struct mechanism mechanism_edgepipe_edges;
/** Delivers through a pipe. */
extern const struct mechanism mechanism_edgepipe_pipe;
extern const struct mechanism mechanism_by_hand;
extern const struct mechanism mechanism_pipe;
extern const struct mechanism mechanism_msgq;
extern const struct mechanism mechanism_ring_buffer;
extern const struct mechanism mechanism_input;
extern const struct mechanism mechanism_fifo;
extern const struct mechanism mechanism_zbus;
extern const struct mechanism mechanism_rtio;
extern const struct mechanism mechanism_rust_channel;
extern const struct mechanism mechanism_embassy_channel;
extern const struct mechanism mechanism_embassy_pipe;
extern const struct mechanism mechanism_heapless_spsc;

/** The mechanisms above, edgepipe first. */
extern const struct mechanism *const mechanisms[];
extern const size_t mechanisms_count;

/** Registers `handler` for edges of `lines` lines. */
void listen(gpio_callback_handler_t handler, uint32_t lines);

/** Undoes listen(). */
void unlisten(void);

/** A threshold for mechanisms that have none: count, and give a semaphore. */
struct batch {
	uint32_t threshold;
	uint32_t stored;
	struct k_sem ready;
};

extern struct batch batch;

void batch_begin(uint32_t threshold);

/** Counts a record, in the interrupt handler. */
static inline void batch_count(void)
{
	batch.stored++;
	if (batch.stored == batch.threshold) {
		batch.stored = 0;
		k_sem_give(&batch.ready);
	}
}

/**
 * With a threshold of 1, uses the mechanism's own wait, `first`; otherwise waits for a batch, and takes
 * it.
 */
size_t batch_wait(size_t (*first)(struct record *record),
		  size_t (*take)(struct record *records, size_t most), struct record *records,
		  size_t most);

/** Calls `put` with a record for each of `pins`. */
static ALWAYS_INLINE void each_record(const struct device *port, gpio_port_pins_t pins,
				      void (*put)(const struct record *record))
{
	static uint8_t sequence;
	gpio_port_value_t levels;
	uint32_t cycles;

	(void)gpio_port_get_raw(port, &levels);
	cycles = k_cycle_get_32();
	for (; pins != 0; pins &= pins - 1) {
		uint32_t pin = find_lsb_set(pins) - 1;
		const struct record record = {
			.cycles = cycles,
			.line_and_level = pin | ((levels >> pin) & 1) << 5,
			.sequence = sequence++,
		};

		put(&record);
	}
}

/** Defines a mechanism that has four functions. */
#define MECHANISM_DEFINE(id, label, reset, put, first, take_)                                      \
	static void id##_handler(const struct device *port, struct gpio_callback *callback,        \
				 gpio_port_pins_t pins)                                            \
	{                                                                                          \
		ARG_UNUSED(callback);                                                              \
		each_record(port, pins, put);                                                      \
	}                                                                                          \
	static ALWAYS_INLINE void id##_put_and_count(const struct record *record)                  \
	{                                                                                          \
		put(record);                                                                       \
		batch_count();                                                                     \
	}                                                                                          \
	static void id##_counting(const struct device *port, struct gpio_callback *callback,       \
				  gpio_port_pins_t pins)                                           \
	{                                                                                          \
		ARG_UNUSED(callback);                                                              \
		each_record(port, pins, id##_put_and_count);                                       \
	}                                                                                          \
	static void id##_open(const struct setup *setup)                                           \
	{                                                                                          \
		reset();                                                                           \
		batch_begin(setup->threshold);                                                     \
		listen(setup->threshold > 1 ? id##_counting : id##_handler, setup->lines);         \
	}                                                                                          \
	static size_t id##_wait(struct record *records, size_t most)                               \
	{                                                                                          \
		return batch_wait(first, take_, records, most);                                    \
	}                                                                                          \
	const struct mechanism mechanism_##id = {                                                  \
		.name = label,                                                                     \
		.open = id##_open,                                                                 \
		.close = unlisten,                                                                 \
		.wait = id##_wait,                                                                 \
		.take = take_,                                                                     \
	}

#endif /* EDGEPIPE_BENCHES_MECHANISM_H_ */
