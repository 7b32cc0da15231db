/* What the user reads and types: see talk.h. */
#include "talk.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

void tell(const char *format, ...)
{
    char line[4096];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    for (unsigned char *c = (unsigned char *)line; *c != '\0'; c++) {
        if (*c < 0x20 || *c == 0x7f) {
            *c = '?';
        } else if (*c == 0xc2 && c[1] >= 0x80 && c[1] < 0xa0) { /* U+0080 to U+009F in UTF-8 */
            c[0] = c[1] = '?';
        }
    }
    puts(line);
    fflush(stdout);
}

static const char *text_of(const cJSON *object, const char *name)
{
    const char *text = cJSON_GetStringValue(cJSON_GetObjectItem(object, name));
    return text == NULL ? "" : text;
}

static double number_of(const cJSON *object, const char *name)
{
    const cJSON *number = cJSON_GetObjectItem(object, name);
    return cJSON_IsNumber(number) ? number->valuedouble : 0;
}

const char *talk_time(double milliseconds)
{
    static char text[40];
    const double seconds = milliseconds > 0 ? milliseconds / 1000 : 0;
    const int minutes = seconds < 1e8 ? (int)(seconds / 60) : 0;
    snprintf(text, sizeof text, "%d:%06.3f", minutes, seconds - 60.0 * minutes);
    return text;
}

/* --- People ------------------------------------------------------------------------------------------------------- */

static void learn_name(struct talk *talk, const cJSON *user)
{
    if (talk->names == NULL) {
        talk->names = cJSON_CreateObject();
    }
    if (text_of(user, "user_id")[0] != '\0') {
        cJSON_DeleteItemFromObject(talk->names, text_of(user, "user_id"));
        cJSON_AddStringToObject(talk->names, text_of(user, "user_id"), text_of(user, "name"));
    }
}

/* ", waiting for Ana, Ben" */
static const char *waiting_for(const struct talk *talk, const cJSON *message)
{
    static char text[500];
    const cJSON *id;
    size_t length = 0;
    text[0] = '\0';
    cJSON_ArrayForEach(id, cJSON_GetObjectItem(message, "waiting_for")) {
        const char *name = cJSON_IsString(id) ? text_of(talk->names, id->valuestring) : "";
        if (length < sizeof text) {
            length += (size_t)snprintf(text + length, sizeof text - length, "%s%s",
                                       length == 0 ? ", waiting for " : ", ", name[0] != '\0' ? name : "somebody");
        }
    }
    return text;
}

/* --- Messages ----------------------------------------------------------------------------------------------------- */

static void hear_session(struct talk *talk, const cJSON *session)
{
    char id[sizeof talk->film_id];
    snprintf(id, sizeof id, "%s/%s", text_of(session, "content_type"), text_of(session, "content_id"));
    if (strcmp(id, talk->film_id) != 0 || strcmp(text_of(session, "url"), talk->film_url) != 0) {
        snprintf(talk->film_id, sizeof talk->film_id, "%s", id);
        snprintf(talk->film_url, sizeof talk->film_url, "%s", text_of(session, "url"));
        talk->has_new_film = true;
    }
}

static void hear_state(struct talk *talk, const cJSON *message)
{
    const cJSON *session = cJSON_GetObjectItem(message, "session");
    const char *title = text_of(session, "title");
    char people[1000] = "";
    size_t length = 0;
    const cJSON *person;
    cJSON_ArrayForEach(person, cJSON_GetObjectItem(message, "participants")) {
        learn_name(talk, person);
        if (length < sizeof people) {
            length += (size_t)snprintf(people + length, sizeof people - length, "%s%s", length == 0 ? "" : ", ",
                                       text_of(person, "name"));
        }
    }
    snprintf(talk->my_id, sizeof talk->my_id, "%s", text_of(cJSON_GetObjectItem(message, "you"), "user_id"));
    tell("* %s: %s, %s at %s, with %s", text_of(session, "code"), title[0] != '\0' ? title : "a film",
         text_of(message, "phase"), talk_time(number_of(message, "position_ms")), people);
    hear_session(talk, session);
}

static void hear_command(struct talk *talk, const cJSON *message)
{
    const char *name = text_of(cJSON_GetObjectItem(message, "by"), "name");
    tell("* %s at %s (%s)%s", text_of(message, "action"), talk_time(number_of(message, "position_ms")),
         name[0] != '\0' ? name : text_of(message, "reason"), waiting_for(talk, message));
}

static void hear_participant(struct talk *talk, const cJSON *message)
{
    const cJSON *user = cJSON_GetObjectItem(message, "user");
    const char *action = text_of(message, "action");
    learn_name(talk, user);
    if (strcmp(action, "requested") == 0 && talk->film_id[0] == '\0') {
        tell("* waiting to be let in");
    } else if (strcmp(action, "ready") != 0) {
        tell("* %s: %s", text_of(user, "name"), action);
    }
}

static void hear_error(struct talk *talk, const cJSON *message)
{
    const char *code = text_of(message, "code");
    if (strcmp(code, "bad_resume_token") == 0 || strcmp(code, "stale") == 0) {
        return; /* the follower joins again by itself, or goes where the party is */
    }
    tell("! %s", text_of(message, "message"));
    if (strcmp(text_of(message, "in_reply_to"), "join") == 0) {
        talk->is_over = talk->has_failed = true;
    }
}

static void hear_ended(struct talk *talk, const cJSON *message)
{
    const char *why = text_of(message, "message");
    if (strcmp(text_of(message, "reason"), "shutdown") == 0) {
        tell("* the server is restarting"); /* the follower comes back with it */
        return;
    }
    tell("* over: %s", why[0] != '\0' ? why : text_of(message, "reason"));
    talk->is_over = true;
}

void talk_message(struct talk *talk, const char *type, const char *bytes, size_t length)
{
    cJSON *message = cJSON_ParseWithLength(bytes, length);
    if (strcmp(type, "state") == 0) {
        hear_state(talk, message);
    } else if (strcmp(type, "command") == 0) {
        hear_command(talk, message);
    } else if (strcmp(type, "participant") == 0) {
        hear_participant(talk, message);
    } else if (strcmp(type, "session") == 0) {
        hear_session(talk, cJSON_GetObjectItem(message, "session"));
    } else if (strcmp(type, "chat") == 0) {
        tell("%s: %s", text_of(cJSON_GetObjectItem(message, "user"), "name"), text_of(message, "message"));
    } else if (strcmp(type, "reaction") == 0) {
        tell("%s %s", text_of(cJSON_GetObjectItem(message, "user"), "name"), text_of(message, "reaction"));
    } else if (strcmp(type, "resumed") == 0) {
        tell("* back again");
    } else if (strcmp(type, "error") == 0) {
        hear_error(talk, message);
    } else if (strcmp(type, "ended") == 0) {
        hear_ended(talk, message);
    }
    cJSON_Delete(message);
}

/* --- Typing ------------------------------------------------------------------------------------------------------- */

void talk_read(struct talk *talk)
{
    if (talk->line_length == sizeof talk->line - 1) {
        talk->line_length = 0; /* nobody types so long a line */
    }
    const ssize_t got = read(STDIN_FILENO, talk->line + talk->line_length, sizeof talk->line - 1 - talk->line_length);
    if (got > 0) {
        talk->line_length += (size_t)got;
    } else {
        talk->is_deaf = got == 0 || (errno != EAGAIN && errno != EINTR);
    }
}

const char *talk_line(struct talk *talk)
{
    static char line[TALK_LINE_MAX];
    const char *end = memchr(talk->line, '\n', talk->line_length);
    if (end == NULL) {
        return NULL;
    }
    const size_t length = (size_t)(end - talk->line);
    memcpy(line, talk->line, length);
    line[length] = '\0';
    talk->line_length -= length + 1;
    memmove(talk->line, end + 1, talk->line_length);
    return line;
}
