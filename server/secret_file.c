/* Reading a small file that holds a secret. */
#include "secret_file.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

bool secret_file_read(const char *setting, const char *file, char *bytes, size_t most, size_t *length, char *why,
                      size_t why_size)
{
    FILE *stream = fopen(file, "rb");
    if (stream == NULL) {
        snprintf(why, why_size, "%s: %s: %s", setting, file, strerror(errno));
        return false;
    }
    *length = fread(bytes, 1, most + 1, stream);
    bool is_read = ferror(stream) == 0;
    fclose(stream);
    if (is_read && *length <= most)
        return true;
    snprintf(why, why_size, "%s: %s: it %s", setting, file, is_read ? "is too large for a key" : "cannot be read");
    return false;
}
