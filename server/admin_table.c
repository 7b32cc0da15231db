/* Rows for people. What users have called themselves and their films is shown, but has no power over the terminal. */
#include "admin_table.h"

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "json.h"

/* Of what is printed of a value, with its zero byte: the longest name or title in UTF-8. */
#define CELL_SIZE 1024

enum shape {
    TEXT,
    COUNT,
    POSITION, /* milliseconds, as 1:02:03 */
    AGE,      /* seconds, as the two largest units */
    STATE,    /* of a session: whether it plays */
    PEOPLE,   /* of a session: connected of those who have seats */
    PRESENCE, /* of a participant */
    KIND      /* of a user */
};

struct column {
    const char *heading;
    const char *key;
    enum shape shape;
    int width; /* negative: aligned to the left; 0: the last one, as long as it is */
};

static const struct column session_columns[] = {
    {"CODE", "code", TEXT, -8},         {"VISIBLE", "visibility", TEXT, -7}, {"STATE", NULL, STATE, -7},
    {"AT", "position_ms", POSITION, 8}, {"HERE", NULL, PEOPLE, 7},           {"AGE", "age_s", AGE, 7},
    {"HOST", "host_name", TEXT, -16},   {"TITLE", "title", TEXT, 0},
};
static const struct column participant_columns[] = {
    {"USER", "user_id", TEXT, -36},       {"ROLE", "role", TEXT, -10}, {"IS", NULL, PRESENCE, -10},
    {"DELAY MS", "latency_ms", COUNT, 8}, {"SINCE", "age_s", AGE, 7},  {"NAME", "name", TEXT, 0},
};
static const struct column user_columns[] = {
    {"USER", "user_id", TEXT, -36},    {"KIND", NULL, KIND, -7}, {"FRIENDS", "friend_count", COUNT, 7},
    {"SEATS", "seat_count", COUNT, 5}, {"AGE", "age_s", AGE, 7}, {"NAME", "name", TEXT, 0},
};

#define COUNT_OF(array) (sizeof array / sizeof array[0])

static const struct kind {
    const char *name;
    const struct column *columns;
    size_t count;
} kinds[] = {
    {"session", session_columns, COUNT_OF(session_columns)},
    {"participant", participant_columns, COUNT_OF(participant_columns)},
    {"user", user_columns, COUNT_OF(user_columns)},
};

/* Control characters, C1 (U+0080 to U+009F, after 0xc2) among them, become question marks. */
static void make_harmless(char *text)
{
    for (unsigned char *c = (unsigned char *)text; *c != '\0'; c++) {
        if (*c < 0x20 || *c == 0x7f)
            *c = '?';
        else if (*c == 0xc2 && c[1] >= 0x80 && c[1] < 0xa0)
            c[0] = c[1] = '?';
    }
}

/* How many characters that is: all bytes but those that go on a character of UTF-8. */
static int characters_of(const char *text)
{
    int count = 0;
    for (; *text != '\0'; text++)
        count += ((unsigned char)*text & 0xc0) != 0x80;
    return count;
}

static void print_cell(const char *text, int width)
{
    int missing = (width < 0 ? -width : width) - characters_of(text);
    if (missing < 0)
        missing = 0;
    if (width < 0)
        printf("%s%*s", text, missing, "");
    else
        printf("%*s%s", width > 0 ? missing : 0, "", text);
}

static void write_age(char cell[CELL_SIZE], int64_t seconds)
{
    if (seconds >= 86400)
        snprintf(cell, CELL_SIZE, "%" PRId64 "d %02" PRId64 "h", seconds / 86400, seconds / 3600 % 24);
    else if (seconds >= 3600)
        snprintf(cell, CELL_SIZE, "%" PRId64 "h %02" PRId64 "m", seconds / 3600, seconds / 60 % 60);
    else
        snprintf(cell, CELL_SIZE, "%" PRId64 "m %02" PRId64 "s", seconds / 60, seconds % 60);
}

static void write_position(char cell[CELL_SIZE], int64_t milliseconds)
{
    int64_t seconds = milliseconds / 1000;
    snprintf(cell, CELL_SIZE, "%" PRId64 ":%02" PRId64 ":%02" PRId64, seconds / 3600, seconds / 60 % 60, seconds % 60);
}

static bool is_true(const struct json *row, const char *key)
{
    bool value = false;
    return json_get_bool(row, key, &value) == JSON_FOUND && value;
}

static int64_t number_of(const struct json *row, const char *key)
{
    int64_t value = 0;
    json_get_integer(row, key, &value);
    return value;
}

static const char *text_of(const struct json *row, const char *key)
{
    const char *text = NULL;
    return json_get_text(row, key, &text) == JSON_FOUND ? text : "-";
}

static const char *presence_of(const struct json *row)
{
    if (is_true(row, "is_knocking"))
        return "knocking";
    return is_true(row, "is_connected") ? "here" : "away";
}

static void write_cell(char cell[CELL_SIZE], const struct column *column, const struct json *row)
{
    cell[0] = '\0';
    switch (column->shape) {
    case TEXT:
        snprintf(cell, CELL_SIZE, "%s", text_of(row, column->key));
        break;
    case COUNT:
        snprintf(cell, CELL_SIZE, "%" PRId64, number_of(row, column->key));
        break;
    case POSITION:
        write_position(cell, number_of(row, column->key));
        break;
    case AGE:
        write_age(cell, number_of(row, column->key));
        break;
    case STATE:
        snprintf(cell, CELL_SIZE, "%s", is_true(row, "is_playing") ? "playing" : "paused");
        break;
    case PEOPLE:
        snprintf(cell, CELL_SIZE, "%" PRId64 "/%" PRId64, number_of(row, "connected_count"),
                 number_of(row, "participant_count"));
        break;
    case PRESENCE:
        snprintf(cell, CELL_SIZE, "%s%s", presence_of(row), is_true(row, "is_host") ? ", host" : "");
        break;
    case KIND:
        snprintf(cell, CELL_SIZE, "%s", is_true(row, "is_guest") ? "guest" : "account");
        break;
    }
    make_harmless(cell);
}

static void print_heading(const struct kind *kind, bool is_first)
{
    if (!is_first)
        printf("\n");
    for (size_t i = 0; i < kind->count; i++) {
        print_cell(kind->columns[i].heading, kind->columns[i].width);
        printf(i + 1 < kind->count ? "  " : "\n");
    }
}

bool admin_table_put(struct admin_table *table, const struct json *row)
{
    const struct kind *kind = NULL;
    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        if (strcmp(text_of(row, "row"), kinds[i].name) == 0)
            kind = &kinds[i];
    if (kind == NULL)
        return false;
    if (table->kind != kind)
        print_heading(kind, table->kind == NULL);
    table->kind = kind;
    for (size_t i = 0; i < kind->count; i++) {
        char cell[CELL_SIZE];
        write_cell(cell, &kind->columns[i], row);
        print_cell(cell, kind->columns[i].width);
        printf(i + 1 < kind->count ? "  " : "\n");
    }
    return true;
}
