/* All that is counted against abuse. */
#include "quotas.h"

#include "address_limit.h"
#include "config.h"
#include "connection_count.h"
#include "guess_limit.h"

bool quotas_init(struct quotas *quotas, const struct config *config)
{
    const struct guess_rules guesses = {.free = config->guess_free,
                                        .delay = config->guess_delay,
                                        .max_delay = config->guess_max_delay,
                                        .forget = config->guess_forget};
    *quotas = (struct quotas){
        .requests = address_limit_new(config->request_rate_count, config->request_rate_period, config->request_burst),
        .guests = address_limit_new(config->guest_rate_count, config->guest_rate_period, config->guest_rate_count),
        .knocks = address_limit_new(config->knock_rate_count, config->knock_rate_period, config->knock_rate_count),
        .guesses = guess_limit_new(&guesses),
        .connections = connection_count_new(config->max_connections, config->max_connections_per_address,
                                            config->max_connections_per_user)};
    return quotas->requests && quotas->guests && quotas->knocks && quotas->guesses && quotas->connections;
}

void quotas_free(struct quotas *quotas)
{
    address_limit_free(quotas->requests);
    address_limit_free(quotas->guests);
    address_limit_free(quotas->knocks);
    guess_limit_free(quotas->guesses);
    connection_count_free(quotas->connections);
}
