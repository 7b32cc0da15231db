/*
 * A hub for unit tests: pretended clock, randomness and memory, and a record of what was told. Memory is counted, and
 * can be made to fail at the n-th allocation.
 */
#ifndef PARTY_H
#define PARTY_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <syncplay/syncplay.h>

#include "../memory/edge.h"

#define SECOND INT64_C(1000000)
#define UNIX_START (INT64_C(1795000000) * SECOND)

enum { ANA = 1, BEN = 2, CLEO = 3 }; /* users, and their connections */

struct party {
    syncplay_hub *hub;
    int64_t now;
    syncplay_hub_config config;
    syncplay_id session;
    char code[SYNCPLAY_CODE_SIZE];

    uint64_t random;
    bool entropy_fails;
    bool are_friends;
    long live;        /* allocations that were not freed */
    long fails_after; /* so many more allocations succeed; -1: all of them */

    char resume_token[SYNCPLAY_TOKEN_SIZE], cursor[24]; /* see party_keep */

    size_t told;      /* messages, counted once for each receiver */
    char last[20000]; /* the last message */
    size_t events;
    syncplay_event event; /* the last one; its texts are gone */
    void (*on_tell)(struct party *party, const uint64_t *connections, size_t count, const char *bytes, size_t length);
    void (*on_event)(struct party *party, const syncplay_event *event);
};

static inline void party_tell(void *user_data, const uint64_t *connections, size_t count, const char *bytes,
                              size_t length)
{
    struct party *party = user_data;
    party->told += count;
    assert_true(length < sizeof party->last);
    memcpy(party->last, bytes, length);
    party->last[length] = 0;
    if (party->on_tell)
        party->on_tell(party, connections, count, bytes, length);
}

static inline void party_event(void *user_data, const syncplay_event *event)
{
    struct party *party = user_data;
    party->events++;
    party->event = *event;
    if (party->on_event)
        party->on_event(party, event);
}

static inline bool party_are_friends(void *user_data, const syncplay_id *host, const syncplay_id *user)
{
    (void)host;
    (void)user;
    return ((struct party *)user_data)->are_friends;
}

/* SplitMix64. */
static inline uint64_t party_random(struct party *party)
{
    uint64_t z = party->random += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static inline bool party_entropy(void *user_data, void *bytes, size_t length)
{
    struct party *party = user_data;
    for (size_t i = 0; i < length; i++)
        ((uint8_t *)bytes)[i] = (uint8_t)party_random(party);
    return !party->entropy_fails;
}

static inline void *party_allocate(void *user_data, void *pointer, size_t size)
{
    struct party *party = user_data;
    if (!size) {
        party->live -= pointer != NULL;
        free(pointer);
        return NULL;
    }
    if (party->fails_after == 0)
        return NULL;
    party->fails_after -= party->fails_after > 0;
    party->live += pointer == NULL;
    return realloc(pointer, size);
}

static inline syncplay_user party_user(unsigned number)
{
    static const char *const names[] = {"Zoe", "Ana", "Ben", "Cleo", "Dan", "Eve", "Fay", "Gil"};
    syncplay_user user;
    syncplay_user_default(&user, sizeof user);
    user.id.bytes[0] = 0xab;
    user.id.bytes[15] = (uint8_t)number;
    user.name = names[number % (sizeof names / sizeof *names)];
    return user;
}

static inline syncplay_content party_content(void)
{
    syncplay_content content;
    syncplay_content_default(&content, sizeof content);
    content.type = "movie";
    content.id.bytes[15] = 7;
    content.title = "Film";
    return content;
}

/* Makes the hub anew, with party->config as it is. */
static inline void party_open_hub(struct party *party)
{
    syncplay_hub_callbacks callbacks;
    syncplay_hub_callbacks_default(&callbacks, sizeof callbacks);
    callbacks.deliver = party_tell;
    callbacks.event = party_event;
    callbacks.are_friends = party_are_friends;
    callbacks.entropy = party_entropy;
    callbacks.allocate = party_allocate;
    party->config.unix_time = UNIX_START + party->now;
    assert_int_equal(syncplay_hub_new(&party->hub, party->now, &party->config, &callbacks, party), SYNCPLAY_OK);
}

static inline void party_init(struct party *party)
{
    memset(party, 0, sizeof *party);
    party->now = 50 * SECOND;
    party->fails_after = -1;
    syncplay_hub_config_default(&party->config, sizeof party->config);
}

static inline int party_create(struct party *party, unsigned host, syncplay_visibility visibility)
{
    syncplay_user user = party_user(host);
    syncplay_content content = party_content();
    syncplay_settings settings;
    syncplay_session_info info = {.struct_size = sizeof info};
    syncplay_settings_default(&settings, sizeof settings);
    settings.visibility = visibility;
    int error = syncplay_hub_create(party->hub, party->now, &user, &content, &settings, &party->session);
    if (!error && syncplay_hub_session(party->hub, party->now, &party->session, &info) == SYNCPLAY_OK)
        memcpy(party->code, info.code, sizeof party->code);
    return error;
}

static inline int party_say(struct party *party, uint64_t connection, const char *message)
{
    size_t length = strlen(message);
    return syncplay_hub_receive(party->hub, party->now, connection, edge_copy(message, length), length);
}

/* Ben echoes the last pong, which he has held for so long, 100 ms after it. */
static inline int party_ping(struct party *party, double held)
{
    syncplay_command command;
    syncplay_command_default(&command, sizeof command, SYNCPLAY_COMMAND_PING);
    command.client_time = 1;
    command.echo = (double)syncplay_hub_unix(party->hub, party->now) / 1000; /* of the last pong */
    command.held = held;
    party->now += 100000;
    return syncplay_hub_submit(party->hub, party->now, BEN, &command);
}

static inline int party_connect(struct party *party, uint64_t connection, unsigned number)
{
    syncplay_user user = party_user(number);
    return syncplay_hub_connect(party->hub, party->now, connection, &user);
}

static inline int party_join(struct party *party, uint64_t connection)
{
    char message[80];
    snprintf(message, sizeof message, "{\"type\":\"join\",\"session_code\":\"%s\"}", party->code);
    return party_say(party, connection, message);
}

/* Ana's public session, with Ana and Ben in it, each on the connection of their number. */
static inline void party_open(struct party *party)
{
    party_init(party);
    party_open_hub(party);
    assert_int_equal(party_create(party, ANA, SYNCPLAY_PUBLIC), SYNCPLAY_OK);
    for (unsigned i = ANA; i <= BEN; i++) {
        assert_int_equal(party_connect(party, i, i), SYNCPLAY_OK);
        assert_int_equal(party_join(party, i), SYNCPLAY_OK);
    }
}

/* Keeps the resume token and the cursor of the last message, which must be a state that answers a join. */
static inline void party_keep(struct party *party)
{
    const char *token = strstr(party->last, "\"resume_token\":\""), *cursor = strstr(party->last, "\"cursor\":");
    assert_non_null(token);
    assert_non_null(cursor);
    snprintf(party->resume_token, sizeof party->resume_token, "%s", token + strlen("\"resume_token\":\""));
    cursor += strlen("\"cursor\":");
    snprintf(party->cursor, sizeof party->cursor, "%.*s", (int)strspn(cursor, "0123456789"), cursor);
}

/* Frees the hub; nothing of its memory may be left. */
static inline void party_close(struct party *party)
{
    syncplay_hub_free(party->hub);
    assert_int_equal(party->live, 0);
}

/* The saved session, which the caller frees. */
static inline char *party_save(struct party *party, const syncplay_id *session, size_t *length)
{
    size_t size;
    assert_int_equal(syncplay_hub_save(party->hub, party->now, session, 0, NULL, 0, &size), SYNCPLAY_ERROR_BUFFER);
    char *text = malloc(size + 1);
    assert_int_equal(syncplay_hub_save(party->hub, party->now, session, 0, text, size + 1, length), SYNCPLAY_OK);
    assert_int_equal(*length, size);
    return text;
}

/* Whether the last message contains this. */
static inline bool party_last_has(const struct party *party, const char *part)
{
    return strstr(party->last, part) != NULL;
}

#endif
