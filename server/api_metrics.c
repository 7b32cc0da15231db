/* /metrics: numbers for Prometheus, for those who may know how much is going on here. */
#include "api_call.h"

#include <syncplay/error.h>
#include <syncplay/version.h>

#include "client_address.h"
#include "config.h"
#include "health.h"
#include "loop.h"
#include "metrics.h"
#include "metrics_text.h"
#include "party_census.h"
#include "problem.h"
#include "process_status.h"
#include "webhooks.h"

static void write_now(struct metrics_text *text, struct api *api)
{
    struct party_census census;
    party_census_take(api->parties, &census);
    metrics_text_family(text, "syncplay_build_info", "gauge", "The version of this server.");
    metrics_text_count(text, "syncplay_build_info", "version", SYNCPLAY_VERSION_TEXT, 1);
    metrics_text_gauge(text, "syncplay_sessions", "Sessions that go on.", census.sessions);
    metrics_text_gauge(text, "syncplay_sessions_playing", "Sessions whose film is playing.", census.playing);
    metrics_text_family(text, "syncplay_participants", "gauge", "Seats that are taken, and whether anybody is there.");
    metrics_text_count(text, "syncplay_participants", "state", "connected", census.connected);
    metrics_text_count(text, "syncplay_participants", "state", "away", census.participants - census.connected);
    metrics_text_gauge(text, "syncplay_connections", "WebSockets that are open.", loops_count(api->loops));
}

static void write_store(struct metrics_text *text, const struct health *health)
{
    struct health_report report;
    health_ask(health, &report);
    const struct store_status *store = &report.store;
    metrics_text_gauge(text, "syncplay_healthy", "1 while /healthz says ok, else 0.", report.state == HEALTH_OK);
    metrics_text_family(text, "syncplay_store_lag_seconds", "gauge",
                        "How long the oldest change that is not on disk has been waiting.");
    metrics_text_millionths(text, "syncplay_store_lag_seconds", NULL, NULL, store->lag);
    metrics_text_gauge(text, "syncplay_store_waiting_records", "Changes that are not on disk.", store->waiting);
    metrics_text_gauge(text, "syncplay_store_failing", "1 while the disk takes nothing, else 0.", store->is_failing);
    metrics_text_counter(text, "syncplay_store_transactions_total", "Transactions that were committed.",
                         store->transactions);
    metrics_text_counter(text, "syncplay_store_records_total", "Changes that were written.", store->records);
    metrics_text_counter(text, "syncplay_store_failures_total", "Attempts to write that failed.", store->failures);
    metrics_text_family(text, "syncplay_store_lost_records_total", "counter",
                        "Changes that are lost: against the tables' rules, or more than can wait.");
    metrics_text_count(text, "syncplay_store_lost_records_total", "reason", "refused", store->refused);
    metrics_text_count(text, "syncplay_store_lost_records_total", "reason", "no_room", store->lost);
    if (store->file_bytes >= 0)
        metrics_text_gauge(text, "syncplay_database_bytes", "Size of the database, without its write-ahead log.",
                           (uint64_t)store->file_bytes);
}

static void write_webhooks(struct metrics_text *text, struct webhooks *webhooks)
{
    struct webhooks_counts counts = webhooks_counts(webhooks);
    metrics_text_gauge(text, "syncplay_webhooks_waiting", "Webhooks that wait, or are on their way.", counts.queued);
    metrics_text_family(text, "syncplay_webhooks_total", "counter", "Webhooks, by what became of them.");
    metrics_text_count(text, "syncplay_webhooks_total", "outcome", "delivered", counts.delivered);
    metrics_text_count(text, "syncplay_webhooks_total", "outcome", "given_up", counts.failed);
    metrics_text_count(text, "syncplay_webhooks_total", "outcome", "dropped", counts.dropped);
}

/* By the names that Prometheus' own libraries give them. */
static void write_process(struct metrics_text *text, int64_t unix_started)
{
    struct process_status process;
    metrics_text_family(text, "process_start_time_seconds", "gauge", "When the process started, in Unix time.");
    metrics_text_millionths(text, "process_start_time_seconds", NULL, NULL, unix_started);
    if (!process_status_read(&process))
        return;
    metrics_text_family(text, "process_cpu_seconds_total", "counter", "Processor time, of users and of the kernel.");
    metrics_text_millionths(text, "process_cpu_seconds_total", NULL, NULL, process.cpu);
    metrics_text_gauge(text, "process_resident_memory_bytes", "Memory that is in use.", process.resident_bytes);
    metrics_text_gauge(text, "process_virtual_memory_bytes", "Addresses that are in use.", process.virtual_bytes);
    metrics_text_gauge(text, "process_open_fds", "Open descriptors.", process.open_descriptors);
    metrics_text_gauge(text, "process_max_fds", "Descriptors that may be open.", process.max_descriptors);
    metrics_text_gauge(text, "process_threads", "Threads.", process.threads);
}

/*
 * A proxy on this machine makes everybody local. So whatever came through one is not, whether it is trusted or not, and
 * wherever it says that it came from.
 */
static bool may_know(const struct api_call *call)
{
    const struct client_address *client = call->request->client;
    return call->api->config->metrics == METRICS_FOR_ALL ||
           (address_is_loopback(&client->address) && !client->is_relayed);
}

void api_show_metrics(struct api_call *call)
{
    struct metrics_text text = {0};
    struct http_response *response = call->response;
    if (call->api->config->metrics == METRICS_FOR_NOBODY) {
        problem(response, 404, "not_found", "metrics are switched off (metrics: off)");
        return;
    }
    if (!may_know(call)) {
        problem(response, 403, "forbidden", "metrics are for this machine alone, without a proxy (metrics: loopback)");
        return;
    }
    write_now(&text, call->api);
    metrics_write(&text);
    write_store(&text, call->api->health);
    write_webhooks(&text, call->api->webhooks);
    write_process(&text, call->api->unix_started);
    response->body = metrics_text_finish(&text, &response->body_length);
    response->status = 200;
    response->content_type = METRICS_TEXT_TYPE;
    if (response->body == NULL)
        problem_of(response, SYNCPLAY_ERROR_MEMORY, "");
}
