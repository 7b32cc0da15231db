/*
 * The operator's door: one thread that takes requests on the admin socket, one at a time, and answers them
 * (admin_answer.h). A request is a JSON object on a line; the answer is rows, each a JSON object on a line, of which
 * the last is {"row":"end","status":"ok"}, or {"row":"end","status":"refused","why":"..."}. Then the connection ends.
 */
#ifndef SERVER_ADMIN_H
#define SERVER_ADMIN_H

#include <stdbool.h>
#include <stddef.h>

/* The longest request, with its end of line; and how long an answer may take in all, in seconds. */
#define ADMIN_REQUEST_MAX 1024
#define ADMIN_ANSWER_SECONDS 60

struct admin;
struct config;
struct friends;
struct parties;
struct store;
struct users;

/* *admin is NULL if the configuration wants none. Keeps the pointers. False, and a sentence in `why`, on failure. */
bool admin_start(struct admin **admin, const struct config *config, struct parties *parties, struct users *users,
                 struct friends *friends, struct store *store, char *why, size_t why_size);

/* Ends it, whatever it is doing. NULL is allowed. */
void admin_stop(struct admin *admin);

#endif
