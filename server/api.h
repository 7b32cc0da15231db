/*
 * The REST API (openapi.yaml): a request in, a response out. It knows parties, users and friends, not sockets nor the
 * database.
 */
#ifndef SERVER_API_H
#define SERVER_API_H

#include "http.h"

struct config;
struct friends;
struct health;
struct loops;
struct parties;
struct quotas;
struct users;
struct webhooks;

struct api;

/* Keeps the pointers; they outlive it. NULL when out of memory. */
struct api *api_new(const struct config *config, struct parties *parties, struct users *users, struct friends *friends,
                    struct quotas *quotas, const struct health *health, struct loops *loops, struct webhooks *webhooks);
void api_free(struct api *api);

/*
 * Counts a request by its address, before its body is read: false, and the response says why, if there were too many.
 * Health checks are not counted.
 */
bool api_expects(struct api *api, const struct http_request *request, struct http_response *response);

/*
 * Answers one request that was counted; from any thread. Never fails: what is wrong is in the response, as
 * application/problem+json.
 */
void api_handle(struct api *api, const struct http_request *request, struct http_response *response);

#endif
