/* Token bucket, kept as the one instant at which it is full (the generic cell rate algorithm, ITU-T I.371). Pure. */
#include "token_bucket.h"

bool token_bucket_take(struct token_bucket *bucket, int64_t now, uint32_t count, int64_t period)
{
    int64_t each = period / count, full_at = bucket->full_at > now ? bucket->full_at : now;
    if (full_at + each > now + each * count)
        return false;
    bucket->full_at = full_at + each;
    return true;
}
