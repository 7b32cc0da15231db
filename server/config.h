/*
 * The server's configuration: YAML file, then environment, then flags, each overriding the one before. One table in
 * config_setting.c names every key with its type, range and meaning; the file's keys, the environment variables
 * (SYNCPLAY_CHAT_RATE_LIMIT), the flags (--chat-rate-limit) and the help all come from it.
 */
#ifndef SERVER_CONFIG_H
#define SERVER_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "log.h"
#include "network.h"
#include "rbac.h"

/* Who may read /metrics. */
enum metrics_readers { METRICS_FOR_NOBODY, METRICS_FOR_LOOPBACK, METRICS_FOR_ALL };

/* Where a value has come from. */
enum config_source { CONFIG_FROM_DEFAULT, CONFIG_FROM_FILE, CONFIG_FROM_ENVIRONMENT, CONFIG_FROM_FLAG };

/* The most settings that there are. */
#define CONFIG_SETTINGS_MAX 128

/* Durations in microseconds. Texts are never NULL. */
struct config {
    bool enabled;               /* enabled: true; false answers every API request with 503 */
    struct networks trusted_proxies; /* trusted_proxies: ""; whose X-Forwarded-For and -Proto are believed */
    char listen[128];           /* listen: "127.0.0.1:8080"; address:port or port */
    char database[1024];        /* database: "syncplay.db" */
    char admin_socket[108];     /* admin_socket: auto (<database>.admin), or "" for none; see admin_socket.h */
    char media[1024];           /* media: "" for none */
    char tls_certificate[1024]; /* tls.certificate: "" for none; with tls.key, or neither */
    char tls_key[1024];         /* tls.key: "" for none */
    bool hsts;                  /* hsts: false; over HTTPS, browsers are told to ask for nothing else */
    char allowed_origins[1024]; /* allowed_origins: ""; pages of other sites that may connect (origin.h) */
    int log_level;              /* log_level: info (debug, info, warn, error) */
    int log_format;             /* log_format: text (text, json) */
    int metrics;                /* metrics: loopback (off, loopback, all); an enum metrics_readers */
    uint32_t shards;            /* shards: 2; 1 to 64 */
    uint32_t http_threads;      /* http_threads: 64; 8 to 1024 */
    int64_t request_timeout;    /* request_timeout: 20s; of a head, and of a body in all */
    uint32_t max_connections;   /* max_connections: 5000; WebSockets at the same time */
    uint32_t max_sessions;      /* max_sessions: 10000 */
    uint32_t queue_limit;       /* queue_limit: 262144; bytes waiting for one connection before it is dropped */

    uint32_t guest_rate_count;  /* guest_rate_limit: 60/minute; new users from one address */
    int64_t guest_rate_period;
    uint32_t request_rate_count; /* request_rate_limit: 50/second; of the API, from one address */
    int64_t request_rate_period;
    uint32_t request_burst;      /* request_burst: 200; at once */
    uint32_t knock_rate_count;   /* knock_rate_limit: 10/minute; of one user, and from one address */
    int64_t knock_rate_period;
    uint32_t max_sessions_per_user;       /* max_sessions_per_user: 10; that they have made */
    uint32_t max_connections_per_user;    /* max_connections_per_user: 10 */
    uint32_t max_connections_per_address; /* max_connections_per_address: 100 */
    uint32_t message_rate_count; /* message_rate_limit: 50/second; on one connection */
    int64_t message_rate_period;
    uint32_t message_burst;      /* message_burst: 100; at once */
    uint32_t max_message_bytes;  /* max_message_bytes: 16384 */
    uint32_t guess_free;         /* guess.free: 5; see guess_limit.h */
    int64_t guess_delay;         /* guess.delay: 2s */
    int64_t guess_max_delay;     /* guess.max_delay: 15m */
    int64_t guess_forget;        /* guess.forget: 10m */

    uint32_t max_participants;  /* max_participants: 20 */
    int64_t session_timeout;    /* session_timeout: 4h */
    int64_t keep_ended;         /* keep_ended: 720h */
    int64_t keep_guests;        /* keep_guests: 2160h; looked at when the server starts */
    int64_t seat_grace;         /* seat_grace: 90s */
    int64_t away_after;         /* away_after: 5s */
    int64_t kick_cooldown;      /* kick_cooldown: 5m */
    int64_t knock_timeout;      /* knock_timeout: 5m */
    uint32_t max_knocks;        /* max_knocks: 60; of one session */
    uint32_t max_invitations;   /* max_invitations: 100; of one session */
    uint32_t max_removed;       /* max_removed: 256; of one session */
    uint32_t latency_samples;   /* latency_samples: 10 */
    int64_t max_latency;        /* max_latency_ms: 5000 */
    int64_t wait_timeout;       /* wait_timeout: 10s */
    int64_t wait_budget;        /* wait_budget: 30s */
    uint32_t max_friends;       /* max_friends: 500; of one user, with those who were asked */
    uint32_t max_friend_requests; /* max_friend_requests: 50; from one user, and to one user */
    int64_t friend_retry;       /* friend_retry: 24h; before a declined request may be repeated */
    bool chat_enabled;          /* chat.enabled: true */
    uint32_t chat_max_length;   /* chat.max_message_length: 500 */
    uint32_t chat_rate_count;   /* chat.rate_limit: 10/minute */
    int64_t chat_rate_period;
    uint32_t chat_history;      /* chat.history: 50 */
    uint32_t reaction_rate_count; /* chat.reaction_rate_limit: 30/minute */
    int64_t reaction_rate_period;
    uint32_t reaction_burst;    /* chat.reaction_burst: 5 */

    bool auth_guests;           /* auth.guests: true */
    char auth_guest_role[RBAC_NAME_SIZE];   /* auth.guest_role: guest */
    char auth_default_role[RBAC_NAME_SIZE]; /* auth.default_role: user */
    char jwt_algorithm[8];      /* auth.jwt.algorithm: "" for no accounts; HS256, RS256 or ES256 */
    char jwt_key_file[1024];    /* auth.jwt.key_file: "" */
    char jwt_key[4096];         /* auth.jwt.key: ""; a secret, which is never shown */
    char jwt_issuer[256];       /* auth.jwt.issuer: "" */
    char jwt_audience[256];     /* auth.jwt.audience: "" */
    char jwt_kid[256];          /* auth.jwt.kid: "" */
    int64_t jwt_leeway;         /* auth.jwt.leeway: 30s */
    char jwt_user_claim[256];   /* auth.jwt.user_claim: sub */
    char jwt_name_claim[256];   /* auth.jwt.name_claim: name */
    char jwt_roles_claim[256];  /* auth.jwt.roles_claim: roles */
    bool jwt_keep_user_ids;     /* auth.jwt.keep_user_ids: false */

    char webhooks_url[2048];        /* webhooks.url: "" for none */
    char webhooks_secret[257];      /* webhooks.secret: ""; never shown */
    char webhooks_secret_file[1024]; /* webhooks.secret_file: "" */
    char webhooks_events[256];      /* webhooks.events: all */
    int64_t webhooks_timeout;       /* webhooks.timeout: 10s */
    uint32_t webhooks_attempts;     /* webhooks.attempts: 12 */
    int64_t webhooks_retry_first;   /* webhooks.retry_first: 1s */
    int64_t webhooks_retry_max;     /* webhooks.retry_max: 10m */
    uint32_t webhooks_max_queue;    /* webhooks.max_queue: 10000 */

    struct rbac roles;          /* roles: guest and user, with all permissions */

    char file[1024];                                 /* that was read; "" for none */
    enum config_source source;                       /* of what is being set */
    enum config_source sources[CONFIG_SETTINGS_MAX]; /* by the number of the setting (config_setting_at) */
};

enum config_action { CONFIG_RUN, CONFIG_CHECK, CONFIG_PRINT, CONFIG_HELP, CONFIG_VERSION, CONFIG_ERROR };

/*
 * Reads everything. `environment` is like environ. On CONFIG_ERROR, `why` says file, line and reason, or the name of the
 * variable or flag, and the limit.
 */
enum config_action config_load(struct config *config, int argc, char **argv, char **environment, char *why,
                               size_t why_size);

/* Prints what --help prints. */
void config_usage(void);

#endif
