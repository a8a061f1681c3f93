/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * A capture as a file descriptor.
 */

#ifndef EDGEPIPE_BENCHES_DESCRIPTOR_H_
#define EDGEPIPE_BENCHES_DESCRIPTOR_H_

#include "mechanism.h"

/** Uses `fd` from now on. */
void descriptor_open(int fd);

/** Sleeps in poll() until there is input. */
void descriptor_poll(void);

/** A blocking read(). */
size_t descriptor_read(struct record *records, size_t most);

void descriptor_close(void);

#endif /* EDGEPIPE_BENCHES_DESCRIPTOR_H_ */
