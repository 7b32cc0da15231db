/*
 * The service manager that has started this process, if one has (systemd, or another that speaks as it does): it is
 * told what goes on. service_manager.c is the only file that knows libsystemd. All of it is for the main thread.
 */
#ifndef SERVER_SERVICE_MANAGER_H
#define SERVER_SERVICE_MANAGER_H

#include <stdbool.h>
#include <stdint.h>

bool service_manager_is_there(void);

/* Whether it wants to be told that we are alive; and how often, in microseconds, so that it never waits in vain. */
bool service_manager_watches(int64_t *interval);

/* Without a service manager these do nothing. */
void service_manager_ready(const char *url);
void service_manager_reloading(void);
void service_manager_alive(void);
void service_manager_stopping(void);

#endif
