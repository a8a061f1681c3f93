/*
 * SPDX-License-Identifier: Apache-2.0
 */

#ifndef CLIENT_H_
#define CLIENT_H_

/**
 * Starts a thread that sends commands through @p socket, prints the answers, and then writes to the
 * event @p end.
 */
void client_start(int socket, int end);

#endif /* CLIENT_H_ */
