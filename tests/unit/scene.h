/*
 * A party with a follower in it, in virtual time: Ana talks to the hub by hand (party.h), Ben is a follower with a player that
 * takes its time. Everything that Ben says and hears is on its way for 20 ms. By the public API alone.
 */
#ifndef SCENE_H
#define SCENE_H

#include "party.h"

#define MS INT64_C(1000)
#define WAY (20 * MS)
#define LETTERS 400
#define LETTER_SIZE 6000
#define START_LATENCY (90 * MS)
#define SEEK_COST (60 * MS)

struct letter {
    int64_t at;
    bool is_to_hub;
    size_t length;
    char bytes[LETTER_SIZE];
};

struct scene {
    struct party party;
    syncplay_follower *follower;
    syncplay_follower_config config;
    bool is_cut; /* the connection: what is on its way is lost */
    struct letter letters[LETTERS];
    size_t first, count;

    /* What Ben's follower said, and what its host was shown. */
    char sent[LETTER_SIZE], said_types[4000], shown_types[4000], shown[LETTER_SIZE]; /* without pings and pongs */
    void (*on_send)(struct scene *scene);
    void (*on_message)(struct scene *scene);

    /* The player. */
    bool is_paused, is_stalled, has_film;
    int64_t position, since, seek_until, buffered;
    int32_t rate;
    char advised[2000]; /* the kinds of advice that were carried out, one after the other */
};

/* Appends a word to a list of words; the list begins anew when it is full. */
static inline void scene_note(char *list, size_t size, const char *word)
{
    size_t used = strlen(list);
    if (used + strlen(word) + 2 > size)
        used = 0;
    snprintf(list + used, size - used, "%s ", word);
}

static inline void scene_post(struct scene *scene, bool is_to_hub, const char *bytes, size_t length)
{
    if (scene->is_cut)
        return;
    struct letter *letter = &scene->letters[(scene->first + scene->count++) % LETTERS];
    assert_true(scene->count <= LETTERS && length < sizeof letter->bytes);
    letter->at = scene->party.now + WAY;
    letter->is_to_hub = is_to_hub;
    letter->length = length;
    memcpy(letter->bytes, bytes, length);
    letter->bytes[length] = 0;
}

static inline void scene_on_tell(struct party *party, const uint64_t *connections, size_t count, const char *bytes,
                                 size_t length)
{
    for (size_t i = 0; i < count; i++)
        if (connections[i] == BEN)
            scene_post((struct scene *)party, false, bytes, length); /* party is its first member */
}

/* The type of a message, in `type`. */
static inline void scene_type(const char *bytes, char type[20])
{
    const char *begin = strstr(bytes, "\"type\":\"");
    assert_non_null(begin);
    snprintf(type, 20, "%.*s", (int)strspn(begin + 8, "abcdefghijklmnopqrstuvwxyz_"), begin + 8);
}

static inline void scene_send(void *user_data, const char *bytes, size_t length)
{
    struct scene *scene = user_data;
    char type[20], text[LETTER_SIZE];
    snprintf(text, sizeof text, "%.*s", (int)length, bytes); /* which ends with a zero byte */
    scene_type(text, type);
    if (strcmp(type, "ping") != 0) {
        scene_note(scene->said_types, sizeof scene->said_types, type);
        memcpy(scene->sent, text, sizeof text);
    }
    scene_post(scene, true, bytes, length);
    if (scene->on_send)
        scene->on_send(scene);
}

static inline void scene_message(void *user_data, const char *type, const char *bytes, size_t length)
{
    struct scene *scene = user_data;
    if (strcmp(type, "pong") != 0) {
        scene_note(scene->shown_types, sizeof scene->shown_types, type);
        snprintf(scene->shown, sizeof scene->shown, "%.*s", (int)length, bytes);
    }
    if (scene->on_message)
        scene->on_message(scene);
}

static inline void *scene_allocate(void *user_data, void *pointer, size_t size)
{
    return party_allocate(&((struct scene *)user_data)->party, pointer, size);
}

static inline syncplay_follower_callbacks scene_callbacks(void)
{
    syncplay_follower_callbacks callbacks;
    syncplay_follower_callbacks_default(&callbacks, sizeof callbacks);
    callbacks.send = scene_send;
    callbacks.message = scene_message;
    callbacks.allocate = scene_allocate;
    return callbacks;
}

/* --- The player */

static inline bool scene_is_seeking(const struct scene *scene)
{
    return scene->party.now < scene->seek_until;
}

static inline int64_t scene_position(const struct scene *scene)
{
    int64_t since = scene->since > scene->seek_until ? scene->since : scene->seek_until;
    if (scene->is_paused || scene->is_stalled || scene->party.now <= since)
        return scene->position;
    return scene->position + (scene->party.now - since) * scene->rate / SYNCPLAY_RATE_ONE;
}

/* The player stands where it is, as from now. */
static inline void scene_freeze(struct scene *scene)
{
    scene->position = scene_position(scene);
    scene->since = scene->party.now;
}

static inline void scene_carry_out(struct scene *scene, const syncplay_advice *advice)
{
    static const char *const names[] = {"none", "pause", "seek", "play", "rate"};
    scene_note(scene->advised, sizeof scene->advised, names[advice->kind]);
    scene_freeze(scene);
    if (advice->kind == SYNCPLAY_ADVICE_PAUSE) {
        scene->is_paused = true;
    } else if (advice->kind == SYNCPLAY_ADVICE_PLAY) {
        scene->is_paused = false;
        scene->since = scene->party.now + START_LATENCY;
        scene->rate = advice->rate;
    } else if (advice->kind == SYNCPLAY_ADVICE_RATE) {
        scene->rate = advice->rate;
    } else if (advice->kind == SYNCPLAY_ADVICE_SEEK) {
        scene->position = advice->position;
        scene->seek_until = scene->party.now + SEEK_COST;
    }
}

static inline syncplay_player_state scene_player(const struct scene *scene)
{
    syncplay_player_state state;
    syncplay_player_state_default(&state, sizeof state);
    state.has_film = scene->has_film;
    state.has_sound = true;
    state.is_paused = scene->is_paused;
    state.is_seeking = scene_is_seeking(scene);
    state.can_play = !state.is_seeking && !scene->is_stalled;
    state.rate = scene->rate;
    state.position = scene_position(scene);
    state.buffered = scene->is_stalled ? 0 : scene->buffered;
    state.duration = 3600 * SECOND;
    return state;
}

static inline syncplay_advice scene_advice(const struct scene *scene)
{
    syncplay_advice advice = {.struct_size = sizeof advice};
    assert_int_equal(syncplay_follower_advise(scene->follower, scene->party.now, &advice), SYNCPLAY_OK);
    return advice;
}

static inline syncplay_follower_status scene_status(const struct scene *scene)
{
    syncplay_follower_status status = {.struct_size = sizeof status};
    assert_int_equal(syncplay_follower_status_at(scene->follower, scene->party.now, &status), SYNCPLAY_OK);
    return status;
}

/* How far the player is truly ahead of the party, as the hub has it. */
static inline int64_t scene_drift(const struct scene *scene)
{
    syncplay_session_info info = {.struct_size = sizeof info};
    const struct party *party = &scene->party;
    assert_int_equal(syncplay_hub_session(party->hub, party->now, &party->session, &info), SYNCPLAY_OK);
    return scene_position(scene) - info.position;
}

/* --- Time */

static inline void scene_take_letters(struct scene *scene)
{
    struct party *party = &scene->party;
    while (scene->count && scene->letters[scene->first].at <= party->now) {
        struct letter *letter = &scene->letters[scene->first];
        scene->first = (scene->first + 1) % LETTERS;
        scene->count--;
        if (letter->is_to_hub)
            syncplay_hub_receive(party->hub, party->now, BEN, letter->bytes, letter->length);
        else
            assert_int_equal(syncplay_follower_receive(scene->follower, party->now,
                                                       edge_copy(letter->bytes, letter->length), letter->length),
                             SYNCPLAY_OK);
    }
}

/* What a host does each time it wakes up; when there is more advice. */
static inline int64_t scene_look(struct scene *scene)
{
    int64_t now = scene->party.now;
    syncplay_player_state state = scene_player(scene);
    assert_int_equal(syncplay_follower_tick(scene->follower, now), SYNCPLAY_OK);
    assert_int_equal(syncplay_follower_observe(scene->follower, now, &state), SYNCPLAY_OK);
    syncplay_advice advice = scene_advice(scene);
    for (int i = 0; advice.at <= now; i++, advice = scene_advice(scene)) {
        assert_true(i < 10);
        scene_carry_out(scene, &advice);
        assert_int_equal(syncplay_follower_acted(scene->follower, now, &advice), SYNCPLAY_OK);
    }
    return advice.at;
}

static inline void scene_run(struct scene *scene, int64_t time)
{
    struct party *party = &scene->party;
    int64_t end = party->now + time;
    for (;;) {
        scene_take_letters(scene);
        if (syncplay_hub_deadline(party->hub) <= party->now)
            assert_int_equal(syncplay_hub_tick(party->hub, party->now), SYNCPLAY_OK);
        int64_t times[] = {scene_look(scene), syncplay_follower_deadline(scene->follower),
                           syncplay_hub_deadline(party->hub), SYNCPLAY_NEVER, SYNCPLAY_NEVER};
        if (scene->count)
            times[3] = scene->letters[scene->first].at;
        if (scene_is_seeking(scene))
            times[4] = scene->seek_until;
        int64_t next = end;
        for (size_t i = 0; i < sizeof times / sizeof *times; i++)
            next = times[i] < next ? times[i] : next;
        if (party->now >= end)
            return;
        party->now = next > party->now ? next : party->now + MS / 10;
    }
}

/* --- Beginning and end */

static inline int scene_submit(struct scene *scene, syncplay_command_kind kind)
{
    syncplay_command command;
    syncplay_command_default(&command, sizeof command, kind);
    command.code = scene->party.code;
    return syncplay_follower_submit(scene->follower, scene->party.now, &command);
}

/*
 * Ana's public party, which does not wait for her, and a follower that is not connected; the scene's config is as it is, or
 * the default.
 */
static inline void scene_prepare(struct scene *scene)
{
    struct party *party = &scene->party;
    syncplay_follower_config config = scene->config;
    memset(scene, 0, sizeof *scene);
    scene->config = config;
    scene->has_film = scene->is_paused = true;
    scene->rate = SYNCPLAY_RATE_ONE;
    scene->buffered = 20 * SECOND;
    party_init(party);
    party->on_tell = scene_on_tell;
    party_open_hub(party);
    assert_int_equal(party_create(party, ANA, SYNCPLAY_PUBLIC), SYNCPLAY_OK);
    assert_int_equal(party_connect(party, ANA, ANA), SYNCPLAY_OK);
    assert_int_equal(party_join(party, ANA), SYNCPLAY_OK);
    assert_int_equal(party_say(party, ANA, "{\"type\":\"wait\",\"excused\":true}"), SYNCPLAY_OK);
    syncplay_follower_callbacks callbacks = scene_callbacks();
    assert_int_equal(syncplay_follower_new(&scene->follower, party->now, config.struct_size ? &scene->config : NULL,
                                           &callbacks, scene),
                     SYNCPLAY_OK);
}

static inline void scene_connect(struct scene *scene)
{
    assert_int_equal(party_connect(&scene->party, BEN, BEN), SYNCPLAY_OK);
    scene->is_cut = false;
    assert_int_equal(syncplay_follower_connected(scene->follower, scene->party.now), SYNCPLAY_OK);
}

static inline void scene_cut(struct scene *scene)
{
    scene->is_cut = true;
    scene->count = 0;
    assert_int_equal(syncplay_hub_disconnect(scene->party.hub, scene->party.now, BEN), SYNCPLAY_OK);
    assert_int_equal(syncplay_follower_disconnected(scene->follower, scene->party.now), SYNCPLAY_OK);
}

/* Ben is in, stands where the party stands, and knows the time. */
static inline void scene_open(struct scene *scene)
{
    scene_prepare(scene);
    assert_int_equal(scene_submit(scene, SYNCPLAY_COMMAND_JOIN), SYNCPLAY_OK);
    scene_connect(scene);
    scene_run(scene, 3 * SECOND);
}

static inline void scene_close(struct scene *scene)
{
    syncplay_follower_free(scene->follower);
    party_close(&scene->party);
}

/* How Ben is, as the hub has it. */
static inline syncplay_participant_info scene_ben(const struct scene *scene)
{
    syncplay_participant_info info = {.struct_size = sizeof info};
    syncplay_user ben = party_user(BEN);
    assert_int_equal(syncplay_hub_participant_of(scene->party.hub, &scene->party.session, &ben.id, &info), SYNCPLAY_OK);
    return info;
}

#endif
