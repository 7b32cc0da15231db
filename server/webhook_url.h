/* The URLs of receivers of webhooks. webhook_url.c and webhook_sender.c are the only files that know libcurl. */
#ifndef SERVER_WEBHOOK_URL_H
#define SERVER_WEBHOOK_URL_H

#include <stdbool.h>

/* The longest URL, in bytes. */
#define WEBHOOK_URL_MAX 500
/* Of an origin, with its zero byte. */
#define WEBHOOK_ORIGIN_SIZE (WEBHOOK_URL_MAX + 1)

/*
 * Whether that is an http or https URL without user name, password and fragment, of at most WEBHOOK_URL_MAX bytes. Its
 * origin, "https://media.example:8443", is for the log: what comes behind may hold a secret.
 */
bool webhook_url_read(const char *url, char origin[WEBHOOK_ORIGIN_SIZE]);

#endif
