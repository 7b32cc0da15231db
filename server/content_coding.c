/* Reads Accept-Encoding. Knows nothing of files. */
#include "content_coding.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

/* Whether a weight ("q=0.5") says no: nothing but zeros. */
static bool is_refusal(const char *weight, size_t length)
{
    if (length < 3 || strncasecmp(weight, "q=", 2) != 0)
        return false;
    for (size_t i = 2; i < length; i++)
        if (weight[i] != '0' && weight[i] != '.')
            return false;
    return true;
}

bool content_coding_takes_gzip(const char *accept_encoding)
{
    static const char gzip[] = "gzip";
    for (const char *part = accept_encoding; part != NULL && *part != '\0';) {
        part += strspn(part, " \t,");
        size_t length = strcspn(part, ",");
        size_t name = strcspn(part, "; \t,");
        if (name == sizeof gzip - 1 && strncasecmp(part, gzip, name) == 0) {
            const char *weight = part + name + strspn(part + name, " \t;");
            const char *end = part + length;
            return weight >= end || !is_refusal(weight, strcspn(weight, " \t,;"));
        }
        part += length;
    }
    return false;
}
