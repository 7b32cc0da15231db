/* A rate limit of `count` per `period`: a bucket that fills steadily. Pure. */
#ifndef TOKEN_BUCKET_H
#define TOKEN_BUCKET_H

#include <stdbool.h>
#include <stdint.h>

struct token_bucket {
    int64_t full_at; /* when it will be full again, if nothing is taken; TOKEN_BUCKET_FULL before the first take */
};

#define TOKEN_BUCKET_FULL INT64_MIN

/* Takes one token if there is one. */
bool token_bucket_take(struct token_bucket *bucket, int64_t now, uint32_t count, int64_t period);

#endif
