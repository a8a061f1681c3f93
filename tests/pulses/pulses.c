/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Reads edges, one a line, and prints the pulses that they end. Its argument is the number of lines.
 */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include <edgepipe/pulses.h>

int main(int argc, char **argv)
{
	uint64_t since_ns[32];
	struct edgepipe_pulses pulses = {.since_ns = since_ns};
	struct edgepipe_edge edge = {0};
	struct edgepipe_pulse pulse;

	pulses.lines = argc > 1 ? strtoul(argv[1], NULL, 10) : 0;
	while (scanf("%" SCNu64 " %" SCNu8 " %" SCNu8 " %" SCNu8 " %" SCNu32 " %" SCNu32, &edge.time_ns,
		     &edge.line, &edge.level, &edge.after_gap, &edge.lost_before,
		     &edge.levels_before) == 6) {
		if (edgepipe_pulses_next(&pulses, &edge, &pulse)) {
			printf("%" PRIu64 " %" PRIu64 " %u %u %u %" PRIu32 " %" PRIu32 "\n",
			       pulse.start_ns, pulse.duration_ns, pulse.line, pulse.level,
			       pulse.after_gap, pulse.lost_before, pulse.levels_before);
		}
	}
	return feof(stdin) ? 0 : 1;
}
