/* What a user asks a server for, checked before it is sent: by the rules for commands (checks.h) and what the wire can carry. */
#ifndef WISH_H
#define WISH_H

#include <syncplay/command.h>

/*
 * SYNCPLAY_OK, or an error with the sentence that names field and limit in `why` (WHY_SIZE bytes). Limits are the largest
 * that any hub may have; the server knows its own.
 */
int wish_check(const syncplay_command *command, char *why);

#endif
