/* Rolling latency samples, and the lead of a start made of them. Pure. */
#include "latency.h"

void latency_add(struct latency *latency, int64_t one_way, unsigned window)
{
    int64_t sample = one_way < 0 ? 0 : one_way > INT32_MAX ? INT32_MAX : one_way;
    latency->samples[latency->next] = (int32_t)sample;
    latency->next = (uint8_t)((latency->next + 1u) % window);
    if (latency->count < window)
        latency->count++;
    if (latency->recent < window)
        latency->recent++;
}

/* The ring is full and begins with the one that goes next, or it begins at 0 and the next place is behind the last. */
int32_t latency_sample(const struct latency *latency, unsigned index)
{
    return latency->samples[(latency->next + index) % latency->count];
}

void latency_renew(struct latency *latency)
{
    latency->recent = 0;
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

int64_t latency_deviation(const struct latency *latency)
{
    int64_t average = latency_average(latency), sum = 0;
    for (unsigned i = 0; i < latency->count; i++)
        sum += latency->samples[i] < average ? average - latency->samples[i] : latency->samples[i] - average;
    return latency->count ? sum / latency->count : 0;
}

int64_t latency_round_trip(const struct latency *latency)
{
    int64_t least = INT64_MAX;
    for (unsigned i = 1; i <= latency->recent; i++) { /* backwards from the newest */
        int64_t sample = latency_sample(latency, latency->count - i);
        least = sample < least ? sample : least;
    }
    return latency->recent ? 2 * least : -1;
}

int64_t latency_reach(const struct latency *latency)
{
    return latency_average(latency) + LATENCY_LEAD;
}

int64_t latency_need(const struct latency *latency, int64_t start)
{
    int64_t average = latency_average(latency), far = LATENCY_FAR_FACTOR * average;
    int64_t player = start < 0 ? 0 : start > LATENCY_START_MAX ? LATENCY_START_MAX : start;
    return latency_reach(latency) + LATENCY_DEVIATIONS * latency_deviation(latency) + player +
           (far < LATENCY_FAR_MAX ? far : LATENCY_FAR_MAX);
}

int64_t latency_lead(int64_t largest_need, int64_t bound)
{
    int64_t lead = largest_need > LATENCY_LEAD ? largest_need : LATENCY_LEAD;
    return lead < bound ? lead : bound;
}
