/* The clients of one reactor by number. A number is never used twice, so that a late message finds nobody. */
#ifndef SERVER_CLIENT_TABLE_H
#define SERVER_CLIENT_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct client;
struct client_slot;

struct client_table {
    struct client_slot *slots;
    size_t capacity;
    size_t used;  /* slots below this have been used; the others never */
    size_t count; /* clients */
    size_t first_free; /* a list through the slots that were used and are free; capacity at its end */
};

bool client_table_init(struct client_table *table, size_t capacity);
void client_table_free(struct client_table *table);

/* Returns the client's number; 0 when the table is full. */
uint64_t client_table_add(struct client_table *table, struct client *client);
void client_table_remove(struct client_table *table, uint64_t number);

/* NULL for a number that is nobody's any more. */
struct client *client_table_find(const struct client_table *table, uint64_t number);

/* The client in slot `index`, from 0 to `used`, or NULL. */
struct client *client_table_at(const struct client_table *table, size_t index);

#endif
