/*
 * All that is counted against abuse, made once and shared by the HTTP side and the loops. What is refused, and how, is
 * theirs to say.
 */
#ifndef SERVER_QUOTAS_H
#define SERVER_QUOTAS_H

#include <stdbool.h>

struct address_limit;
struct config;
struct connection_count;
struct guess_limit;

struct quotas {
    struct address_limit *requests; /* of the REST API, by address */
    struct address_limit *guests;   /* new users, by address */
    struct address_limit *knocks;   /* joins where the host must agree, by address and by user */
    struct guess_limit *guesses;    /* wrong codes */
    struct connection_count *connections;
};

/* False when out of memory; quotas_free is to be called all the same. */
bool quotas_init(struct quotas *quotas, const struct config *config);
void quotas_free(struct quotas *quotas);

#endif
