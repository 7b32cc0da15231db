/* Sessions and people as the answers show them. */
#ifndef SERVER_API_OBJECTS_H
#define SERVER_API_OBJECTS_H

#include <syncplay/session.h>

#include "json_writer.h"

/* A session for those who are in it, or, of a public one, for anybody: who the host is, only participants see. */
void api_put_session(struct json_writer *writer, const char *key, const syncplay_session_info *info, bool is_member);

/* All that others see of a session that is not public; `is_friend` of its host, or not. */
void api_put_outline(struct json_writer *writer, const syncplay_session_info *info, bool is_friend);

void api_put_participant(struct json_writer *writer, const char *key, const syncplay_participant_info *info);

#endif
