/* Whether what the configuration names in the file system is there, as far as the server needs it. Nothing is made. */
#ifndef SERVER_CONFIG_PATHS_H
#define SERVER_CONFIG_PATHS_H

#include <stdbool.h>
#include <stddef.h>

struct config;

/* False, and a sentence in `why` that names setting and path, if it is not. */
bool config_paths_check(const struct config *config, char *why, size_t why_size);

#endif
