/* A certificate and its key, as OpenSSL wants them for connections. Knows what we offer of TLS, and no connection. */
#ifndef SERVER_TLS_CONTEXT_H
#define SERVER_TLS_CONTEXT_H

#include <stddef.h>

struct ssl_ctx_st;

/*
 * Reads two PEM files: the certificate, followed by those that lead to its root, and the key. NULL, and a sentence in
 * `why` that names the setting and the file, if one cannot be read or they do not belong together.
 */
struct ssl_ctx_st *tls_context_new(const char *certificate, const char *key, char *why, size_t why_size);

/* One more who is to free it. */
struct ssl_ctx_st *tls_context_share(struct ssl_ctx_st *context);

/* Connections that use it keep it until they end. NULL is allowed. */
void tls_context_free(struct ssl_ctx_st *context);

#endif
