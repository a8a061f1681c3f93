/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The host-side functions that the native_sim runner calls: command line, stimulus file, capture file
 * and summary. Implemented in Rust (app/files/src/ffi.rs), so that native_sim and the host program
 * read and write exactly the same files. Build the library with
 *
 *   cargo rustc -p edgepipe-host --lib --crate-type staticlib
 *
 * The order of calls in a run:
 *
 *   open, config, begin, { next | edge | woken }..., finish
 *
 * There is one session per process. Every function may be called from any thread. None calls back.
 * Strings are UTF-8 and end with a zero byte. No pointer passed in is kept. Messages are one line on
 * standard error, and are printed before a function returns a failure.
 */

#ifndef EDGEPIPE_HOST_H_
#define EDGEPIPE_HOST_H_

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The most lines. */
#define EDGEPIPE_HOST_LINES_MAX 32

/** The parts of the command line that the application needs. */
struct edgepipe_host_config {
	/** How long the oldest record waits at most until the reader wakes, in microseconds; 0 for ever. */
	uint64_t flush_after_us;
	/** The reader wakes when records are pending and no edge came for so many microseconds; 0 for never. */
	uint64_t idle_after_us;
	/** Lines of the recording, 1 to EDGEPIPE_HOST_LINES_MAX; 0 if the application plays its own. */
	uint32_t lines;
	/** Their levels at time 0: bit n is line n, 1 is high. Set them before interrupts are on. */
	uint32_t initial_levels;
	/** Size of the capture buffer in records, 1 to 65536. */
	uint32_t capacity;
	/** Room for records behind the capacity; together at most 65536. */
	uint32_t headroom;
	/** Pending records that wake the reader, 1 to the capacity; 0 for a full buffer. */
	uint32_t threshold;
	/** How long a level must be stable to be captured, in microseconds; 0 for no debouncing. */
	uint32_t debounce_us;
	/** 1 if the summary is printed as JSON. */
	uint8_t json;
	/** 1 if records are delivered through a pipe; 0 if the reader takes them. */
	uint8_t pipe;
	/** 1 if all edges are lost from the first that finds no room until the buffer is read empty. */
	uint8_t freeze;
	/** The edges to capture: 0 for both, 1 for rising ones, 2 for falling ones. */
	uint8_t trigger;
	/** The unit of the times that edgepipe_host_edge() returns, as text. */
	char unit[27];
};

/** One line changes its level. */
struct edgepipe_host_event {
	/** When, in microseconds of simulated time from time 0. Never less than the event before. */
	uint64_t at_us;
	/** Which line, counted from 0. */
	uint8_t line;
	/** 1 for high, 0 for low. */
	uint8_t level;
};

/** One edge that was read, without its time. */
struct edgepipe_host_edge {
	/** Edges that were lost directly before this one. */
	uint32_t lost_before;
	/** If any were: the levels of all lines before this one, bit n for line n. */
	uint32_t levels_before;
	/** Which line, counted from 0. */
	uint8_t line;
	/** 1 for high, 0 for low. */
	uint8_t level;
};

/** What the application counted. */
struct edgepipe_host_summary {
	/** Edges that reached the capture: delivered + pending + lost. */
	uint64_t captured;
	/** Records that were read. */
	uint64_t delivered;
	/** Records still in the buffer. */
	uint64_t pending;
	/** Edges for which there was no record, because the buffer was full. */
	uint64_t lost_full;
	/** The same, because it had been full and was not yet read empty. */
	uint64_t lost_frozen;
	/** The same, because the capture was being closed. */
	uint64_t lost_closed;
	/** The same, because the level could not be read. */
	uint64_t lost_unreadable;
	/** Rising edges that the GPIO controller did not report. */
	uint64_t missed_rising;
	/** Falling edges that the GPIO controller did not report. */
	uint64_t missed_falling;
	/** The most records ever pending. */
	uint64_t high_water;
	/** How often the reader was woken. */
	uint64_t wakes;
	/** Delivered edges of each line; those of lines that do not exist are ignored. */
	uint64_t edges_per_line[EDGEPIPE_HOST_LINES_MAX];
};

#ifdef __cplusplus
static_assert(sizeof(struct edgepipe_host_config) == 72, "layout differs from ffi.rs");
static_assert(sizeof(struct edgepipe_host_edge) == 12, "layout differs from ffi.rs");
static_assert(sizeof(struct edgepipe_host_event) == 16, "layout differs from ffi.rs");
static_assert(sizeof(struct edgepipe_host_summary) == 344, "layout differs from ffi.rs");
#else
_Static_assert(sizeof(struct edgepipe_host_config) == 72, "layout differs from ffi.rs");
_Static_assert(sizeof(struct edgepipe_host_edge) == 12, "layout differs from ffi.rs");
_Static_assert(sizeof(struct edgepipe_host_event) == 16, "layout differs from ffi.rs");
_Static_assert(sizeof(struct edgepipe_host_summary) == 344, "layout differs from ffi.rs");
#endif

/**
 * Read the command line and open the stimulus, which is checked from end to end.
 *
 * A session that was open is discarded.
 *
 * @param argc number of arguments
 * @param argv the arguments; the first is the program's name
 * @retval 0 go on
 * @retval 1 exit with this status: the stimulus cannot be used
 * @retval 2 exit with this status: the command line is wrong
 * @retval -1 exit with status 0: --help, --version or --list was given, and its text is printed
 */
int edgepipe_host_open(int argc, const char *const *argv);

/**
 * Get the parts of the command line that the application needs.
 *
 * @param out filled in; all zero if no session is open
 */
void edgepipe_host_config(struct edgepipe_host_config *out);

/**
 * Create the capture file, if --capture asks for one.
 *
 * With a stimulus its lines are used, and the arguments are ignored; without one the application
 * describes its own.
 *
 * @param names the lines' names; may be NULL with a stimulus
 * @param lines the number of lines, 1 to EDGEPIPE_HOST_LINES_MAX
 * @param initial_levels their levels at time 0: bit n is line n, 1 is high
 * @retval 0 go on
 * @retval 1 exit with this status: the capture cannot be written
 */
int edgepipe_host_begin(const char *const *names, uint32_t lines, uint32_t initial_levels);

/**
 * Fetch the next event to replay.
 *
 * @param out filled in if there is one
 * @retval 1 there is one
 * @retval 0 the stimulus is at its end, or there is none
 * @retval -1 exit with status 1: reading the stimulus failed
 */
int edgepipe_host_next(struct edgepipe_host_event *out);

/**
 * After the last event: when the stimulus ends.
 *
 * @return the end of the recording or, after Ctrl-C, the last event, in microseconds of simulated time
 */
uint64_t edgepipe_host_end_us(void);

/**
 * Take one delivered edge, and add it to the capture, if one is written.
 *
 * An error is kept for edgepipe_host_finish().
 *
 * @param at_us when, in microseconds of simulated time from time 0; never less than the edge before, unless lines are
 *              debounced
 * @param edge the edge
 * @return its time on the clock of the recording, in the unit that edgepipe_host_config() gave
 */
uint64_t edgepipe_host_edge(uint64_t at_us, const struct edgepipe_host_edge *edge);

/**
 * Note that the reader woke and has read all pending edges, for the page of --report.
 *
 * @param at_us when it had read them, in microseconds of simulated time from time 0
 * @param edges how many it read
 * @param reason why it woke: the library's edgepipe::Wake as a number, from 1 on
 */
void edgepipe_host_woken(uint64_t at_us, uint64_t edges, uint8_t reason);

/**
 * Complete the capture, give it its name, and print the summary on standard output: one line of
 * JSON with --json, otherwise a few lines of text. Closes the session.
 *
 * If C code has printed to stdout, flush it before.
 *
 * @param summary what the application counted; NULL counts as all zero
 * @retval 0 exit with this status: all is well
 * @retval 1 exit with this status: an edge, the capture or the summary could not be written
 * @retval 3 exit with this status: all is written, but edges were lost, and --allow-loss was not given
 */
int edgepipe_host_finish(const struct edgepipe_host_summary *summary);

/**
 * Forget the session, and remove the unfinished capture. A session that had begun is reported.
 *
 * Call this on every way out of the program; after edgepipe_host_finish() it does nothing.
 */
void edgepipe_host_discard(void);

#ifdef __cplusplus
}
#endif

#endif /* EDGEPIPE_HOST_H_ */
