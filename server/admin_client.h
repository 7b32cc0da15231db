/* The other end of the operator's door: asks a running server. Knows nothing of what is asked. */
#ifndef SERVER_ADMIN_CLIENT_H
#define SERVER_ADMIN_CLIENT_H

#include <stddef.h>

#include "overview.h"

enum admin_outcome {
    ADMIN_DONE,
    ADMIN_REFUSED,  /* by the server, or it did not answer to the end; `why` says it */
    ADMIN_NO_SERVER /* none listens at this path */
};

/* Sends a request (a JSON object, see admin.h) and gives the rows of the answer but for the last. */
enum admin_outcome admin_ask(const char *path, const char *request, const struct overview *overview, char *why,
                             size_t why_size);

#endif
