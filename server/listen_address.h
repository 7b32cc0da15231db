/* Where to listen: the configuration's text as an address, tried out before civetweb gets it. */
#ifndef SERVER_LISTEN_ADDRESS_H
#define SERVER_LISTEN_ADDRESS_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>

#define LISTEN_ADDRESS_SIZE 32

/*
 * Reads "address:port" or "port". False, and a sentence in `why` with the reason of the kernel, if it is not an address or
 * one cannot listen there now.
 */
bool listen_address(const char *listen, struct sockaddr_in *address, char *why, size_t why_size);

/* Writes it as "1.2.3.4:8080". */
void listen_address_write(const struct sockaddr_in *address, char text[LISTEN_ADDRESS_SIZE]);

#endif
