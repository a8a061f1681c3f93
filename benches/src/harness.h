/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Shared by the groups of measurements: a reader thread, and one line for each figure.
 */

#ifndef EDGEPIPE_BENCHES_HARNESS_H_
#define EDGEPIPE_BENCHES_HARNESS_H_

#include "count.h"
#include "mechanism.h"

#if defined(CONFIG_ARCH_POSIX) && __has_include(<valgrind/callgrind.h>)
#define HAVE_CALLGRIND
#include <valgrind/callgrind.h>

/** Counts the instructions of a statement, if the program runs under valgrind. */
#define MEASURED(statement)                                                                        \
	do {                                                                                       \
		CALLGRIND_TOGGLE_COLLECT;                                                          \
		statement;                                                                         \
		CALLGRIND_TOGGLE_COLLECT;                                                          \
	} while (false)
#else
#define MEASURED(statement) statement
#endif

/*
 * Priorities, the highest first. Usually a reader preempts the main thread, which makes the edges,
 * as soon as it is woken; while a buffer is being filled, it does not.
 */
#define FILLING_PRIORITY K_PRIO_PREEMPT(3)
#define READER_PRIORITY  K_PRIO_PREEMPT(4)
#define MAIN_PRIORITY    K_PRIO_PREEMPT(6)

/** The cost of the interrupts, while port_measures. */
extern struct tally harness_tally;

/** Creates the reader, which waits for reader_start(). */
void harness_init(void);

/** Lets the reader run `body`, at once if main has MAIN_PRIORITY. */
void reader_start(void (*body)(void));

/** Waits until the reader has returned from `body`. */
void reader_join(void);

/** Makes edges of `lines` lines in turn, while no other thread runs, and measures their handlers. */
void harness_fill(struct tally *tally, uint32_t edges, uint32_t lines);

/** Measures and reports the part that every handler has; returns its cost. */
uint32_t measure_rest(void);

/** Prints a figure: `bench: GROUP SUBJECT PARAMETERS FIGURE VALUE`. */
void report_count(const char *group, const char *subject, const char *parameters, const char *figure,
	    uint32_t value);

/** Like report_count(), for instructions, if they can be counted. */
void report(const char *group, const char *subject, const char *parameters, const char *figure,
	    uint32_t instructions);

/** Like report(), for `instructions` divided by `among`, with one decimal. */
void report_ratio(const char *group, const char *subject, const char *parameters,
		  const char *figure, uint32_t instructions, uint32_t among);

/** Under callgrind, writes what MEASURED() has counted since the last call. */
void report_callgrind(const char *group, const char *subject, const char *parameters);

/** Ends a run that went wrong, because its figures would be wrong. */
#define MUST(condition, ...)                                                                       \
	do {                                                                                       \
		if (!(condition)) {                                                                \
			printk("bench: FAIL: " __VA_ARGS__);                                       \
			printk("\n");                                                              \
			k_panic();                                                                 \
		}                                                                                  \
	} while (false)

/* The groups. */
void measure_handler(void);
void measure_latency(void);
void measure_thresholds(void);
void measure_switches(void);
void measure_rate(void);

#endif /* EDGEPIPE_BENCHES_HARNESS_H_ */
