/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Stands in for the header that Zephyr's build makes of edgepipe/edgepipe.h.
 */
