/* Checking what is set about webhooks. */
#include "webhook_rules.h"

#include <stdio.h>
#include <string.h>

#include "config.h"
#include "secret_file.h"
#include "webhook_event.h"

static bool refuse(char *why, size_t why_size, const char *sentence)
{
    snprintf(why, why_size, "%s", sentence);
    return false;
}

/* Adds one receiver, whose URL has `length` bytes. */
static bool add_receiver(struct webhook_rules *rules, const char *url, size_t length, char *why, size_t why_size)
{
    size_t i = rules->receiver_count;
    if (i == WEBHOOK_RECEIVERS_MAX) {
        snprintf(why, why_size, "webhooks.url may name at most %d receivers", WEBHOOK_RECEIVERS_MAX);
        return false;
    }
    if (length <= WEBHOOK_URL_MAX) {
        snprintf(rules->urls[i], sizeof rules->urls[i], "%.*s", (int)length, url);
        rules->receiver_count = i + 1;
        if (webhook_url_read(rules->urls[i], rules->origins[i]))
            return true;
    }
    snprintf(why, why_size,
             "webhooks.url: number %zu must be an http or https URL of at most %d bytes, without user name, password and "
             "fragment",
             i + 1, WEBHOOK_URL_MAX);
    return false;
}

static bool read_receivers(struct webhook_rules *rules, const char *list, char *why, size_t why_size)
{
    for (const char *at = list;; at++) {
        at += strspn(at, " ");
        size_t length = strcspn(at, " ,");
        if (!add_receiver(rules, at, length, why, why_size))
            return false;
        at += length;
        at += strspn(at, " ");
        if (*at == '\0')
            return true;
        if (*at != ',')
            return refuse(why, why_size, "webhooks.url must have commas between the receivers");
    }
}

static bool is_line_end(char c)
{
    return c == '\n' || c == '\r';
}

static bool read_secret(struct webhook_rules *rules, const struct config *config, char *why, size_t why_size)
{
    bool is_file = config->webhooks_secret_file[0] != '\0';
    if (is_file == (config->webhooks_secret[0] != '\0'))
        return refuse(why, why_size,
                      is_file ? "webhooks.secret and webhooks.secret_file are both set; one of them is needed"
                              : "webhooks.url is set, so webhooks.secret or webhooks.secret_file is needed");
    if (!is_file)
        rules->secret_length = (size_t)snprintf(rules->secret, sizeof rules->secret, "%s", config->webhooks_secret);
    else if (!secret_file_read("webhooks.secret_file", config->webhooks_secret_file, rules->secret, WEBHOOK_SECRET_MAX,
                               &rules->secret_length, why, why_size))
        return false;
    while (is_file && rules->secret_length > 0 && is_line_end(rules->secret[rules->secret_length - 1]))
        rules->secret_length--;
    if (rules->secret_length >= WEBHOOK_SECRET_MIN)
        return true;
    snprintf(why, why_size, "%s must hold a secret of %d bytes or more",
             is_file ? "webhooks.secret_file" : "webhooks.secret", WEBHOOK_SECRET_MIN);
    return false;
}

static bool read_events(struct webhook_rules *rules, const char *list, char *why, size_t why_size)
{
    if (webhook_kinds_read(list, &rules->kinds))
        return true;
    size_t length = (size_t)snprintf(why, why_size, "webhooks.events must be all, or names with commas between, of");
    for (unsigned i = 0; i < WEBHOOK_KINDS && length < why_size; i++)
        length += (size_t)snprintf(why + length, why_size - length, "%s %s", i == 0 ? "" : ",",
                                   webhook_kind_name((enum webhook_kind)i));
    return false;
}

bool webhook_rules_init(struct webhook_rules *rules, const struct config *config, char *why, size_t why_size)
{
    *rules = (struct webhook_rules){.timeout = config->webhooks_timeout,
                                    .attempts = config->webhooks_attempts,
                                    .backoff = {config->webhooks_retry_first, config->webhooks_retry_max},
                                    .max_queue = config->webhooks_max_queue};
    if (!read_events(rules, config->webhooks_events, why, why_size))
        return false;
    if (config->webhooks_url[0] == '\0')
        return true;
    return read_receivers(rules, config->webhooks_url, why, why_size) && read_secret(rules, config, why, why_size);
}

void webhook_rules_clear(struct webhook_rules *rules)
{
    explicit_bzero(rules->secret, sizeof rules->secret);
    rules->secret_length = 0;
}
