/* Rolling latency samples and the start lead made of them. Pure. */
#include "latency.h"

void latency_add(struct latency *latency, int64_t one_way, unsigned window)
{
    int64_t sample = one_way < 0 ? 0 : one_way > INT32_MAX ? INT32_MAX : one_way;
    if (latency->next >= window)
        latency->next = 0;
    latency->samples[latency->next] = (int32_t)sample;
    latency->next = (uint8_t)((latency->next + 1u) % window);
    if (latency->count < window)
        latency->count++;
}

int64_t latency_average(const struct latency *latency)
{
    int64_t sum = 0;
    for (unsigned i = 0; i < latency->count; i++)
        sum += latency->samples[i];
    return latency->count ? sum / latency->count : 0;
}

int64_t latency_maximum(const struct latency *latency)
{
    int32_t most = 0;
    for (unsigned i = 0; i < latency->count; i++)
        if (latency->samples[i] > most)
            most = latency->samples[i];
    return most;
}

int64_t latency_lead(int64_t slowest_average, int64_t bound)
{
    int64_t lead = slowest_average + LATENCY_LEAD;
    return lead < bound ? lead : bound;
}
