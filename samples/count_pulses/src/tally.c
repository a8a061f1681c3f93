/*
 * SPDX-License-Identifier: Apache-2.0
 */

#include "tally.h"

#include <edgepipe/record.h>

void tally_add(struct tally *tally, const uint8_t *records, size_t size)
{
	for (size_t at = 0; at + EDGEPIPE_RECORD_BYTES <= size; at += EDGEPIPE_RECORD_BYTES) {
		uint64_t record = edgepipe_record(&records[at]);

		if (edgepipe_kind(record) == EDGEPIPE_EDGE) {
			tally->read++;
		} else {
			tally->lost += edgepipe_lost(record);
		}
	}
}
