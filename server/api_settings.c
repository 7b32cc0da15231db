/* A session's settings in JSON. Knows their names; what they do is the library's business. */
#include "api_settings.h"

#include "api_fields.h"
#include "config.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* Their numbers count from 0, so that a word's place in its list is its number. */
_Static_assert(SYNCPLAY_FRIENDS == 2 && SYNCPLAY_CONTROL_HOST == 1, "the lists below say so");
_Static_assert(SYNCPLAY_STRANGERS_KNOCK == 1 && SYNCPLAY_WAIT_NOBODY == 2, "the lists below say so");

static bool read_visibility(struct api_call *call, syncplay_visibility *visibility)
{
    const char *const words[] = {syncplay_visibility_name(SYNCPLAY_PUBLIC), syncplay_visibility_name(SYNCPLAY_PRIVATE),
                                 syncplay_visibility_name(SYNCPLAY_FRIENDS)};
    size_t index = (size_t)*visibility;
    bool good = api_read_word(call, "visibility", words, COUNT(words), &index);
    *visibility = (syncplay_visibility)index;
    return good;
}

static bool read_control(struct api_call *call, syncplay_control *control)
{
    const char *const words[] = {syncplay_control_name(SYNCPLAY_CONTROL_EVERYONE),
                                 syncplay_control_name(SYNCPLAY_CONTROL_HOST)};
    size_t index = (size_t)*control;
    bool good = api_read_word(call, "control", words, COUNT(words), &index);
    *control = (syncplay_control)index;
    return good;
}

static bool read_strangers(struct api_call *call, syncplay_strangers *strangers)
{
    const char *const words[] = {syncplay_strangers_name(SYNCPLAY_STRANGERS_REFUSE),
                                 syncplay_strangers_name(SYNCPLAY_STRANGERS_KNOCK)};
    size_t index = (size_t)*strangers;
    bool good = api_read_word(call, "strangers", words, COUNT(words), &index);
    *strangers = (syncplay_strangers)index;
    return good;
}

static bool read_wait(struct api_call *call, syncplay_wait *wait)
{
    const char *const words[] = {syncplay_wait_name(SYNCPLAY_WAIT_EVERYONE),
                                 syncplay_wait_name(SYNCPLAY_WAIT_CONTROLLERS),
                                 syncplay_wait_name(SYNCPLAY_WAIT_NOBODY)};
    size_t index = (size_t)*wait;
    bool good = api_read_word(call, "wait", words, COUNT(words), &index);
    *wait = (syncplay_wait)index;
    return good;
}

static bool read_max_participants(struct api_call *call, uint32_t *most)
{
    int64_t value = *most;
    bool good = api_read_integer(call, "max_participants", 1, call->api->config->max_participants, &value);
    *most = (uint32_t)value;
    return good;
}

static uint32_t find_settings(const struct api_call *call)
{
    static const struct {
        const char *key;
        uint32_t setting;
    } all[] = {
        {"visibility", SYNCPLAY_SETTING_VISIBILITY},
        {"control", SYNCPLAY_SETTING_CONTROL},
        {"max_participants", SYNCPLAY_SETTING_MAX_PARTICIPANTS},
        {"chat_enabled", SYNCPLAY_SETTING_CHAT_ENABLED},
        {"strangers", SYNCPLAY_SETTING_STRANGERS},
        {"wait", SYNCPLAY_SETTING_WAIT},
    };
    uint32_t mask = 0;
    for (size_t i = 0; i < COUNT(all); i++)
        if (api_has(call, all[i].key))
            mask |= all[i].setting;
    return mask;
}

bool api_read_settings(struct api_call *call, syncplay_settings *settings, uint32_t *mask)
{
    syncplay_settings_default(settings, sizeof *settings);
    *mask = find_settings(call);
    return read_visibility(call, &settings->visibility) && read_control(call, &settings->control) &&
           read_max_participants(call, &settings->max_participants) &&
           api_read_bool(call, "chat_enabled", &settings->chat_enabled) && read_strangers(call, &settings->strangers) &&
           read_wait(call, &settings->wait);
}

void api_put_settings(struct json_writer *writer, const syncplay_settings *settings)
{
    json_put_text(writer, "visibility", syncplay_visibility_name(settings->visibility));
    json_put_text(writer, "control", syncplay_control_name(settings->control));
    json_put_integer(writer, "max_participants", settings->max_participants);
    json_put_bool(writer, "chat_enabled", settings->chat_enabled);
    json_put_text(writer, "strangers", syncplay_strangers_name(settings->strangers));
    json_put_text(writer, "wait", syncplay_wait_name(settings->wait));
}
