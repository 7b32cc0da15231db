/* A session's settings, as requests name them and answers show them. */
#ifndef SERVER_API_SETTINGS_H
#define SERVER_API_SETTINGS_H

#include <syncplay/command.h>

#include "api_call.h"

/* Reads those that the body holds, of which *mask tells (SYNCPLAY_SETTING_...); the others are the library's defaults.
 * False after answering what is wrong. */
bool api_read_settings(struct api_call *call, syncplay_settings *settings, uint32_t *mask);

void api_put_settings(struct json_writer *writer, const syncplay_settings *settings);

#endif
