/*
 * The session that a request's path names. Everything about it is asked and done between place_enter and place_leave,
 * with its shard entered.
 */
#ifndef SERVER_API_PLACE_H
#define SERVER_API_PLACE_H

#include <syncplay/syncplay.h>

#include "api_call.h"
#include "shard.h"

/* A session with its shard entered, and what there was to say about it then. */
struct place {
    struct shard *shard;
    syncplay_hub *hub;
    int64_t now;
    syncplay_id session;
    struct parties *parties;
    bool is_changed; /* the caller has changed the session: that has to be on disk before the answer goes out */
};

/*
 * Enters. False, with nothing entered, after answering that there is no such session, or not any more, or that the caller has
 * named too many that there are not.
 */
bool place_enter(struct api_call *call, struct place *place);
/* The same, for callers who have this right in it; who has not, or is not in it, is answered 403. */
bool place_enter_with(struct api_call *call, struct place *place, syncplay_right right);
/* The same, for callers who want to come in, which is counted where they would have to knock. */
bool place_enter_to_join(struct api_call *call, struct place *place);
/* Leaves; what has changed is on disk then, unless the disk fails at present. */
void place_leave(struct place *place);

syncplay_session_info place_session(const struct place *place);

/* What this user is in the session; false if neither a participant nor one who knocks. */
bool place_find(const struct place *place, const syncplay_id *user, syncplay_participant_info *info);

/* Whether this user is a participant. */
bool place_has(const struct place *place, const syncplay_id *user);

/* The caller, as the library takes users. */
syncplay_user place_caller(const struct api_call *call);

/* Answers an error of the library, in its words. Who is not in the session is told just that. */
void place_refuse(struct api_call *call, const struct place *place, int error);

/* Lets the caller give a command. False after answering why it was refused. */
bool place_submit(struct api_call *call, struct place *place, const syncplay_command *command);

/* All of that for a command that needs no other answer than 204. */
void place_command(struct api_call *call, const syncplay_command *command);

/* ... and of this kind, about the user whom the path names. */
void place_command_on_user(struct api_call *call, syncplay_command_kind kind);

#endif
