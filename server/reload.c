/* Reading the configuration again. All that can fail comes before anything changes. */
#include "reload.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "auth.h"
#include "config.h"
#include "config_setting.h"
#include "config_show.h"
#include "http.h"
#include "log.h"
#include "webhook_rules.h"

#define WHY_SIZE 512

/* The lower of both levels hears of it. */
static void change_level(int before, int now)
{
    if (now == before)
        return;
    log_set_level((enum log_level)(now < before ? now : before));
    log_info("log_level has changed now=%s before=%s", log_level_name((enum log_level)now),
             log_level_name((enum log_level)before));
    log_set_level((enum log_level)now);
}

/* Those that count at once; and the one that the server itself has lowered if it may not open as many descriptors. */
static bool is_told_otherwise(const char *key)
{
    static const char *const keys[] = {"log_level",       "auth.jwt.algorithm", "auth.jwt.key",    "auth.jwt.key_file",
                                       "auth.jwt.kid",    "auth.jwt.audience",  "auth.jwt.leeway", "max_connections"};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        if (strcmp(key, keys[i]) == 0)
            return true;
    return false;
}

/* Whoever has changed something else is told that it has to wait. */
static void tell_what_waits(const struct config *config, const struct config *fresh)
{
    const struct setting *setting;
    char before[CONFIG_SHOW_SIZE];
    char now[CONFIG_SHOW_SIZE];
    for (size_t i = 0; (setting = config_setting_at(i)) != NULL; i++)
        if (!is_told_otherwise(setting->key) && strcmp(config_show(config, setting, before, sizeof before),
                                                       config_show(fresh, setting, now, sizeof now)) != 0)
            log_warn("a change counts from the next start setting=%s", setting->key);
}

void reload(struct config *config, int argc, char **argv, char **environment, struct auth *auth, struct http *http)
{
    char why[WHY_SIZE] = "out of memory";
    struct auth fresh_auth = {0};
    struct webhook_rules unused = {0};
    struct config *fresh = malloc(sizeof *fresh);
    bool is_good = fresh != NULL && config_load(fresh, argc, argv, environment, why, sizeof why) == CONFIG_RUN &&
                   auth_init(&fresh_auth, fresh, why, sizeof why) &&
                   auth_may_follow(auth, &fresh_auth, why, sizeof why) &&
                   webhook_rules_init(&unused, fresh, why, sizeof why) && http_reload(http, why, sizeof why);
    if (is_good) {
        auth_follow(auth, &fresh_auth);
        change_level(config->log_level, fresh->log_level);
        config->log_level = fresh->log_level;
        tell_what_waits(config, fresh);
        log_info("the configuration was read again");
    } else {
        log_error("the configuration stays as it was reason=%s", why);
    }
    webhook_rules_clear(&unused);
    auth_clear(&fresh_auth);
    free(fresh);
}
