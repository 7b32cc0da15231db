/*
 * What a session is, as JSON of the wire (PROTOCOL.md): its playback, its participants, its settings, and the whole `state`.
 * It writes what is; what has happened is announce.h's.
 */
#ifndef DESCRIBE_H
#define DESCRIBE_H

#include "json_writer.h"
#include "session.h"

struct invitation;

/* Upper bounds in bytes; JSON escapes make at most two bytes of one in what has passed text_is_line. */
enum {
    DESCRIBE_RIGHTS_BYTES = 200, /* a list of all rights */
    DESCRIBE_FIGURES_BYTES = 140,
    DESCRIBE_SEAT_BYTES = 2 * SEAT_NAME_SIZE + 360 + DESCRIBE_FIGURES_BYTES + 2 * DESCRIBE_RIGHTS_BYTES,
    DESCRIBE_WAITING_BYTES = SYNCPLAY_ID_SIZE + 4, /* one seat in waiting_for */
    DESCRIBE_REMOVED_BYTES = 2 * SEAT_NAME_SIZE + 140,
    DESCRIBE_INVITATION_BYTES = 320
};

/* Each writes a key and its object, list or values; `key` NULL writes the object alone, as an element of a list. */
void describe_user(struct json_writer *w, const char *key, const syncplay_id *id, const char *name);
void describe_participant(struct json_writer *w, const char *key, const struct session *session,
                          const struct seat *seat);
void describe_invitation(struct json_writer *w, const char *key, const struct invitation *invitation,
                         int64_t unix_offset);
void describe_session(struct json_writer *w, const struct session *session);
/* What `state` and `command` have in common. */
void describe_playback(struct json_writer *w, const struct session *session, const struct step *step);
void describe_you(struct json_writer *w, const struct session *session, const struct step *step, const struct seat *you);

/*
 * The whole `state` message, from '{' to '}', as `you` sees it (NULL: as nobody in particular does), with a resume token
 * if there is one. `cursor` is that of the last message to all. Of the step it uses configuration, callbacks and time.
 */
void describe_state(struct json_writer *w, const struct session *session, const struct step *step,
                    const struct seat *you, const char *resume_token, uint64_t cursor);

#endif
