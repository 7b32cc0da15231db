/*
 * TLS 1.2 and 1.3 with forward secrecy and authenticated encryption, and nothing older; HTTP/1.1 is all that is spoken
 * inside.
 */
#include "tls_context.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <openssl/err.h>
#include <openssl/ssl.h>

#include "log.h"

/* Of TLS 1.2; those of 1.3 are all good. */
#define CIPHERS "ECDHE+AESGCM:ECDHE+CHACHA20"
/* By ALPN: a length and a name. */
#define PROTOCOL "\x08http/1.1"

/* There is nobody to ask for the password of a key, and OpenSSL must not ask the terminal. Notes that it was asked. */
static int no_password(char *buffer, int size, int writing, void *arg)
{
    bool *was_asked = arg;
    (void)buffer;
    (void)size;
    (void)writing;
    *was_asked = true;
    return -1;
}

static int choose_protocol(SSL *ssl, const unsigned char **chosen, unsigned char *length, const unsigned char *offered,
                           unsigned int offered_length, void *arg)
{
    unsigned char *found = NULL;
    (void)ssl;
    (void)arg;
    if (SSL_select_next_proto(&found, length, (const unsigned char *)PROTOCOL, sizeof PROTOCOL - 1, offered,
                              offered_length) != OPENSSL_NPN_NEGOTIATED)
        return SSL_TLSEXT_ERR_ALERT_FATAL;
    *chosen = found;
    return SSL_TLSEXT_ERR_OK;
}

static void set_up(SSL_CTX *context)
{
    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    SSL_CTX_set_cipher_list(context, CIPHERS);
    /* An end without its alert is as good: HTTP and WebSocket say themselves when they are complete. */
    SSL_CTX_set_options(context, SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA | SSL_OP_NO_COMPRESSION |
                                     SSL_OP_NO_RENEGOTIATION | SSL_OP_IGNORE_UNEXPECTED_EOF);
    SSL_CTX_set_mode(context,
                     SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
    /* Sessions are the client's to keep, in tickets. */
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_alpn_select_cb(context, choose_protocol, NULL);
}

/* Whether one may read the file; OpenSSL says it less clearly. */
static bool is_readable(const char *setting, const char *file, char *why, size_t why_size)
{
    if (access(file, R_OK) == 0)
        return true;
    snprintf(why, why_size, "%s: cannot read %s: %s", setting, file, strerror(errno));
    return false;
}

static const char *reason(void)
{
    unsigned long error = ERR_peek_last_error();
    const char *text = error == 0 ? NULL : ERR_reason_error_string(error);
    return text == NULL ? "unknown" : text;
}

static bool read_certificate(SSL_CTX *context, const char *file, char *why, size_t why_size)
{
    if (!is_readable("tls.certificate", file, why, why_size))
        return false;
    if (SSL_CTX_use_certificate_chain_file(context, file) == 1)
        return true;
    snprintf(why, why_size, "tls.certificate: %s is not a PEM file with a certificate: %s", file, reason());
    return false;
}

static bool read_key(SSL_CTX *context, const char *certificate, const char *file, char *why, size_t why_size)
{
    if (!is_readable("tls.key", file, why, why_size))
        return false;
    bool was_asked = false;
    SSL_CTX_set_default_passwd_cb(context, no_password);
    SSL_CTX_set_default_passwd_cb_userdata(context, &was_asked);
    bool is_good = SSL_CTX_use_PrivateKey_file(context, file, SSL_FILETYPE_PEM) == 1;
    SSL_CTX_set_default_passwd_cb_userdata(context, NULL);
    if (is_good && SSL_CTX_check_private_key(context) == 1)
        return true;
    if (was_asked)
        snprintf(why, why_size, "tls.key: %s is encrypted, and there is nobody to ask for the password", file);
    else if (is_good || ERR_GET_LIB(ERR_peek_last_error()) == ERR_LIB_X509)
        snprintf(why, why_size, "tls.key: %s is not the key of the certificate in %s", file, certificate);
    else
        snprintf(why, why_size, "tls.key: %s is not a PEM file with a key: %s", file, reason());
    return false;
}

static void look_at_dates(const SSL_CTX *context, const char *file)
{
    const X509 *certificate = SSL_CTX_get0_certificate(context);
    if (X509_cmp_current_time(X509_get0_notAfter(certificate)) < 0)
        log_warn("the certificate has expired file=%s", file);
    else if (X509_cmp_current_time(X509_get0_notBefore(certificate)) > 0)
        log_warn("the certificate is not valid yet file=%s", file);
}

struct ssl_ctx_st *tls_context_new(const char *certificate, const char *key, char *why, size_t why_size)
{
    ERR_clear_error();
    SSL_CTX *context = SSL_CTX_new(TLS_server_method());
    if (context == NULL) {
        snprintf(why, why_size, "cannot prepare TLS: %s", reason());
        return NULL;
    }
    set_up(context);
    if (read_certificate(context, certificate, why, why_size) && read_key(context, certificate, key, why, why_size)) {
        look_at_dates(context, certificate);
        return context;
    }
    SSL_CTX_free(context);
    ERR_clear_error();
    return NULL;
}

struct ssl_ctx_st *tls_context_share(struct ssl_ctx_st *context)
{
    SSL_CTX_up_ref(context);
    return context;
}

void tls_context_free(struct ssl_ctx_st *context)
{
    SSL_CTX_free(context);
}
