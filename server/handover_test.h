/* The test at start of handover.h: a civetweb of its own, one worker, one client. */
#ifndef SERVER_HANDOVER_TEST_H
#define SERVER_HANDOVER_TEST_H

#include <stdbool.h>
#include <stddef.h>

struct handover;

/*
 * Whether a WebSocket's descriptor can be taken from the civetweb that is linked: both directions still work, and the
 * worker answers the next request. If not, `why` says what failed.
 */
bool handover_test(const struct handover *handover, char *why, size_t why_size);

#endif
