/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * All measurements, one after the other.
 */

#include "harness.h"
#include "port.h"

const struct mechanism *const mechanisms[] = {
	&mechanism_edgepipe,
	&mechanism_by_hand,
	&mechanism_pipe,
	&mechanism_msgq,
	&mechanism_ring_buffer,
	&mechanism_input,
	&mechanism_fifo,
	&mechanism_zbus,
	&mechanism_rtio,
	&mechanism_rust_channel,
	&mechanism_embassy_channel,
	&mechanism_embassy_pipe,
	&mechanism_heapless_spsc,
};

const size_t mechanisms_count = ARRAY_SIZE(mechanisms);

void bench_main(void)
{
	port_init();
	harness_init();
	count_init();
	if (IS_ENABLED(CONFIG_TRACING)) {
		measure_switches();
	} else {
		measure_handler();
		measure_latency();
		measure_thresholds();
		measure_rate();
	}
	printk("bench: END\n");
}
