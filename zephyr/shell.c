/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Shell commands to inspect a capture during development. They use the C interface, like the
 * application; a record goes to the first that reads it.
 */

#include <stdlib.h>
#include <string.h>

#include <zephyr/shell/shell.h>

#include <edgepipe/edgepipe.h>

/** Records read at a time. */
#define CHUNK 16

/** Samples read at a time; they are on the stack. */
#define SAMPLES 5

/** How long a watch lasts by default. */
#define WATCH_SECONDS 10

/*
 * Each instance's ledger at the last reset, or zero. It belongs to one use of the instance; another
 * use counts from 0.
 */
static struct edgepipe_stats baselines[EDGEPIPE_COUNT];

static const struct device *instance(const struct shell *sh, const char *name)
{
	const struct device *dev;

	/* Not by device_get_binding(): a device of another class may have the same name. */
	for (size_t i = 0; (dev = shell_device_filter(i, edgepipe_is_capture)) != NULL; i++) {
		if (strcmp(dev->name, name) == 0) {
			return dev;
		}
	}
	shell_error(sh, "no instance is called %s; \"edgepipe list\" names them", name);
	return NULL;
}

/* Returns a call's result, and prints it if it is an error. */
static int told(const struct shell *sh, const struct device *dev, int ret)
{
	if (ret == -EBADF) {
		shell_error(sh, "%s is not open; \"edgepipe open %s\" opens it", dev->name, dev->name);
	} else if (ret == -EBUSY) {
		shell_error(sh, "%s is open already, or somebody uses it", dev->name);
	} else if (ret < 0) {
		shell_error(sh, "%s: error %d", dev->name, ret);
	}
	return ret;
}

static bool number(const struct shell *sh, const char *text, unsigned long max, uint32_t *out)
{
	int err = 0;
	unsigned long value = shell_strtoul(text, 10, &err);

	if (err != 0 || value == 0 || value > max) {
		shell_error(sh, "%s is not a number from 1 to %lu", text, max);
		return false;
	}
	*out = value;
	return true;
}

/* "ready: " before a reason that is one. */
static const char *ready_prefix(int reason)
{
	return reason > 0 && reason != EDGEPIPE_CLOSED ? "ready: " : "";
}

static int cmd_list(const struct shell *sh, size_t argc, char **argv)
{
	const struct device *dev;

	for (size_t i = 0; (dev = shell_device_filter(i, edgepipe_is_capture)) != NULL; i++) {
		int ready = edgepipe_ready(dev);

		shell_print(sh, "%s: %s, %u records, %s%s", dev->name,
			    edgepipe_content(dev) == EDGEPIPE_EDGES ? "edges" : "strobe",
			    edgepipe_capacity(dev), ready_prefix(ready),
			    edgepipe_reason_str(ready));
	}
	return 0;
}

static int cmd_open(const struct shell *sh, size_t argc, char **argv)
{
	const struct device *dev = instance(sh, argv[1]);

	return dev == NULL ? -ENODEV : told(sh, dev, edgepipe_open(dev));
}

static int cmd_close(const struct shell *sh, size_t argc, char **argv)
{
	const struct device *dev = instance(sh, argv[1]);

	return dev == NULL ? -ENODEV : told(sh, dev, edgepipe_close(dev));
}

/* Subtracts what was counted before the last reset of this use. */
static void count_since_reset(const struct device *dev, struct edgepipe_stats *stats)
{
	const struct edgepipe_stats *baseline = &baselines[edgepipe_config(dev)->index];

	if (baseline->opened != stats->opened) {
		return;
	}
	/* Records pending at the reset count as captured after it, so that the ledger balances. */
	stats->captured -= baseline->captured - baseline->pending;
	stats->delivered -= baseline->delivered;
	stats->lost_full -= baseline->lost_full;
	stats->lost_frozen -= baseline->lost_frozen;
	stats->lost_closed -= baseline->lost_closed;
	stats->lost_unreadable -= baseline->lost_unreadable;
	stats->lost_oldest -= baseline->lost_oldest;
	stats->missed -= baseline->missed;
	stats->bounces -= baseline->bounces;
	stats->wakes -= baseline->wakes;
	stats->spurious_wakes -= baseline->spurious_wakes;
}

static void print_count(const struct shell *sh, const char *what, uint64_t count)
{
	shell_print(sh, "%-18s%llu", what, (unsigned long long)count);
}

static int cmd_stats(const struct shell *sh, size_t argc, char **argv)
{
	const struct device *dev = instance(sh, argv[1]);
	struct edgepipe_stats stats;

	if (dev == NULL) {
		return -ENODEV;
	}
	if (told(sh, dev, edgepipe_stats(dev, &stats)) < 0) {
		return -ENOEXEC;
	}
	count_since_reset(dev, &stats);
	print_count(sh, "captured", stats.captured);
	print_count(sh, "delivered", stats.delivered);
	print_count(sh, "pending", stats.pending);
	print_count(sh, "lost, full", stats.lost_full);
	print_count(sh, "lost, frozen", stats.lost_frozen);
	print_count(sh, "lost, closed", stats.lost_closed);
	print_count(sh, "lost, unreadable", stats.lost_unreadable);
	print_count(sh, "lost, oldest", stats.lost_oldest);
	print_count(sh, "missed", stats.missed);
	print_count(sh, "bounces", stats.bounces);
	print_count(sh, "wakes", stats.wakes);
	print_count(sh, "spurious wakes", stats.spurious_wakes);
	print_count(sh, "high water", stats.high_water);
	return 0;
}

static void print_record(const struct shell *sh, const struct device *dev, const uint8_t *bytes)
{
	uint64_t record = edgepipe_record(bytes);

	if (edgepipe_kind(record) == EDGEPIPE_GAP) {
		shell_print(sh, "%u lost", edgepipe_lost(record));
		return;
	}
	shell_print(sh, "%llu us: line %u %s",
		    (unsigned long long)edgepipe_record_ns(dev, record) / NSEC_PER_USEC,
		    edgepipe_line(record), edgepipe_level(record) ? "high" : "low");
}

static void print_sample(const struct shell *sh, const struct device *dev,
			 const struct edgepipe_sample *sample)
{
	int digits = DIV_ROUND_UP(edgepipe_data_lines(dev), 8) * 2;

	if (sample->after_gap) {
		shell_print(sh, "%u lost", sample->lost_before);
	}
	if (sample->time_ns > 0) {
		shell_print(sh, "%llu us: 0x%0*x",
			    (unsigned long long)sample->time_ns / NSEC_PER_USEC, digits,
			    sample->value);
	} else {
		shell_print(sh, "0x%0*x", digits, sample->value);
	}
}

/* Reads and prints some samples, without waiting. Returns their number, or an error. */
static ssize_t print_samples(const struct shell *sh, const struct device *dev, uint32_t most)
{
	struct edgepipe_sample samples[SAMPLES];
	ssize_t count = edgepipe_read_samples(dev, samples, MIN(SAMPLES, most), K_NO_WAIT);

	for (ssize_t i = 0; i < count; i++) {
		print_sample(sh, dev, &samples[i]);
	}
	return count;
}

/* As print_samples(), for edges and gap records. */
static ssize_t print_records(const struct shell *sh, const struct device *dev, uint32_t most)
{
	uint8_t bytes[CHUNK * EDGEPIPE_RECORD_BYTES];
	size_t room = MIN(CHUNK, most) * EDGEPIPE_RECORD_BYTES;
	ssize_t size = edgepipe_read(dev, bytes, room, K_NO_WAIT);

	for (ssize_t at = 0; at < size; at += EDGEPIPE_RECORD_BYTES) {
		print_record(sh, dev, &bytes[at]);
	}
	return size < 0 ? size : size / EDGEPIPE_RECORD_BYTES;
}

/* The most records that can be read if no more arrive. */
static uint32_t all_records(const struct device *dev)
{
	return edgepipe_capacity(dev) + edgepipe_pipe_records(dev);
}

/* Prints at most this many records, without waiting. Returns their number, or an error. */
static int print_pending(const struct shell *sh, const struct device *dev, uint32_t most)
{
	uint32_t printed = 0;

	while (printed < most) {
		uint32_t left = most - printed;
		ssize_t count = edgepipe_content(dev) == EDGEPIPE_EDGES
					? print_records(sh, dev, left)
					: print_samples(sh, dev, left);

		if (count == -EAGAIN || count == 0) {
			break;
		}
		if (count < 0) {
			return count;
		}
		printed += count;
	}
	return printed;
}

static int cmd_dump(const struct shell *sh, size_t argc, char **argv)
{
	const struct device *dev = instance(sh, argv[1]);
	uint32_t most = UINT32_MAX;
	int ret;

	if (dev == NULL) {
		return -ENODEV;
	}
	if (argc > 2 && !number(sh, argv[2], all_records(dev), &most)) {
		return -EINVAL;
	}
	ret = told(sh, dev, print_pending(sh, dev, argc > 2 ? most : all_records(dev)));
	if (ret == 0) {
		shell_print(sh, "nothing is pending");
	}
	return MIN(ret, 0);
}

static int cmd_watch(const struct shell *sh, size_t argc, char **argv)
{
	const struct device *dev = instance(sh, argv[1]);
	uint32_t seconds = WATCH_SECONDS;
	k_timepoint_t end;
	int printed;
	int ready;

	if (dev == NULL) {
		return -ENODEV;
	}
	if (argc > 2 && !number(sh, argv[2], 3600, &seconds)) {
		return -EINVAL;
	}
	end = sys_timepoint_calc(K_SECONDS(seconds));
	do {
		ready = edgepipe_wait(dev, sys_timepoint_timeout(end));
		if (ready > 0) {
			shell_print(sh, "%s%s", ready_prefix(ready), edgepipe_reason_str(ready));
			/* It prints none if another reader was faster. */
			printed = print_pending(sh, dev, all_records(dev));
			ready = printed < 0 ? printed : ready;
		}
	} while (ready > 0 && ready != EDGEPIPE_CLOSED && !sys_timepoint_expired(end));
	if (ready == -EAGAIN) {
		/* The last records, which did not make the capture ready. */
		ready = print_pending(sh, dev, all_records(dev));
	}
	return MIN(told(sh, dev, ready), 0);
}

static int cmd_threshold(const struct shell *sh, size_t argc, char **argv)
{
	const struct device *dev = instance(sh, argv[1]);
	uint32_t records = EDGEPIPE_WHEN_FULL;

	if (dev == NULL) {
		return -ENODEV;
	}
	if (strcmp(argv[2], "full") != 0 && !number(sh, argv[2], edgepipe_capacity(dev), &records)) {
		return -EINVAL;
	}
	return told(sh, dev, edgepipe_set_threshold(dev, records));
}

static int cmd_idle(const struct shell *sh, size_t argc, char **argv)
{
	const struct device *dev = instance(sh, argv[1]);
	uint32_t us = 0;

	if (dev == NULL) {
		return -ENODEV;
	}
	if (strcmp(argv[2], "off") != 0 && !number(sh, argv[2], INT32_MAX, &us)) {
		return -EINVAL;
	}
	return told(sh, dev, edgepipe_set_idle(dev, us));
}

static int cmd_reset(const struct shell *sh, size_t argc, char **argv)
{
	const struct device *dev = instance(sh, argv[1]);
	uint8_t bytes[CHUNK * EDGEPIPE_RECORD_BYTES];
	ssize_t size;

	if (dev == NULL) {
		return -ENODEV;
	}
	/* Limited to what could be pending: with a busy line it would never end. */
	for (uint32_t left = all_records(dev); left > 0;) {
		size = edgepipe_read(dev, bytes, sizeof(bytes), K_NO_WAIT);
		if (size <= 0) {
			break;
		}
		left -= MIN(left, size / edgepipe_record_bytes(dev));
	}
	return told(sh, dev, edgepipe_stats(dev, &baselines[edgepipe_config(dev)->index]));
}

/* Completion: the names of the instances. */
static void instance_name(size_t idx, struct shell_static_entry *entry)
{
	const struct device *dev = shell_device_filter(idx, edgepipe_is_capture);

	entry->syntax = dev != NULL ? dev->name : NULL;
	entry->handler = NULL;
	entry->help = NULL;
	entry->subcmd = NULL;
}

SHELL_DYNAMIC_CMD_CREATE(instances, instance_name);

SHELL_STATIC_SUBCMD_SET_CREATE(
	edgepipe_commands,
	SHELL_CMD_ARG(list, NULL, "All instances, and whether they are ready", cmd_list, 1, 0),
	SHELL_CMD_ARG(open, &instances, "Start capturing\nUsage: open <instance>", cmd_open, 2, 0),
	SHELL_CMD_ARG(close, &instances, "Stop capturing\nUsage: close <instance>", cmd_close, 2, 0),
	SHELL_CMD_ARG(stats, &instances, "What happened to every edge\nUsage: stats <instance>",
		      cmd_stats, 2, 0),
	SHELL_CMD_ARG(dump, &instances,
		      "Read pending records, all or at most <records>\nUsage: dump <instance> [<records>]",
		      cmd_dump, 2, 1),
	SHELL_CMD_ARG(watch, &instances,
		      "Read records whenever the capture is ready, for 10 or <seconds> seconds\n"
		      "Usage: watch <instance> [<seconds>]",
		      cmd_watch, 2, 1),
	SHELL_CMD_ARG(threshold, &instances,
		      "Be ready at this many pending records, or when full\n"
		      "Usage: threshold <instance> <records>|full",
		      cmd_threshold, 3, 0),
	SHELL_CMD_ARG(idle, &instances,
		      "Be ready when no record came for so many microseconds\n"
		      "Usage: idle <instance> <microseconds>|off",
		      cmd_idle, 3, 0),
	SHELL_CMD_ARG(reset, &instances,
		      "Discard pending records, and count from 0, except the high water\n"
		      "Usage: reset <instance>",
		      cmd_reset, 2, 0),
	SHELL_SUBCMD_SET_END);

SHELL_CMD_REGISTER(edgepipe, &edgepipe_commands, "Captures of GPIO edges and samples", NULL);
