/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * What the groups of measurements have in common: a reader thread, and one line a figure.
 */

#ifndef EDGEPIPE_BENCHES_HARNESS_H_
#define EDGEPIPE_BENCHES_HARNESS_H_

#include "count.h"
#include "mechanism.h"

#if defined(CONFIG_ARCH_POSIX) && __has_include(<valgrind/callgrind.h>)
#define HAVE_CALLGRIND
#include <valgrind/callgrind.h>

/** Counts the instructions of a statement where valgrind does. */
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

/** What the interrupts cost, while port_measures. */
extern struct tally harness_tally;

/** Creates the reader, which waits for something to do. */
void harness_init(void);

/** Has the reader run `body`, which it does at once if main has MAIN_PRIORITY. */
void reader_start(void (*body)(void));

/** Waits until the reader has returned from what it was started with. */
void reader_join(void);

/** Makes edges of so many lines in turn, while no other thread runs, and measures their handlers. */
void harness_fill(struct tally *tally, uint32_t edges, uint32_t lines);

/** Measures and reports what every handler has to do, and returns it. */
uint32_t measure_rest(void);

/** Prints a figure: `bench: GROUP SUBJECT PARAMETERS FIGURE VALUE`. */
void report_count(const char *group, const char *subject, const char *parameters, const char *figure,
	    uint32_t value);

/** As report_count(), for instructions, where they can be counted. */
void report(const char *group, const char *subject, const char *parameters, const char *figure,
	    uint32_t instructions);

/** As report(), for `instructions` divided by `among`, with a decimal. */
void report_ratio(const char *group, const char *subject, const char *parameters,
		  const char *figure, uint32_t instructions, uint32_t among);

/** Has callgrind, if this runs under it, write what MEASURED() counted since the last time. */
void report_callgrind(const char *group, const char *subject, const char *parameters);

/** Ends a run that did not do what it should: its figures would be of something else. */
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
