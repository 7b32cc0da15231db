/*
 * What an operator may ask of a running server, and the answers: {"request":"list"}, "show" and "end" with a "code",
 * "kick" with a "code" and a "user_id", "delete" with a "user_id". Knows neither sockets nor files.
 */
#ifndef SERVER_ADMIN_ANSWER_H
#define SERVER_ADMIN_ANSWER_H

#include <stddef.h>

#include "overview.h"

struct friends;
struct parties;
struct store;
struct users;

/* All that an operator rules over. */
struct admin_realm {
    struct parties *parties;
    struct users *users;
    struct friends *friends;
    struct store *store;
};

/* Does what the request says, and gives the rows of the answer, the last included. */
void admin_answer(const struct admin_realm *realm, const char *request, size_t length, const struct overview *overview);

/* Gives the last row of an answer that is none. */
void admin_refuse(const struct overview *overview, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
