/* Random bytes where the host gave no source: the operating system's. */
#ifndef ENTROPY_H
#define ENTROPY_H

#include <stdbool.h>
#include <stddef.h>

bool entropy_default(void *user_data, void *bytes, size_t length);

#endif
