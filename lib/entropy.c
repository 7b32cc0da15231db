/*
 * Random bytes from the operating system; the only file that knows where from. That is libuuid, and on Windows, which
 * has none, the system's own generator.
 */
#include <limits.h>
#include <stdint.h>

#include "entropy.h"

#ifdef _WIN32

#include <windows.h>

#include <bcrypt.h>

bool entropy_default(void *user_data, void *bytes, size_t length)
{
    (void)user_data;
    return length <= ULONG_MAX && BCryptGenRandom(NULL, bytes, (ULONG)length, BCRYPT_USE_SYSTEM_PREFERRED_RNG) == 0;
}

#else

#include <uuid/uuid.h>

/* Of a random UUID, bytes 6 and 8 hold its version and variant (RFC 9562): those are left out, 14 are random. */
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

#endif
