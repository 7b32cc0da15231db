/* /healthz: whether the server can do its work, for those who watch over it. */
#include "api_call.h"

#include <syncplay/version.h>

#include "health.h"

static void begin(struct json_writer *writer, const char *status)
{
    json_put_object(writer, NULL);
    json_put_text(writer, "status", status);
    json_put_text(writer, "version", SYNCPLAY_VERSION_TEXT);
}

static const char *reason_of(const struct health_report *report)
{
    switch (report->store_state) {
    case HEALTH_STORE_FAILING:
        return report->store.reason;
    case HEALTH_STORE_SLOW:
        return "a change has been waiting for the disk for a long time";
    case HEALTH_STORE_OVERFLOWING:
        return "there are more changes than can wait for the disk: some were lost";
    case HEALTH_STORE_OK:
        break;
    }
    return NULL;
}

void api_show_health(struct api_call *call)
{
    struct json_writer writer = {0};
    struct health_report report;
    health_ask(call->api->health, &report);
    const char *reason = reason_of(&report);
    begin(&writer, health_state_name(report.state));
    json_put_object(&writer, "store");
    json_put_text(&writer, "status", health_store_name(report.store_state));
    json_put_integer(&writer, "lag_ms", report.store.lag / 1000);
    if (reason != NULL)
        json_put_text(&writer, "reason", reason);
    if (report.store.is_failing)
        json_put_time(&writer, "since", report.store.failing_since);
    json_end(&writer);
    json_end(&writer);
    api_reply(call, report.state == HEALTH_OK ? 200 : 503, &writer);
}

void api_show_life(struct api_call *call)
{
    struct json_writer writer = {0};
    begin(&writer, health_state_name(HEALTH_OK));
    json_end(&writer);
    api_reply(call, 200, &writer);
}
