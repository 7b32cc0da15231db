/* What has happened since the process started. The tables here are all there is to add a metric to. */
#include "metrics.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <syncplay/error.h>

#include "metrics_text.h"

/* The most values that a label has. */
#define VALUES_MAX 40
#define BUCKETS_MAX 12

/* What a label may say; the last one is for all else. Several values of what is counted may be one of the label. */
struct value {
    const char *counted;
    const char *shown;
};

/* clang-format off */
#define SAME(text) {text, text}
#define OTHER {NULL, "other"}
#define ERROR_CODE(name, number, code, sentence) SAME(code),

static const struct value message_types[] = {
    SAME("join"), SAME("leave"), SAME("play"), SAME("pause"), SAME("seek"), SAME("speed"), SAME("ready"), SAME("chat"),
    SAME("typing"), SAME("react"), SAME("ping"), SAME("state"), SAME("wait"), SAME("admit"), SAME("deny"), SAME("kick"),
    SAME("ban"), SAME("unban"), SAME("mute"), SAME("delete"), SAME("role"), SAME("host"), SAME("invite"),
    SAME("revoke"), SAME("settings"), SAME("content"), SAME("end"), SAME("auth"), OTHER};

/* "ok", which is the first, is told to nobody. */
static const struct value error_codes[] = {SYNCPLAY_ERRORS(ERROR_CODE) SAME("unauthorized"), OTHER};

static const struct value endings[] = {
    {"closed by the client", "client"}, {"gone", "lost"}, {"broken", "lost"}, {"silent", "silent"},
    {"too slow", "too_slow"}, {"protocol error", "protocol"}, {"too many frames a second", "limit"},
    {"too many connections of one user", "limit"}, {"too many connections from this address", "limit"},
    {"too many joins that were refused", "limit"}, {"too many wrong tokens", "unauthorized"},
    {"not authenticated in time", "unauthorized"}, {"the user has been deleted", "unauthorized"},
    {"the token has expired", "expired"},
    {"server is going down", "shutdown"}, {"no memory", "no_memory"}, {"no room", "no_memory"},
    {"messages were lost", "no_memory"}, OTHER};

static const struct value classes[] = {SAME("2xx"), SAME("3xx"), SAME("4xx"), SAME("5xx"), OTHER};

static const struct {
    const char *name;
    const char *help;
    const char *label; /* or NULL */
    const struct value *values;
} metrics[METRICS] = {
    [METRIC_SESSIONS_CREATED] = {"syncplay_sessions_created_total", "Sessions that were made.", NULL, NULL},
    [METRIC_SESSIONS_ENDED] = {"syncplay_sessions_ended_total", "Sessions that have ended.", NULL, NULL},
    [METRIC_SESSIONS_RESTORED] = {"syncplay_sessions_restored_total",
        "Sessions that came back from the database.", NULL, NULL},
    [METRIC_SESSIONS_NOT_RESTORED] = {"syncplay_sessions_not_restored_total",
        "Sessions in the database that could not be read.", NULL, NULL},
    [METRIC_CHAT_MESSAGES] = {"syncplay_chat_messages_total", "Chat messages that were accepted.", NULL, NULL},
    [METRIC_CONNECTIONS_OPENED] = {"syncplay_connections_total", "WebSockets that were opened.", NULL, NULL},
    [METRIC_CONNECTIONS_CLOSED] = {"syncplay_connections_closed_total",
        "WebSockets that have ended, by why.", "reason", endings},
    [METRIC_MESSAGES_RECEIVED] = {"syncplay_messages_received_total",
        "Messages from clients, by type, before it is known whether they are right.", "type", message_types},
    [METRIC_ERRORS_TOLD] = {"syncplay_errors_told_total",
        "Errors told to clients on WebSockets, by code.", "code", error_codes + 1},
    [METRIC_DELIVERIES] = {"syncplay_deliveries_total",
        "Messages that were sent, counted once for each WebSocket.", NULL, NULL},
    [METRIC_DELIVERED_BYTES] = {"syncplay_delivered_bytes_total", "Bytes of these messages.", NULL, NULL},
    [METRIC_QUEUE_OVERFLOWS] = {"syncplay_send_queue_overflows_total",
        "WebSockets that were dropped because too much was waiting for them.", NULL, NULL},
    [METRIC_OUTBOX_LOSSES] = {"syncplay_outbox_losses_total",
        "Times that all WebSockets of a shard were dropped because messages were lost.", NULL, NULL},
    [METRIC_REST_REQUESTS] = {"syncplay_rest_requests_total",
        "Requests to the REST API, by class of status.", "status", classes},
};

static const struct {
    const char *name;
    const char *help;
    int64_t bounds[BUCKETS_MAX]; /* microseconds, upwards, up to a 0 */
} histograms[METRIC_HISTOGRAMS] = {
    [METRIC_ROUND_TRIP] = {"syncplay_round_trip_seconds",
                           "Round trips to clients, as measured with pings of the WebSocket.",
                           {5000, 10000, 25000, 50000, 100000, 200000, 400000, 800000, 1600000, 3200000, 0}},
    [METRIC_DRIFT] = {"syncplay_drift_seconds",
                      "How far players were from their party, whether ahead or behind, as they say themselves.",
                      {5000, 10000, 20000, 40000, 80000, 160000, 320000, 640000, 1280000, 5120000, 0}},
};
/* clang-format on */

/* What is longer than a minute counts as a minute in a histogram's sum: anybody may claim to be a day off. */
#define OBSERVED_MAX INT64_C(60000000)

static atomic_uint_fast64_t counts[METRICS][VALUES_MAX];
static atomic_uint_fast64_t buckets[METRIC_HISTOGRAMS][BUCKETS_MAX];
static atomic_uint_fast64_t sums[METRIC_HISTOGRAMS];

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
_Static_assert(COUNT(message_types) <= VALUES_MAX && COUNT(error_codes) <= VALUES_MAX && COUNT(endings) <= VALUES_MAX,
               "each value has its counter");

/* Nobody draws conclusions from the order of two numbers. */
static void add(atomic_uint_fast64_t *number, uint64_t more)
{
    atomic_fetch_add_explicit(number, more, memory_order_relaxed);
}

static uint64_t get(atomic_uint_fast64_t *number)
{
    return atomic_load_explicit(number, memory_order_relaxed);
}

void metrics_add(enum metric metric, uint64_t count)
{
    add(&counts[metric][0], count);
}

void metrics_count(enum metric metric, const char *value)
{
    const struct value *values = metrics[metric].values;
    size_t i = 0;
    while (values[i].counted != NULL && strcmp(values[i].counted, value) != 0)
        i++;
    add(&counts[metric][i], 1);
}

void metrics_observe(enum metric_histogram histogram, int64_t microseconds)
{
    const int64_t *bounds = histograms[histogram].bounds;
    int64_t size = microseconds < 0 && microseconds > -OBSERVED_MAX ? -microseconds : microseconds;
    size_t i = 0;
    if (size < 0 || size > OBSERVED_MAX)
        size = OBSERVED_MAX;
    while (bounds[i] != 0 && size > bounds[i])
        i++;
    add(&buckets[histogram][i], 1);
    add(&sums[histogram], (uint64_t)size);
}

/* --- Writing ------------------------------------------------------------------------------------------------------ */

/* Values that are shown alike stand behind each other: their sum is one sample. */
static void write_values(struct metrics_text *text, size_t metric)
{
    const struct value *values = metrics[metric].values;
    uint64_t sum = 0;
    for (size_t i = 0;; i++) {
        sum += get(&counts[metric][i]);
        bool is_last = values[i].counted == NULL;
        if (!is_last && strcmp(values[i].shown, values[i + 1].shown) == 0)
            continue;
        metrics_text_count(text, metrics[metric].name, metrics[metric].label, values[i].shown, sum);
        sum = 0;
        if (is_last)
            return;
    }
}

static void write_histogram(struct metrics_text *text, size_t histogram)
{
    char name[80];
    char bound[32];
    uint64_t sum = 0;
    const int64_t *bounds = histograms[histogram].bounds;
    size_t i = 0;
    metrics_text_family(text, histograms[histogram].name, "histogram", histograms[histogram].help);
    snprintf(name, sizeof name, "%s_bucket", histograms[histogram].name);
    for (; bounds[i] != 0; i++) {
        sum += get(&buckets[histogram][i]);
        snprintf(bound, sizeof bound, "%" PRId64 ".%03" PRId64, bounds[i] / 1000000, bounds[i] / 1000 % 1000);
        metrics_text_count(text, name, "le", bound, sum);
    }
    sum += get(&buckets[histogram][i]);
    metrics_text_count(text, name, "le", "+Inf", sum);
    snprintf(name, sizeof name, "%s_sum", histograms[histogram].name);
    metrics_text_millionths(text, name, NULL, NULL, (int64_t)get(&sums[histogram]));
    snprintf(name, sizeof name, "%s_count", histograms[histogram].name);
    metrics_text_count(text, name, NULL, NULL, sum);
}

void metrics_write(struct metrics_text *text)
{
    for (size_t i = 0; i < METRICS; i++) {
        metrics_text_family(text, metrics[i].name, "counter", metrics[i].help);
        if (metrics[i].label != NULL)
            write_values(text, i);
        else
            metrics_text_count(text, metrics[i].name, NULL, NULL, get(&counts[i][0]));
    }
    for (size_t i = 0; i < METRIC_HISTOGRAMS; i++)
        write_histogram(text, i);
}
