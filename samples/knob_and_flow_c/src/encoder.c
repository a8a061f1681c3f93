/*
 * SPDX-License-Identifier: Apache-2.0
 */

#include "encoder.h"

void encoder_edge(struct encoder *encoder, unsigned int line, bool level)
{
	uint32_t before = encoder->levels;
	uint32_t bit = UINT32_C(1) << (line & 1);
	bool a_leads;

	encoder->levels = level ? before | bit : before & ~bit;
	if (encoder->levels == before) {
		/* There and back, too fast to be seen. */
		return;
	}
	/* A leads when it leaves the level of B, and when B then follows. */
	a_leads = ((before ^ before >> 1 ^ line) & 1) == 0;
	encoder->position = (int32_t)((uint32_t)encoder->position + (a_leads ? 1 : -1));
}

void encoder_hole(struct encoder *encoder, uint32_t levels, uint32_t lost)
{
	encoder->is_vague |= lost > 0 || levels != encoder->levels;
	encoder->levels = levels;
}
