/* Rows of an overview for people: lines with columns. Knows nothing of where they come from. */
#ifndef SERVER_ADMIN_TABLE_H
#define SERVER_ADMIN_TABLE_H

#include <stdbool.h>
#include <stddef.h>

struct json;

/* What kind of row the last one was; a heading is printed before the first of each kind. */
struct admin_table {
    const void *kind;
};

/* Prints a row on standard output. False if it is of no known kind. */
bool admin_table_put(struct admin_table *table, const struct json *row);

#endif
