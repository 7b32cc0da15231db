/* Walks a YAML file event by event. Knows libyaml; knows no setting. */
#include "config_file.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <yaml.h>

struct seen_key {
    char name[CONFIG_FILE_KEY_MAX];
    size_t line;
};

struct reader {
    const char *file;
    config_file_found *found;
    void *arg;
    char *why;
    size_t why_size;
    yaml_parser_t parser;
    struct seen_key seen[CONFIG_FILE_KEYS_MAX];
    size_t seen_count;
};

__attribute__((format(printf, 3, 4))) static bool fail(struct reader *reader, size_t line, const char *format, ...)
{
    char reason[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(reason, sizeof reason, format, arguments);
    va_end(arguments);
    snprintf(reader->why, reader->why_size, "%s:%zu: %s", reader->file, line, reason);
    return false;
}

/* The line, counted from 1, where an event begins. */
static size_t line_of(const yaml_event_t *event)
{
    return event->start_mark.line + 1;
}

static bool next(struct reader *reader, yaml_event_t *event)
{
    if (yaml_parser_parse(&reader->parser, event))
        return true;
    const char *problem = reader->parser.problem ? reader->parser.problem : "it cannot be read";
    return fail(reader, reader->parser.problem_mark.line + 1, "not YAML: %s", problem);
}

/* Notes a key; false if it was there before. */
static bool note(struct reader *reader, const char *key, size_t line)
{
    for (size_t i = 0; i < reader->seen_count; i++)
        if (strcmp(reader->seen[i].name, key) == 0)
            return fail(reader, line, "%s stands here again, first in line %zu", key, reader->seen[i].line);
    if (reader->seen_count == CONFIG_FILE_KEYS_MAX)
        return fail(reader, line, "more than %d keys", CONFIG_FILE_KEYS_MAX);
    struct seen_key *seen = &reader->seen[reader->seen_count++];
    snprintf(seen->name, sizeof seen->name, "%s", key);
    seen->line = line;
    return true;
}

/* Hands a key to the caller of config_file_read; `value` is NULL for a section. */
static bool give(struct reader *reader, const char *key, enum config_file_shape shape, const char *value, size_t line)
{
    char reason[400] = "";
    if (reader->found(reader->arg, key, shape, value, reason, sizeof reason))
        return true;
    return fail(reader, line, "%s", reason);
}

/* Writes "section.name" into `key`. */
static bool join_key(struct reader *reader, const char *section, const yaml_event_t *name, char *key)
{
    const char *text = (const char *)name->data.scalar.value;
    if (name->type != YAML_SCALAR_EVENT)
        return fail(reader, line_of(name), "a key must be a plain word");
    int length = snprintf(key, CONFIG_FILE_KEY_MAX, "%s%s%s", section, *section ? "." : "", text);
    if (length >= CONFIG_FILE_KEY_MAX || strlen(text) != name->data.scalar.length)
        return fail(reader, line_of(name), "a key must be at most %d characters long, without a zero byte",
                    CONFIG_FILE_KEY_MAX - 1);
    return note(reader, key, line_of(name));
}

static bool read_section(struct reader *reader, const char *section, int depth);

/* Whether an event is a scalar that is a text: without a zero byte. */
static bool is_scalar(const yaml_event_t *event)
{
    return event->type == YAML_SCALAR_EVENT && strlen((char *)event->data.scalar.value) == event->data.scalar.length;
}

/* Reads the values of a list that has begun, up to its end. */
static bool read_list(struct reader *reader, const char *key, size_t line)
{
    char list[CONFIG_FILE_LIST_MAX] = "";
    size_t length = 0;
    for (;;) {
        yaml_event_t event;
        if (!next(reader, &event))
            return false;
        bool end = event.type == YAML_SEQUENCE_END_EVENT;
        bool good = end || (is_scalar(&event) && length + event.data.scalar.length + 2 < sizeof list);
        if (!good)
            fail(reader, line_of(&event), "%s must be a list of single values, of less than %d bytes in all", key,
                 CONFIG_FILE_LIST_MAX);
        else if (!end)
            length += (size_t)snprintf(list + length, sizeof list - length, "%s%s", length > 0 ? "," : "",
                                       (const char *)event.data.scalar.value);
        yaml_event_delete(&event);
        if (end || !good)
            return good && give(reader, key, CONFIG_FILE_LIST, list, line);
    }
}

/* Reads what follows a key: a scalar, a list or a section. */
static bool read_value(struct reader *reader, const char *key, int depth, size_t line)
{
    yaml_event_t event;
    if (!next(reader, &event))
        return false;
    bool good = false;
    if (is_scalar(&event))
        good = give(reader, key, CONFIG_FILE_VALUE, (const char *)event.data.scalar.value, line);
    else if (event.type == YAML_SEQUENCE_START_EVENT)
        good = read_list(reader, key, line_of(&event));
    else if (event.type == YAML_MAPPING_START_EVENT && depth < CONFIG_FILE_DEPTH_MAX)
        good = give(reader, key, CONFIG_FILE_SECTION, NULL, line) && read_section(reader, key, depth + 1);
    else
        fail(reader, line_of(&event), "%s must be a single value, a list, or a section of at most %d levels", key,
             CONFIG_FILE_DEPTH_MAX);
    yaml_event_delete(&event);
    return good;
}

/* Reads keys and values up to the end of the section that has begun. */
static bool read_section(struct reader *reader, const char *section, int depth)
{
    for (;;) {
        char key[CONFIG_FILE_KEY_MAX];
        yaml_event_t event;
        if (!next(reader, &event))
            return false;
        bool end = event.type == YAML_MAPPING_END_EVENT;
        bool good = end || (join_key(reader, section, &event, key) && read_value(reader, key, depth, line_of(&event)));
        yaml_event_delete(&event);
        if (end || !good)
            return good;
    }
}

/* Reads the whole: at most one document, which is a section. */
static bool read_stream(struct reader *reader)
{
    bool good = true;
    size_t documents = 0;
    for (bool end = false; good && !end;) {
        yaml_event_t event;
        if (!next(reader, &event))
            return false;
        if (event.type == YAML_MAPPING_START_EVENT)
            good = read_section(reader, "", 1);
        else if (event.type == YAML_DOCUMENT_START_EVENT && documents++ > 0)
            good = fail(reader, line_of(&event), "a second document begins here");
        else if (event.type == YAML_SEQUENCE_START_EVENT || event.type == YAML_ALIAS_EVENT ||
                 (event.type == YAML_SCALAR_EVENT && event.data.scalar.length > 0))
            good = fail(reader, line_of(&event), "the file must be a section of keys");
        end = event.type == YAML_STREAM_END_EVENT;
        yaml_event_delete(&event);
    }
    return good;
}

/* The whole file as malloc'ed bytes, NULL after an error. */
static unsigned char *read_bytes(struct reader *reader, size_t *length)
{
    FILE *stream = fopen(reader->file, "rb");
    unsigned char *bytes = stream ? malloc(CONFIG_FILE_SIZE_MAX + 1) : NULL;
    if (!bytes) {
        snprintf(reader->why, reader->why_size, "%s: %s", reader->file, strerror(errno));
        if (stream)
            fclose(stream);
        return NULL;
    }
    *length = fread(bytes, 1, CONFIG_FILE_SIZE_MAX + 1, stream);
    const char *reason = ferror(stream) ? strerror(errno) : *length > CONFIG_FILE_SIZE_MAX ? "it is too large" : NULL;
    fclose(stream);
    if (!reason)
        return bytes;
    snprintf(reader->why, reader->why_size, "%s: %s (at most %d bytes)", reader->file, reason, CONFIG_FILE_SIZE_MAX);
    free(bytes);
    return NULL;
}

bool config_file_read(const char *file, config_file_found *found, void *arg, char *why, size_t why_size)
{
    size_t length = 0;
    struct reader *reader = calloc(1, sizeof *reader);
    if (!reader) {
        snprintf(why, why_size, "%s: no memory", file);
        return false;
    }
    *reader = (struct reader){.file = file, .found = found, .arg = arg, .why = why, .why_size = why_size};
    unsigned char *bytes = read_bytes(reader, &length);
    bool good = false;
    if (bytes && yaml_parser_initialize(&reader->parser)) {
        yaml_parser_set_input_string(&reader->parser, bytes, length);
        good = read_stream(reader);
        yaml_parser_delete(&reader->parser);
    } else if (bytes) {
        snprintf(why, why_size, "%s: no memory", file);
    }
    free(bytes);
    free(reader);
    return good;
}
