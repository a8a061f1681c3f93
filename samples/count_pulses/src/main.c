/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Counts the pulses of a meter with different thresholds, and then with a reader that is busy for too long.
 */

#include <zephyr/kernel.h>

#include <edgepipe/edgepipe.h>

#include "meter.h"
#include "tally.h"

#define METER DT_NODELABEL(meter)

static const struct device *const meter = DEVICE_DT_GET(METER);

static const struct run {
	uint32_t threshold;
	/* How long the reader does something else after each wake. */
	uint32_t busy_ms;
	uint32_t pulses;
} runs[] = {
#if DT_NODE_EXISTS(DT_NODELABEL(lines))
	{1, 0, 250000},
	{16, 0, 250000},
	{64, 0, 250000},
	{EDGEPIPE_WHEN_FULL, 0, 250000},
	{EDGEPIPE_WHEN_FULL, 10, 10000},
	{EDGEPIPE_WHEN_FULL, 50, 10000},
	{16, 50, 10000},
	{1, 100, 10000},
#else
	/* The meter on a board runs as fast as it does. */
	{1, 0, 1000},
	{16, 0, 1000},
	{64, 0, 1000},
	{EDGEPIPE_WHEN_FULL, 0, 1000},
	{EDGEPIPE_WHEN_FULL, 50, 1000},
#endif
};

#if !DT_NODE_EXISTS(DT_NODELABEL(lines))
void meter_run(uint32_t pulses)
{
	ARG_UNUSED(pulses);
}
#endif

static uint64_t thread_cycles(void)
{
	k_thread_runtime_stats_t stats;

	return k_thread_runtime_stats_get(k_current_get(), &stats) == 0 ? stats.execution_cycles : 0;
}

/* Adds all that is pending. Returns as edgepipe_read(). */
static ssize_t read_all(struct tally *tally)
{
	static uint8_t records[DT_PROP(METER, buffer_records) * EDGEPIPE_RECORD_BYTES];
	ssize_t size = edgepipe_read(meter, records, sizeof(records), K_NO_WAIT);

	if (size > 0) {
		tally_add(tally, records, size);
	}
	return size;
}

static void print(const struct run *run, const struct tally *tally, const struct edgepipe_stats *stats,
		  uint32_t permille)
{
	if (run->threshold == EDGEPIPE_WHEN_FULL) {
		printk("full");
	} else {
		printk("threshold %u", run->threshold);
	}
	printk(", busy %u ms: %llu wakes, %llu captured = %llu read + %llu lost, reader %u.%u %%\n", run->busy_ms,
	       (unsigned long long)stats->wakes, (unsigned long long)stats->captured,
	       (unsigned long long)tally->read, (unsigned long long)tally->lost, permille / 10, permille % 10);
}

/* Counts as many pulses, or a few more. */
static int count(const struct run *run)
{
	struct tally tally = {0};
	struct edgepipe_stats stats;
	uint64_t cycles = thread_cycles();
	int64_t began_ms = k_uptime_get();
	uint64_t elapsed;
	ssize_t size = 1;
	int err = edgepipe_open(meter);

	if (err == 0) {
		err = edgepipe_set_threshold(meter, run->threshold);
	}
	if (err < 0) {
		return err;
	}
	meter_run(run->pulses);
	while (tally.read + tally.lost < run->pulses) {
		int reason = edgepipe_wait(meter, K_FOREVER);

		if (reason < 0) {
			return reason;
		}
		k_msleep(run->busy_ms);
		size = read_all(&tally);
		if (size < 0) {
			return size;
		}
	}
	cycles = thread_cycles() - cycles;
	elapsed = k_ms_to_cyc_near64(k_uptime_get() - began_ms);
	/* What comes until the end is counted, too. */
	edgepipe_close(meter);
	while (size > 0) {
		size = read_all(&tally);
	}
	err = edgepipe_stats(meter, &stats);
	if (err < 0) {
		return err;
	}
	print(run, &tally, &stats, elapsed > 0 ? 1000 * cycles / elapsed : 0);
	/* The ledger and the gaps between the records agree. */
	return stats.captured == tally.read + tally.lost &&
			       stats.lost_full + stats.lost_closed == tally.lost ? 0 : -EIO;
}

int main(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(runs); i++) {
		int err = count(&runs[i]);

		if (err < 0) {
			printk("the meter failed: %d\n", err);
			return 0;
		}
	}
	printk("done\n");
	return 0;
}
