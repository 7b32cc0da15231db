/* What the configuration says about webhooks, checked and made ready. */
#ifndef SERVER_WEBHOOK_RULES_H
#define SERVER_WEBHOOK_RULES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "webhook_retry.h"
#include "webhook_url.h"

struct config;

/* The most receivers. */
#define WEBHOOK_RECEIVERS_MAX 4
/* Bytes of the secret. */
#define WEBHOOK_SECRET_MIN 16
#define WEBHOOK_SECRET_MAX 256

struct webhook_rules {
    size_t receiver_count; /* 0: nobody is told anything */
    char urls[WEBHOOK_RECEIVERS_MAX][WEBHOOK_URL_MAX + 1];
    char origins[WEBHOOK_RECEIVERS_MAX][WEBHOOK_ORIGIN_SIZE];
    char secret[WEBHOOK_SECRET_MAX + 1];
    size_t secret_length;
    unsigned kinds; /* 1 << enum webhook_kind */
    int64_t timeout;
    uint32_t attempts;
    struct webhook_backoff backoff;
    uint32_t max_queue;
};

/* False, and a sentence in `why` that names the setting, if they are not right. Reads the file of the secret. */
bool webhook_rules_init(struct webhook_rules *rules, const struct config *config, char *why, size_t why_size);

/* Forgets the secret. */
void webhook_rules_clear(struct webhook_rules *rules);

#endif
