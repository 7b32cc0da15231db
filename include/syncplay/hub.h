/*
 * The hub: many sessions, their participants and connections, and one deadline for all of them.
 *
 * Life of a hub in a host application:
 *
 *     syncplay_hub_new
 *     syncplay_hub_create                      a session, for its host
 *     syncplay_hub_connect                     somebody's connection was accepted
 *     syncplay_hub_receive | _submit           bytes, or a typed command, came on it
 *     syncplay_hub_tick                        at or after syncplay_hub_deadline
 *     syncplay_hub_disconnect                  the connection is gone
 *     syncplay_hub_free
 *
 * Unless its comment says otherwise, a function here returns SYNCPLAY_OK or an error, and on an error nothing
 * has changed. SYNCPLAY_ERROR_ARGUMENT (a missing or wrong argument), SYNCPLAY_ERROR_MEMORY and, for functions
 * that take a non-const hub, SYNCPLAY_ERROR_REENTRANT are possible everywhere and not listed each time. Nothing has the id NULL:
 * that is SYNCPLAY_ERROR_NOT_FOUND.
 */
#ifndef SYNCPLAY_HUB_H
#define SYNCPLAY_HUB_H

#include <syncplay/command.h>
#include <syncplay/error.h>
#include <syncplay/event.h>
#include <syncplay/session.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A hub; what is in it is the library's. */
typedef struct syncplay_hub syncplay_hub;

/* Settings of a hub; they hold for its whole life. Durations are microseconds, 1 to 10 years where nothing else is said. */
typedef struct syncplay_hub_config {
    size_t struct_size;

    int64_t unix_time;             /* microseconds since the Unix epoch at the `now` of syncplay_hub_new; 0 to 2^53 */

    uint32_t max_sessions;         /* 100000; 1 or more */
    uint32_t max_participants;     /* 20; what a session may ask for at most; 1 to SYNCPLAY_PARTICIPANTS_LIMIT */
    uint32_t max_knocks;           /* 20; who knock at one session at the same time; 0 or more */
    uint32_t max_message_bytes;    /* 16384; of one wire message from a client; 64 to 2^24 */
    int64_t session_timeout;       /* 4 h without anybody, or without anything happening */
    int64_t seat_grace;            /* 90 s; a disconnected participant's seat is kept that long */
    int64_t knock_timeout;         /* 5 min */

    uint32_t latency_samples;      /* 10; the rolling average's window; 1 to 32 */
    int64_t max_latency;           /* 5 s one way; an average above removes the participant */
    int64_t max_lead;              /* 2 s; bound on how far ahead a start is scheduled */

    int64_t ready_threshold;       /* 1 s of media buffered makes a participant ready */
    int64_t stall_tolerance;       /* 1 s; a shorter stall stops nobody else */
    int64_t wait_timeout;          /* 10 s; the longest single wait for anybody */
    int64_t wait_budget;           /* 30 s; what the others wait for one participant, before it is excused for good;
                                      comes back at a tenth of the playing time */

    bool chat_enabled;             /* true; false forbids chat, and reactions, in every session */
    uint32_t chat_max_length;      /* 500 characters; 1 to 100000 */
    uint32_t chat_rate_count;      /* 10 messages (at least 1, at most one a microsecond) ... */
    int64_t chat_rate_period;      /* ... a minute, for each participant (token bucket) */
    uint32_t chat_history;         /* 50 messages kept for those who join later; 0 to 1000 */

    uint32_t code_length;          /* 8; SYNCPLAY_CODE_MIN to SYNCPLAY_CODE_MAX */
    uint32_t shard_index;          /* 0; below shard_count; see syncplay_code_shard */
    uint32_t shard_count;          /* 1; 1 to 4096 */

    int64_t away_after;            /* 5 s; who comes back sooner was never away, as far as the others know; 0 to 1 day */
    int64_t kick_cooldown;         /* 5 min; who was kicked may not come in before; 0 to 10 years */
    uint32_t max_invitations;      /* 100 of one session that can still be used; 0 to 10000 */
    uint32_t max_removed;          /* 256 users of one session: banned, kicked lately, or gone with a restriction, or in debt
                                      (chat, waiting); when it is full the oldest is forgotten of those who only are in
                                      debt, or else of those who are not banned; 1 to 10000 */
    uint32_t replay_bytes;         /* 65536; of the last messages of the whole hub, kept to be sent again to those who
                                      come back with a cursor; 0 to 2^30 */

    uint32_t reaction_max_length;  /* 10 characters, as many as the longest emoji of Unicode 16 has; 1 to 64. Since 0.4 */
    uint32_t reaction_rate_count;  /* 5 reactions at once, and as many again in ... Since 0.4 */
    int64_t reaction_rate_period;  /* ... 10 s, for each participant (token bucket). Since 0.4 */
} syncplay_hub_config;

/* Fills in the defaults named above; unix_time is 0. */
SYNCPLAY_API void syncplay_hub_config_default(syncplay_hub_config *config, size_t struct_size);

/*
 * Whether a hub can be made with these settings (NULL: the defaults). `why` gets a sentence that names the setting and its
 * range, and a zero byte, cut to `why_size` bytes in all; "" if they are good. NULL is allowed with 0. Callbacks: none. Errors:
 * SYNCPLAY_ERROR_ARGUMENT. Since 0.4.
 */
SYNCPLAY_API int syncplay_hub_config_check(const syncplay_hub_config *config, char *why, size_t why_size);

/* What the hub calls. Each may be NULL. `user_data` is the one given to syncplay_hub_new. */
typedef struct syncplay_hub_callbacks {
    size_t struct_size;

    /*
     * Send `length` bytes (one JSON object, UTF-8, no zero byte) to each of `count` connections: one broadcast
     * is encoded once. Both arrays belong to the hub and live until the callback returns.
     */
    void (*deliver)(void *user_data, const uint64_t *connections, size_t count, const char *bytes, size_t length);

    /* Something happened; the same facts as on the wire, typed. */
    void (*event)(void *user_data, const syncplay_event *event);

    /* Whether `user` is a friend of `host`. NULL: nobody is. Called before anything changes. */
    bool (*are_friends)(void *user_data, const syncplay_id *host, const syncplay_id *user);

    /* Fill in `length` bytes from a cryptographically secure source; false on failure. NULL: the system's. Without them a join
     * comes in all the same, but without a resume token. */
    bool (*entropy)(void *user_data, void *bytes, size_t length);

    /*
     * Memory, in the manner of realloc: pointer NULL allocates, size 0 frees and returns NULL, NULL otherwise
     * is a failure. NULL: the C library's. It calls nothing of the library, which is in the midst of a change.
     */
    void *(*allocate)(void *user_data, void *pointer, size_t size);

    /*
     * Whether `user` may do this. NULL: everybody may. Called before anything changes, and again for each list of rights that
     * is told (you, state, syncplay_participant_info).
     */
    bool (*has_permission)(void *user_data, const syncplay_id *user, syncplay_permission permission);

    /*
     * Why `content` may not be watched: a sentence for the user that names field and limit, at most 199 bytes, which lives
     * until the next call of this; NULL if it may be. NULL: everything may, within the limits of syncplay_content. Called
     * before anything changes. A url goes to everybody's player: whatever the host application's players would run, such as
     * javascript:, should be refused here.
     */
    const char *(*refuse_content)(void *user_data, const syncplay_content *content);
} syncplay_hub_callbacks;

/* Fills in NULL everywhere. */
SYNCPLAY_API void syncplay_hub_callbacks_default(syncplay_hub_callbacks *callbacks, size_t struct_size);

/*
 * Makes a hub. `config` and `callbacks` are copied; either may be NULL for the defaults. *hub belongs to the
 * caller, who frees it with syncplay_hub_free. Callbacks: allocate. Errors: SYNCPLAY_ERROR_ARGUMENT (a setting is out of the
 * range that stands at it: syncplay_hub_config_check says which).
 */
SYNCPLAY_API int syncplay_hub_new(syncplay_hub **hub, int64_t now, const syncplay_hub_config *config,
                                  const syncplay_hub_callbacks *callbacks, void *user_data);

/* Frees the hub and all that is in it, without telling anybody. NULL is allowed. From inside a callback it does nothing.
 * Callbacks: allocate. */
SYNCPLAY_API void syncplay_hub_free(syncplay_hub *hub);

/*
 * Why the last call that was not const failed: a sentence that names field and limit, those of the wire in its words and units
 * (`position` is its position_ms); "" if it did not fail. Const functions, and a call that is refused as
 * SYNCPLAY_ERROR_REENTRANT, leave it as it is. Belongs to the hub; lives until the next call that is not const.
 */
SYNCPLAY_API const char *syncplay_hub_why(const syncplay_hub *hub);

/* The Unix time, in microseconds, of the instant `now` on this hub's timeline. */
SYNCPLAY_API int64_t syncplay_hub_unix(const syncplay_hub *hub, int64_t now);

/* --- Time ------------------------------------------------------------------------------------------------- */

/*
 * The instant at which syncplay_hub_tick has something to do, or SYNCPLAY_NEVER. Costs nothing; ask after each call.
 */
SYNCPLAY_API int64_t syncplay_hub_deadline(const syncplay_hub *hub);

/*
 * Does all that is due at `now`: starts, excuses, gives seats away, ends sessions. May come early (does nothing)
 * or late (does what was due). Costs what is due, however many sessions there are. Callbacks: deliver, event.
 * SYNCPLAY_ERROR_MEMORY leaves what was not done due.
 */
SYNCPLAY_API int syncplay_hub_tick(syncplay_hub *hub, int64_t now);

/* --- Sessions --------------------------------------------------------------------------------------------- */

/*
 * Makes a session and gives `host` the first seat, not connected yet. `settings` may be NULL for the defaults.
 * *session is set to its id. Callbacks: refuse_content, has_permission, entropy, event (CREATED).
 * Errors: SYNCPLAY_ERROR_FIELD, SYNCPLAY_ERROR_FORBIDDEN (without SYNCPLAY_PERMISSION_CREATE), SYNCPLAY_ERROR_LIMIT
 * (max_sessions), SYNCPLAY_ERROR_ENTROPY.
 */
SYNCPLAY_API int syncplay_hub_create(syncplay_hub *hub, int64_t now, const syncplay_user *host,
                                     const syncplay_content *content, const syncplay_settings *settings,
                                     syncplay_id *session);

/*
 * Ends a session, whoever is in it; all are told `reason`, of which SYNCPLAY_REASON_NONE is SYNCPLAY_REASON_SHUTDOWN. Callbacks: deliver, event (ENDED).
 * Errors: SYNCPLAY_ERROR_NOT_FOUND. For "the host ends it" see SYNCPLAY_COMMAND_END.
 */
SYNCPLAY_API int syncplay_hub_end(syncplay_hub *hub, int64_t now, const syncplay_id *session, syncplay_reason reason);

/*
 * Finds a session by its code, as typed (`length` bytes). Errors: SYNCPLAY_ERROR_NOT_FOUND;
 * SYNCPLAY_ERROR_ENDED if it ended lately.
 */
SYNCPLAY_API int syncplay_hub_find(const syncplay_hub *hub, const char *code, size_t length, syncplay_id *session);

/* How many sessions there are. */
SYNCPLAY_API size_t syncplay_hub_count(const syncplay_hub *hub);

/* Writes the ids of up to `capacity` sessions, in no particular order; returns how many it wrote. */
SYNCPLAY_API size_t syncplay_hub_list(const syncplay_hub *hub, syncplay_id *sessions, size_t capacity);

/* Answers about a session at `now`. The caller has set info->struct_size. Errors: SYNCPLAY_ERROR_NOT_FOUND. */
SYNCPLAY_API int syncplay_hub_session(const syncplay_hub *hub, int64_t now, const syncplay_id *session,
                                      syncplay_session_info *info);

/*
 * Answers about the participant number `index` (from 0, in order of joining; those who knock are among them).
 * The caller has set info->struct_size. Callbacks: has_permission. Errors: SYNCPLAY_ERROR_NOT_FOUND for the session and past
 * the last one.
 */
SYNCPLAY_API int syncplay_hub_participant(const syncplay_hub *hub, const syncplay_id *session, size_t index,
                                          syncplay_participant_info *info);

/* The same, for one user. Callbacks: has_permission. Errors: SYNCPLAY_ERROR_NOT_FOUND. */
SYNCPLAY_API int syncplay_hub_participant_of(const syncplay_hub *hub, const syncplay_id *session,
                                             const syncplay_id *user, syncplay_participant_info *info);

/*
 * Answers about the invitation number `index` of those that can still be used at `now`, oldest first. The caller has set
 * info->struct_size. Errors: SYNCPLAY_ERROR_NOT_FOUND for the session and past the last one. Since 0.2.
 */
SYNCPLAY_API int syncplay_hub_invitation(const syncplay_hub *hub, int64_t now, const syncplay_id *session, size_t index,
                                         syncplay_invitation_info *info);

/* The same about the users who may not come in at `now`: banned, or kicked less than kick_cooldown ago. Since 0.2. */
SYNCPLAY_API int syncplay_hub_removed(const syncplay_hub *hub, int64_t now, const syncplay_id *session, size_t index,
                                      syncplay_removed_info *info);

/* --- Connections ------------------------------------------------------------------------------------------ */

/*
 * A connection of `user` exists; `connection` is the caller's own number for it (not 0, not in use in this hub).
 * A user may have several. It belongs to no session until a join. Callbacks: none. Errors: SYNCPLAY_ERROR_EXISTS.
 */
SYNCPLAY_API int syncplay_hub_connect(syncplay_hub *hub, int64_t now, uint64_t connection, const syncplay_user *user);

/*
 * The connection is gone. The participant's seat, if any, is kept for the grace time; to give it up, submit
 * SYNCPLAY_COMMAND_LEAVE first. Callbacks: deliver, event. Errors: SYNCPLAY_ERROR_NOT_FOUND.
 */
SYNCPLAY_API int syncplay_hub_disconnect(syncplay_hub *hub, int64_t now, uint64_t connection);

/*
 * The session in which a connection has its seat, or knocks, now. Errors: SYNCPLAY_ERROR_NOT_FOUND (no such connection),
 * SYNCPLAY_ERROR_NOT_JOINED.
 */
SYNCPLAY_API int syncplay_hub_session_of(const syncplay_hub *hub, uint64_t connection, syncplay_id *session);

/*
 * A client does something: the one door for every command. Callbacks: refuse_content, are_friends, has_permission, entropy,
 * deliver, event.
 * Errors: SYNCPLAY_ERROR_NOT_FOUND (connection, code, or whom it is about), SYNCPLAY_ERROR_NOT_JOINED,
 * SYNCPLAY_ERROR_JOINED, SYNCPLAY_ERROR_FULL, SYNCPLAY_ERROR_ENDED, SYNCPLAY_ERROR_REMOVED,
 * SYNCPLAY_ERROR_FORBIDDEN, SYNCPLAY_ERROR_STALE, SYNCPLAY_ERROR_DUPLICATE, SYNCPLAY_ERROR_RATE,
 * SYNCPLAY_ERROR_CHAT_DISABLED, SYNCPLAY_ERROR_LIMIT, SYNCPLAY_ERROR_FIELD, SYNCPLAY_ERROR_INVITATION,
 * SYNCPLAY_ERROR_RESUME, SYNCPLAY_ERROR_ENTROPY.
 */
SYNCPLAY_API int syncplay_hub_submit(syncplay_hub *hub, int64_t now, uint64_t connection,
                                     const syncplay_command *command);

/*
 * The same for a user without a connection, by session and user: a REST call, a bot. SYNCPLAY_COMMAND_JOIN takes a
 * seat that is not connected and is kept for the grace time; a user who sits already keeps the seat as it is. For
 * SYNCPLAY_COMMAND_INVITE there is syncplay_hub_invite; here it is SYNCPLAY_ERROR_ARGUMENT, as is SYNCPLAY_COMMAND_PING.
 */
SYNCPLAY_API int syncplay_hub_submit_for(syncplay_hub *hub, int64_t now, const syncplay_id *session,
                                         const syncplay_user *user, const syncplay_command *command);

/*
 * SYNCPLAY_COMMAND_INVITE by a user who sits, without a connection: `command` as for syncplay_hub_submit. *info (its
 * struct_size set by the caller) tells about the invitation, `token` is what to put into the link: it is told this once,
 * and whoever brings it to a join comes in. Callbacks and errors: as syncplay_hub_submit; SYNCPLAY_ERROR_LIMIT
 * (max_invitations). Since 0.2.
 */
SYNCPLAY_API int syncplay_hub_invite(syncplay_hub *hub, int64_t now, const syncplay_id *session,
                                     const syncplay_user *user, const syncplay_command *command,
                                     syncplay_invitation_info *info, char token[SYNCPLAY_TOKEN_SIZE]);

/*
 * `length` bytes came on a connection: one wire message (lib/PROTOCOL.md), which is read and submitted. What is wrong
 * with it is told to that connection as an `error` message, and returned as well: a host may ignore the return value.
 * Callbacks and errors: as syncplay_hub_submit, and SYNCPLAY_ERROR_MALFORMED, SYNCPLAY_ERROR_TYPE,
 * SYNCPLAY_ERROR_FIELD, SYNCPLAY_ERROR_TOO_LARGE.
 */
SYNCPLAY_API int syncplay_hub_receive(syncplay_hub *hub, int64_t now, uint64_t connection, const char *bytes,
                                      size_t length);

/*
 * The transport measured a round trip on a connection (WebSocket ping and pong, TCP_INFO ...), in microseconds, >= 0:
 * half of it is a latency sample, if the connection has a seat. An average above max_latency (of at least 3 samples) removes the participant.
 * Callbacks: deliver, event. Errors: SYNCPLAY_ERROR_NOT_FOUND.
 */
SYNCPLAY_API int syncplay_hub_round_trip(syncplay_hub *hub, int64_t now, uint64_t connection, int64_t round_trip);

/*
 * For hosts with several hubs: if the wire message in `bytes` is a join with a readable session_code, writes the
 * normalised code and returns true.
 */
SYNCPLAY_API bool syncplay_wire_join_code(const char *bytes, size_t length, char code[SYNCPLAY_CODE_SIZE]);

/* --- Serialising ------------------------------------------------------------------------------------------ */

/*
 * Writes the `state` message that participant `user` of a session would get at `now` (lib/PROTOCOL.md) and a zero byte
 * into `buffer`; for anybody else, or NULL, it is without a `you`. Nobody is asked whether `user` may see it: by wire, one who
 * knocks gets none. *length is set to the length without the zero byte,
 * also when SYNCPLAY_ERROR_BUFFER says that `capacity` is too small. Callbacks: has_permission. Errors:
 * SYNCPLAY_ERROR_NOT_FOUND.
 */
SYNCPLAY_API int syncplay_hub_state(const syncplay_hub *hub, int64_t now, const syncplay_id *session,
                                    const syncplay_id *user, char *buffer, size_t capacity, size_t *length);

/* Leave the chat history out of a saved session: for a host that keeps the messages itself. */
#define SYNCPLAY_SAVE_WITHOUT_CHAT 0x1u

/*
 * Saves a session: one JSON object, deterministic, and a zero byte, into `buffer`. Times in it are Unix times, so that
 * another hub, on another day, can restore it. `flags`: 0 or SYNCPLAY_SAVE_WITHOUT_CHAT. Lengths and errors as
 * syncplay_hub_state.
 */
SYNCPLAY_API int syncplay_hub_save(const syncplay_hub *hub, int64_t now, const syncplay_id *session, uint32_t flags,
                                   char *buffer, size_t capacity, size_t *length);

/*
 * Restores a saved session of `length` bytes. Nobody is connected at first; seats are kept for the grace time from `now`.
 * A film that was playing goes on as if the hub had never been away, if the hub was known to be alive until
 * `unix_alive` (microseconds) and that is no longer ago than the grace time; otherwise it is paused where it was then.
 * An instant that lies farther ahead of `now` than this hub would set it (it was saved under a clock that was ahead) becomes
 * the farthest that it would. *session (may be NULL) is set to its id. Callbacks: none. Errors: SYNCPLAY_ERROR_SNAPSHOT,
 * SYNCPLAY_ERROR_EXISTS (its id or code is taken), SYNCPLAY_ERROR_LIMIT.
 */
SYNCPLAY_API int syncplay_hub_restore(syncplay_hub *hub, int64_t now, const char *bytes, size_t length,
                                      int64_t unix_alive, syncplay_id *session);

/*
 * Appends one message to the chat history of a session that was saved without it; oldest first. `text` is 1 to 100000
 * characters of UTF-8 (more than chat_max_length is no error: the limit may have been another when it was said), `unix_time` 0
 * to 10^18 microseconds. All is copied. Nobody is told. Callbacks: none. Errors: SYNCPLAY_ERROR_NOT_FOUND (no such session),
 * SYNCPLAY_ERROR_ARGUMENT, SYNCPLAY_ERROR_FIELD (the author's name, text or unix_time).
 */
SYNCPLAY_API int syncplay_hub_restore_chat(syncplay_hub *hub, const syncplay_id *session, const syncplay_id *message_id,
                                           const syncplay_user *author, const char *text, int64_t unix_time);

/*
 * Takes up to `capacity` ids of sessions that have changed (in anything that syncplay_hub_save would write, chat included,
 * but for samples of latency) since they were last taken; returns how many. Each is given once for any number of changes.
 * An ended session is told by its event instead. From inside a callback it takes none.
 */
SYNCPLAY_API size_t syncplay_hub_take_changed(syncplay_hub *hub, syncplay_id *sessions, size_t capacity);

#ifdef __cplusplus
}
#endif

#endif
