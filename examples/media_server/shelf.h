/*
 * The "database": a folder with a file for each party, and one whose time tells how long the server has lived. It must
 * not know what is in the files.
 */
#ifndef SHELF_H
#define SHELF_H

#include <syncplay/syncplay.h>

#define MAX_PARTY 1048576 /* bytes of one saved party */

/* False, with errno, if the folder cannot be made. */
bool shelf_open(const char *folder);

/* Whole or not at all, whenever the power goes. False, with errno, if it is not there then. */
bool shelf_put(const char *folder, const syncplay_id *party, const char *bytes, size_t length);
void shelf_remove(const char *folder, const syncplay_id *party);

/* Gives each party's bytes to `take`. */
void shelf_read(const char *folder, void (*take)(void *user_data, const char *bytes, size_t length), void *user_data);

/* Writes down that the server is alive, and tells until when it was that, the last time (Unix time, microseconds). */
void shelf_beat(const char *folder);
int64_t shelf_alive(const char *folder);

#endif
