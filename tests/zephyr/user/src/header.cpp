/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The headers in C++.
 */

#include <edgepipe/edgepipe.h>
#include <edgepipe/pulses.h>

extern "C" size_t capacity_in_cplusplus(const struct device *dev)
{
	struct edgepipe_stats stats;

	return edgepipe_stats(dev, &stats) == 0 ? edgepipe_capacity(dev) : 0;
}
