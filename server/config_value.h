/* The values of settings as text: `4h`, `10/minute`, `256K`, `127.0.0.1:8080`. Knows no setting by name. */
#ifndef SERVER_CONFIG_VALUE_H
#define SERVER_CONFIG_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Each returns false, and leaves the result as it was, if the text is not of its form. */
bool config_value_bool(const char *text, bool *value);                     /* true, false */
bool config_value_whole(const char *text, int64_t *value);                 /* 20 */
bool config_value_size(const char *text, int64_t *bytes);                  /* 262144, 256K, 1M */
bool config_value_duration(const char *text, int64_t *microseconds);       /* 500ms, 90s, 30m, 4h */
bool config_value_rate(const char *text, int64_t *count, int64_t *period); /* 10/minute, /second, /hour */

/* Whether that is an address or name and a port, or a port alone. No IPv6: one colon is all there is. */
bool config_value_is_listen(const char *text);

/* Writes a duration, or a size, in the largest unit that divides it. */
void config_value_write_duration(int64_t microseconds, char *text, size_t size);
void config_value_write_size(int64_t bytes, char *text, size_t size);

/* Writes a rate: so many in one of the periods that config_value_rate knows. */
void config_value_write_rate(int64_t count, int64_t period, char *text, size_t size);

#endif
