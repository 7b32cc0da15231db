/*
 * The Unix-domain socket on which a server takes an operator's orders: where it is, and who may use it. Knows nothing
 * of what is said on it.
 */
#ifndef SERVER_ADMIN_SOCKET_H
#define SERVER_ADMIN_SOCKET_H

#include <stdbool.h>
#include <stddef.h>

/* Of a path, with its zero byte: what the kernel has room for. */
#define ADMIN_SOCKET_PATH_SIZE 108

/* How long the other side may take for each thing that it has to read or to write, in seconds. */
#define ADMIN_SOCKET_PATIENCE 10

/* The path for the setting admin_socket: "" for none. False, and a sentence in `why`, if it is too long. */
bool admin_socket_path(const char *setting, const char *database, char path[ADMIN_SOCKET_PATH_SIZE], char *why,
                       size_t why_size);

/*
 * Makes the socket, mode 0600, in place of one that nobody listens at any more. Returns the descriptor; -1, and a
 * sentence in `why`, if somebody does, if something else is there, or if it cannot be made.
 */
int admin_socket_listen(const char *path, char *why, size_t why_size);

/* Closes it, and removes the file. */
void admin_socket_close(int listener, const char *path);

/* The next connection of the same user or root, which has ADMIN_SOCKET_PATIENCE; -1 if it was somebody else's, or none.
 */
int admin_socket_accept(int listener);

/* Connects to the server there; -1, and errno, if none does listen. */
int admin_socket_connect(const char *path);

#endif
