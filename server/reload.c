/* Reading the configuration again. All that can fail comes before anything changes. */
#include "reload.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "auth.h"
#include "config.h"
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

void reload(struct config *config, int argc, char **argv, char **environment, struct auth *auth, struct http *http)
{
    char why[WHY_SIZE] = "out of memory";
    struct auth fresh_auth = {0};
    struct webhook_rules unused = {0};
    struct config *fresh = malloc(sizeof *fresh);
    bool is_good = fresh != NULL && config_load(fresh, argc, argv, environment, why, sizeof why) == CONFIG_RUN &&
                   auth_init(&fresh_auth, fresh, why, sizeof why) && auth_may_follow(auth, &fresh_auth, why, sizeof why) &&
                   webhook_rules_init(&unused, fresh, why, sizeof why) && http_reload(http, why, sizeof why);
    if (is_good) {
        auth_follow(auth, &fresh_auth);
        change_level(config->log_level, fresh->log_level);
        config->log_level = fresh->log_level;
        log_info("the configuration was read again");
    } else {
        log_error("the configuration stays as it was reason=%s", why);
    }
    webhook_rules_clear(&unused);
    auth_clear(&fresh_auth);
    free(fresh);
}
