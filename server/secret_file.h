/* The bytes of a small file that holds a secret or a key. Knows not what for. */
#ifndef SERVER_SECRET_FILE_H
#define SERVER_SECRET_FILE_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Reads a whole file into `bytes`, which has room for `most` bytes and one more. False, and a sentence in `why` that
 * begins with the setting that names the file, if it cannot be read or is larger.
 */
bool secret_file_read(const char *setting, const char *file, char *bytes, size_t most, size_t *length, char *why,
                      size_t why_size);

#endif
