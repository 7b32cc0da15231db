/* How a receiver knows that a webhook is from here, and when it was sent. Knows libcrypto, and nothing of what is sent. */
#ifndef SERVER_WEBHOOK_SIGNATURE_H
#define SERVER_WEBHOOK_SIGNATURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* "v1=", 64 hexadecimal digits, a zero byte. */
#define WEBHOOK_SIGNATURE_SIZE 68

/* HMAC-SHA256 over the time in decimal, a dot, and the body. False when out of memory. */
bool webhook_sign(const char *secret, size_t secret_length, int64_t unix_seconds, const char *body, size_t length,
                  char signature[WEBHOOK_SIGNATURE_SIZE]);

#endif
