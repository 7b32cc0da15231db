/*
 * A delivered wire message as one short line for people: ids as names, times relative to now. Nothing is hidden but
 * cursors and resume tokens: a field that is not known here is shown as it is. Knows the wire by its bytes alone, and nothing of hubs.
 */
#ifndef RENDER_H
#define RENDER_H

#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <cjson/cJSON.h>

/* What the ids and times in a message mean at this moment of the story. */
struct render_context {
    double now_ms;                                             /* Unix time in milliseconds, as in the message */
    const char *(*name_of)(void *user_data, const char *uuid); /* of a user; the id itself if nobody has it */
    unsigned (*number_of)(void *user_data, const char *uuid);  /* of a chat message, in order of appearance */
    void *user_data;
};

struct render_line {
    const struct render_context *context;
    char *text;
    size_t size, length;
};

__attribute__((format(printf, 2, 3))) static void render_put(struct render_line *line, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int wrote = vsnprintf(line->text + line->length, line->size - line->length, format, arguments);
    va_end(arguments);
    line->length += wrote > 0 ? (size_t)wrote : 0;
    if (line->length >= line->size)
        line->length = line->size - 1;
}

static const char *render_name(struct render_line *line, const cJSON *uuid)
{
    return line->context->name_of(line->context->user_data, cJSON_IsString(uuid) ? uuid->valuestring : "");
}

static const char *render_text_of(const cJSON *object, const char *key)
{
    const cJSON *value = cJSON_GetObjectItemCaseSensitive(object, key);
    return cJSON_IsString(value) ? value->valuestring : "?";
}

static bool render_flag(const cJSON *object, const char *key)
{
    return cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(object, key));
}

static void render_seconds(struct render_line *line, double ms)
{
    double seconds = (ms - line->context->now_ms) / 1000;
    render_put(line, fabs(seconds) < 0.0005 ? "now" : "%+.3f", seconds);
}

/* A user {"user_id", "name"}: the name as it came, which must fit the id. */
static void render_user(struct render_line *line, const cJSON *user)
{
    const char *name = render_text_of(user, "name");
    const char *owner = render_name(line, cJSON_GetObjectItemCaseSensitive(user, "user_id"));
    render_put(line, "%s", name);
    if (strcmp(name, owner) != 0)
        render_put(line, "!=%s", owner);
}

static void render_words(struct render_line *line, const char *key, const cJSON *list)
{
    const cJSON *word;
    render_put(line, "%s=[", key);
    cJSON_ArrayForEach(word, list) render_put(line, word->next ? "%s " : "%s", word->valuestring);
    render_put(line, "]");
}

/* The role, if it is not that of most people, and the overrides. */
static void render_role(struct render_line *line, const cJSON *seat)
{
    const char *role = render_text_of(seat, "role");
    const cJSON *allow = cJSON_GetObjectItemCaseSensitive(seat, "allow");
    const cJSON *deny = cJSON_GetObjectItemCaseSensitive(seat, "deny");
    if (strcmp(role, "viewer") != 0 && strcmp(role, "host") != 0)
        render_put(line, "%s, ", role);
    if (render_flag(seat, "is_muted"))
        render_put(line, "muted, ");
    if (allow)
        render_words(line, "allow", allow);
    if (deny)
        render_words(line, allow ? " deny" : "deny", deny);
    render_put(line, allow || deny ? ", " : "");
}

static void render_figure(struct render_line *line, const cJSON *seat, const char *key, const char *name)
{
    const cJSON *figure = cJSON_GetObjectItemCaseSensitive(seat, key);
    if (figure)
        render_put(line, "%s=%.10g, ", name, figure->valuedouble);
}

static void render_participant(struct render_line *line, const cJSON *seat)
{
    const cJSON *latency = cJSON_GetObjectItemCaseSensitive(seat, "latency_ms");
    const cJSON *joined = cJSON_GetObjectItemCaseSensitive(seat, "joined_at");
    render_user(line, seat);
    render_put(line, "(%s%s%s%s", render_flag(seat, "is_host") ? "host, " : "",
               render_flag(seat, "is_connected") ? "" : "away, ", render_flag(seat, "is_ready") ? "ready, " : "",
               render_flag(seat, "is_excused") ? "excused, " : "");
    render_role(line, seat);
    if (latency && latency->valuedouble > 0)
        render_put(line, "latency=%g, ", latency->valuedouble);
    render_figure(line, seat, "round_trip_ms", "round trip");
    render_figure(line, seat, "drift_ms", "drift");
    render_figure(line, seat, "clock_error_ms", "clock error");
    render_figure(line, seat, "start_ms", "start");
    render_put(line, "joined ");
    render_seconds(line, joined ? joined->valuedouble : 0);
    render_put(line, ")");
}

static void render_list(struct render_line *line, const cJSON *list, void (*each)(struct render_line *, const cJSON *))
{
    const cJSON *element;
    render_put(line, "[");
    cJSON_ArrayForEach(element, list)
    {
        each(line, element);
        render_put(line, element->next ? ", " : "");
    }
    render_put(line, "]");
}

static void render_waited(struct render_line *line, const cJSON *uuid)
{
    render_put(line, "%s", render_name(line, uuid));
}

static void render_session(struct render_line *line, const cJSON *session)
{
    static const char *const shown[] = {"visibility", "control", "content_type", "title", "url"};
    render_put(line, "(host=%s", render_name(line, cJSON_GetObjectItemCaseSensitive(session, "host_user_id")));
    for (size_t i = 0; i < sizeof shown / sizeof *shown; i++)
        if (cJSON_GetObjectItemCaseSensitive(session, shown[i]))
            render_put(line, i < 2 ? " %s" : " \"%s\"", render_text_of(session, shown[i]));
    const cJSON *most = cJSON_GetObjectItemCaseSensitive(session, "max_participants");
    render_put(line, " max=%g%s", most ? most->valuedouble : -1,
               render_flag(session, "chat_enabled") ? "" : " no-chat");
    if (strcmp(render_text_of(session, "strangers"), "refuse") != 0)
        render_put(line, " strangers-%s", render_text_of(session, "strangers"));
    if (strcmp(render_text_of(session, "wait"), "everyone") != 0)
        render_put(line, " wait-%s", render_text_of(session, "wait"));
    render_put(line, ")");
}

/* Whether the rights are what the role has without overrides, by the number of them. */
static bool render_has_usual_rights(const cJSON *you)
{
    const char *role = render_text_of(you, "role");
    int controls = render_flag(you, "can_control") ? 4 : 0;
    int usual = strcmp(role, "host") == 0 ? 17 : strcmp(role, "chat_only") == 0 ? 1 : 2 + controls;
    return cJSON_GetArraySize(cJSON_GetObjectItemCaseSensitive(you, "rights")) == usual;
}

static void render_you(struct render_line *line, const cJSON *you)
{
    const char *role = render_text_of(you, "role");
    render_user(line, you);
    render_put(line, "(%s%s%s%s", render_flag(you, "is_host") ? "host, " : "",
               strcmp(role, "host") == 0 || strcmp(role, "viewer") == 0 ? "" : role,
               strcmp(role, "host") == 0 || strcmp(role, "viewer") == 0 ? "" : ", ",
               render_flag(you, "can_control") ? "may-control" : "may-not-control");
    if (!render_has_usual_rights(you))
        render_words(line, ", rights", cJSON_GetObjectItemCaseSensitive(you, "rights"));
    render_put(line, ")");
}

static void render_removed(struct render_line *line, const cJSON *removed)
{
    const cJSON *until = cJSON_GetObjectItemCaseSensitive(removed, "until");
    render_user(line, removed);
    render_put(line, render_flag(removed, "is_banned") ? "(banned)" : "(until ");
    if (until) {
        render_seconds(line, until->valuedouble);
        render_put(line, ")");
    }
}

static void render_invitation(struct render_line *line, const cJSON *invitation)
{
    const cJSON *expires = cJSON_GetObjectItemCaseSensitive(invitation, "expires_at");
    const cJSON *uses = cJSON_GetObjectItemCaseSensitive(invitation, "uses");
    const cJSON *used = cJSON_GetObjectItemCaseSensitive(invitation, "used");
    render_put(line, "(%s by %s, used %g", render_text_of(invitation, "role"),
               render_name(line, cJSON_GetObjectItemCaseSensitive(invitation, "made_by")),
               used ? used->valuedouble : -1);
    if (uses)
        render_put(line, " of %g", uses->valuedouble);
    if (expires) {
        render_put(line, ", expires ");
        render_seconds(line, expires->valuedouble);
    }
    render_put(line, ")");
}

/* Fields that say nothing by having their usual value. */
static bool render_is_usual(const struct render_context *context, const cJSON *field, const char *type)
{
    const char *key = field->string;
    bool is_now = cJSON_IsNumber(field) && fabs(field->valuedouble - context->now_ms) < 0.0005;
    return (strcmp(key, "type") == 0) || (strcmp(key, "action") == 0) ||
           ((strcmp(key, "server_time") == 0 || strcmp(key, "at") == 0 || strcmp(key, "timestamp") == 0) && is_now) ||
           (strcmp(key, "is_playing") == 0 && strcmp(type, "error") != 0) ||
           (strcmp(key, "playback_speed") == 0 && fabs(field->valuedouble - 1) < 0.0005) ||
           ((strcmp(key, "waiting_for") == 0 || strcmp(key, "knocking") == 0 || strcmp(key, "removed") == 0 ||
             strcmp(key, "invitations") == 0) &&
            !cJSON_GetArraySize(field)) ||
           strcmp(key, "cursor") == 0 || strcmp(key, "resume_token") == 0 ||
           ((strcmp(key, "user") == 0 || strcmp(key, "participant") == 0) && strcmp(type, "participant") == 0);
}

static bool render_is_time(const char *key)
{
    return strcmp(key, "at") == 0 || strcmp(key, "server_time") == 0 || strcmp(key, "wait_until") == 0 ||
           strcmp(key, "timestamp") == 0 || strcmp(key, "server_timestamp") == 0;
}

/* One line, whatever is in it. */
static void render_quoted(struct render_line *line, const char *text)
{
    render_put(line, "\"");
    for (; *text; text++)
        render_put(line, *text == '\n' ? "\\n" : "%c", *text);
    render_put(line, "\"");
}

static void render_field(struct render_line *line, const cJSON *field)
{
    const char *key = field->string;
    if (strcmp(key, "id") == 0) {
        render_put(line, "#%u", line->context->number_of(line->context->user_data, field->valuestring));
        return;
    }
    if (strcmp(key, "phase") == 0) {
        render_put(line, "%s", field->valuestring);
        return;
    }
    render_put(line, "%s=", strcmp(key, "position_ms") == 0 ? "position" : strcmp(key, "user") == 0 ? "from" : key);
    if (strcmp(key, "token") == 0)
        render_put(line, "(secret)");
    else if (strcmp(key, "removed") == 0)
        render_list(line, field, render_removed);
    else if (strcmp(key, "invitations") == 0)
        render_list(line, field, render_invitation);
    else if (strcmp(key, "invitation") == 0)
        render_invitation(line, field);
    else if (strcmp(key, "by") == 0 || strcmp(key, "user") == 0)
        render_user(line, field);
    else if (strcmp(key, "participants") == 0)
        render_list(line, field, render_participant);
    else if (strcmp(key, "knocking") == 0)
        render_list(line, field, render_user);
    else if (strcmp(key, "waiting_for") == 0)
        render_list(line, field, render_waited);
    else if (strcmp(key, "session") == 0)
        render_session(line, field);
    else if (strcmp(key, "you") == 0)
        render_you(line, field);
    else if (render_is_time(key))
        render_seconds(line, field->valuedouble);
    else if (cJSON_IsNumber(field))
        render_put(line, "%.16g", field->valuedouble);
    else if (cJSON_IsBool(field))
        render_put(line, "%s", cJSON_IsTrue(field) ? "true" : "false");
    else if (cJSON_IsString(field) && (!field->valuestring[0] || strpbrk(field->valuestring, " \n")))
        render_quoted(line, field->valuestring);
    else
        render_put(line, "%s", cJSON_IsString(field) ? field->valuestring : "(unexpected)");
}

/* Whether is_playing fits the phase, which lets the line leave it out. */
static bool render_is_consistent(const cJSON *root)
{
    const cJSON *is_playing = cJSON_GetObjectItemCaseSensitive(root, "is_playing");
    return !is_playing || cJSON_IsTrue(is_playing) == (strcmp(render_text_of(root, "phase"), "playing") == 0);
}

/* Writes the line, without an end of line; false if the bytes are not a JSON object with a type. */
static bool render(const struct render_context *context, const char *bytes, size_t length, char *text, size_t size)
{
    struct render_line line = {context, text, size, 0};
    cJSON *root = cJSON_ParseWithLength(bytes, length);
    const cJSON *field, *user = cJSON_GetObjectItemCaseSensitive(root, "user");
    const char *type = render_text_of(root, "type"), *action = render_text_of(root, "action");
    text[0] = 0;
    if (!cJSON_IsObject(root) || *type == '?' || !render_is_consistent(root)) {
        cJSON_Delete(root);
        return false;
    }
    render_put(&line, "%s%s%s", type, *action == '?' ? "" : " ", *action == '?' ? "" : action);
    if (strcmp(type, "participant") == 0) {
        const cJSON *seat = cJSON_GetObjectItemCaseSensitive(root, "participant");
        render_put(&line, " ");
        (seat ? render_participant : render_user)(&line, seat ? seat : user);
    }
    cJSON_ArrayForEach(field, root) if (!render_is_usual(context, field, type))
    {
        render_put(&line, " ");
        render_field(&line, field);
    }
    cJSON_Delete(root);
    return true;
}

#endif
