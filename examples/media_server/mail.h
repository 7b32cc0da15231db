/*
 * What waits for those who poll. The messages for one connection are one stream of bytes, a message a line; whoever
 * fetches them says how many they have, so what was lost on the way is given again. It must not know the hub and HTTP.
 */
#ifndef MAIL_H
#define MAIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MAX_CONNECTIONS 256
#define MAX_MAIL 65536 /* bytes that wait for one connection; more, and it is lost */

struct mail {
    uint64_t connection; /* never used twice, and mail_of() finds the slot in it */
    uint64_t owner;
    int64_t asked_at;    /* when they were there last */
    bool is_lost;        /* something could not be kept for them: they have to come in again */
    uint64_t start;      /* what they have; `bytes` begins there */
    size_t length;
    char bytes[MAX_MAIL];
};

struct mails {
    uint64_t opened;
    struct mail *slots[MAX_CONNECTIONS];
};

/* NULL if there is no room. */
struct mail *mail_open(struct mails *mails, uint64_t owner, int64_t now);
void mail_close(struct mails *mails, struct mail *mail);

/* NULL if there is none (any more). */
struct mail *mail_of(const struct mails *mails, uint64_t connection);

void mail_add(struct mail *mail, const char *bytes, size_t length);

/* They have the first `from` bytes, which are forgotten. False if that cannot be. */
bool mail_have(struct mail *mail, uint64_t from);

#endif
