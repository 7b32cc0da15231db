/* Values of settings as they would be written. */
#include "config_show.h"

#include <inttypes.h>
#include <stdio.h>

#include "config.h"
#include "config_setting.h"
#include "config_value.h"

_Static_assert(CONFIG_SHOW_SIZE >= NETWORKS_MAX * (ADDRESS_SIZE + 6), "the longest list has a place");

bool config_show_is_text(const struct setting *setting)
{
    switch (setting->type) {
    case TYPE_LISTEN:
    case TYPE_NETWORKS:
    case TYPE_PATH:
    case TYPE_OPTIONAL_PATH:
    case TYPE_ORIGINS:
    case TYPE_TEXT:
    case TYPE_SECRET:
    case TYPE_ALGORITHM:
        return true;
    default:
        return false;
    }
}

const char *config_show(const struct config *config, const struct setting *setting, char *text, size_t size)
{
    const void *field = (const char *)config + setting->field;
    switch (setting->type) {
    case TYPE_BOOL:
        return *(const bool *)field ? "true" : "false";
    case TYPE_LEVEL:
    case TYPE_LOG_FORMAT:
    case TYPE_METRICS:
        return config_setting_word(setting->type, *(const int *)field);
    case TYPE_NETWORKS:
        networks_write(field, text, size);
        return text;
    case TYPE_COUNT:
        snprintf(text, size, "%" PRIu32, *(const uint32_t *)field);
        return text;
    case TYPE_SIZE:
        config_value_write_size(*(const uint32_t *)field, text, size);
        return text;
    case TYPE_DURATION:
        config_value_write_duration(*(const int64_t *)field, text, size);
        return text;
    case TYPE_MILLISECONDS:
        snprintf(text, size, "%" PRId64, *(const int64_t *)field / 1000);
        return text;
    case TYPE_RATE:
        config_value_write_rate(*(const uint32_t *)field, *(const int64_t *)((const char *)config + setting->second),
                                text, size);
        return text;
    case TYPE_LISTEN:
    case TYPE_PATH:
    case TYPE_OPTIONAL_PATH:
    case TYPE_ORIGINS:
    case TYPE_TEXT:
    case TYPE_SECRET:
    case TYPE_ALGORITHM:
        return field;
    }
    return "";
}
