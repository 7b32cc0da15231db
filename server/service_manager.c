/* The service manager, as sd_notify(3) and sd_watchdog_enabled(3) have it. */
#include "service_manager.h"

#include <stddef.h>
#include <stdlib.h>

#include <systemd/sd-daemon.h>

/* So that one word may come late, and another still comes in time. */
#define WORDS_IN_TIME 3

bool service_manager_is_there(void)
{
    const char *socket = getenv("NOTIFY_SOCKET");
    return socket != NULL && socket[0] != '\0';
}

bool service_manager_watches(int64_t *interval)
{
    uint64_t patience = 0;
    if (sd_watchdog_enabled(0, &patience) <= 0)
        return false;
    *interval = (int64_t)(patience / WORDS_IN_TIME);
    return true;
}

void service_manager_ready(const char *url)
{
    sd_notifyf(0, "READY=1\nSTATUS=listening on %s", url);
}

void service_manager_reloading(void)
{
    sd_notify(0, "RELOADING=1\nSTATUS=reading the configuration again");
}

void service_manager_alive(void)
{
    sd_notify(0, "WATCHDOG=1");
}

void service_manager_stopping(void)
{
    sd_notify(0, "STOPPING=1\nSTATUS=going down");
}
