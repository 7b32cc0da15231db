/* At start: the sessions in the store go back into the shards. */
#ifndef SERVER_PARTY_RESTORE_H
#define SERVER_PARTY_RESTORE_H

#include <stdbool.h>
#include <stddef.h>

struct parties;
struct store;

/*
 * Restores every session that had not ended, with its last `chat_history` messages. One that cannot be restored is logged
 * and left alone in the store. False, and a sentence in `why`, only if the store cannot be read.
 */
bool party_restore_all(struct parties *parties, struct store *store, size_t chat_history, char *why, size_t why_size);

#endif
