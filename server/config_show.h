/* Values of settings as they would be written: the way back of config_setting_set. */
#ifndef SERVER_CONFIG_SHOW_H
#define SERVER_CONFIG_SHOW_H

#include <stdbool.h>
#include <stddef.h>

struct config;
struct setting;

/* The longest value that is made from numbers, with its zero byte: a list of networks. */
#define CONFIG_SHOW_SIZE 4096

/* The value of a setting, in `text` or in the configuration itself. Secrets, too. */
const char *config_show(const struct config *config, const struct setting *setting, char *text, size_t size);

/* Whether values of this setting may hold anything, so that they need quotation marks. */
bool config_show_is_text(const struct setting *setting);

#endif
