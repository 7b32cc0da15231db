/* The version that is linked, as against the one in the headers. */
#include <syncplay/version.h>

const char *syncplay_version(void)
{
    return SYNCPLAY_VERSION_TEXT;
}
