/* Percent-encoding (RFC 3986), strictly: of paths, and of the values in a query. */
#ifndef SERVER_PERCENT_H
#define SERVER_PERCENT_H

#include <stdbool.h>
#include <stddef.h>

/* All but what may stand plainly in a path, slashes among it, as %XX. False if it does not fit. */
bool percent_encode(const char *path, char *text, size_t size);

/* False if the text has a % without two digits, or a zero byte comes out of it, or it does not fit. */
bool percent_decode(const char *text, size_t length, char *decoded, size_t size);

enum percent_found { PERCENT_MISSING, PERCENT_FOUND, PERCENT_BAD };

/* The value of the first `name` in a query ("a=1&b=2", or NULL); a + in it is a blank. */
enum percent_found percent_query(const char *query, const char *name, char *value, size_t size);

#endif
