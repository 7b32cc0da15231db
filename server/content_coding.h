/* What a client says of codings of content: the header Accept-Encoding of RFC 9110, 12.5.3. Knows nothing of files. */
#ifndef SERVER_CONTENT_CODING_H
#define SERVER_CONTENT_CODING_H

#include <stdbool.h>

/* Whether gzip is named and not refused (q=0). A NULL header, and `*`, promise nothing. */
bool content_coding_takes_gzip(const char *accept_encoding);

#endif
