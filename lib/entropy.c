/*
 * Random bytes from libuuid, the only file that knows it. Of a random UUID, bytes 6 and 8 hold its version and variant
 * (RFC 9562): those are left out, the other 14 are from the system's CSPRNG.
 */
#include <stdint.h>

#include <uuid/uuid.h>

#include "entropy.h"

bool entropy_default(void *user_data, void *bytes, size_t length)
{
    uint8_t *out = bytes;
    (void)user_data;
    while (length) {
        uuid_t uuid;
        uuid_generate_random(uuid);
        for (size_t i = 0; i < sizeof uuid && length; i++)
            if (i != 6 && i != 8) {
                *out++ = uuid[i];
                length--;
            }
    }
    return true;
}
