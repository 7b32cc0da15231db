/*
 * What is read again while the server runs: certificate and key, the key of the accounts' tokens and what belongs to it, and
 * log_level. Everything else counts from the next start.
 */
#ifndef SERVER_RELOAD_H
#define SERVER_RELOAD_H

struct auth;
struct config;
struct http;

/*
 * Reads the configuration again, from where it came from, and the files that it names. If anything in it is wrong the log is
 * told, and nothing changes. From one thread, while all others go on.
 */
void reload(struct config *config, int argc, char **argv, char **environment, struct auth *auth, struct http *http);

#endif
