/* The join that a follower keeps: sent again at each connection, as the same client as before. It sends nothing itself. */
#ifndef KEPT_JOIN_H
#define KEPT_JOIN_H

#include <stdbool.h>

#include <syncplay/command.h>

/* Characters of a code as it was typed; bytes of an invitation, and of a resume token. */
#define KEPT_JOIN_CODE_MAX 32
#define KEPT_JOIN_TOKEN_MAX 255

struct kept_join {
    bool is_kept;
    char code[4 * KEPT_JOIN_CODE_MAX + 1];
    char invitation[KEPT_JOIN_TOKEN_MAX + 1]; /* "": none */
    char resume_token[KEPT_JOIN_TOKEN_MAX + 1];
    uint64_t cursor;
};

/* Keeps a join whose texts are no longer than that. */
void kept_join_keep(struct kept_join *join, const syncplay_command *command);
void kept_join_forget(struct kept_join *join);

/* The command to send; its texts live in `join`. */
void kept_join_command(const struct kept_join *join, syncplay_command *command);

/* The server gave another token. One that is too long is as good as none. */
void kept_join_set_token(struct kept_join *join, const char *resume_token);
/* It does not take ours any more. */
void kept_join_drop_token(struct kept_join *join);
/* A message with this cursor came. */
void kept_join_saw(struct kept_join *join, uint64_t cursor);

#endif
