/* Finding the empty line. */
#include "head_end.h"

#include <string.h>

bool head_end_is_in(const char *bytes, size_t length)
{
    while (length > 0 && (*bytes == '\r' || *bytes == '\n')) {
        bytes++;
        length--;
    }
    return memmem(bytes, length, "\n\n", 2) != NULL || memmem(bytes, length, "\r\n\r\n", 4) != NULL;
}
