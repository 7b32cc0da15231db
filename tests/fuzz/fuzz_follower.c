/*
 * A follower with a server that says anything, at any time, and a player that is anywhere. An input is a script of
 * calls, one letter each with its arguments behind it (input.h):
 *
 *   { ...  a message of the server, the rest of the line     c, d   the connection stands, is gone
 *   + TN   N times a time T passes, as a good host lets it   - TN   the same without a look at the player
 *   b ...  a playback, typed        g ABC  a pong, typed      k KAB  the user wants a command of kind K
 *   s R    suspended for reason R   r R    resumed            y, z   resynchronise, disturbed
 *   p ...  the player is somewhere else                       o N    in the next call the N-th allocation fails
 *
 * What it sends has to be what a hub reads, advice is the same when it is asked for twice, and a call that fails
 * changes nothing.
 */
#include <syncplay/syncplay.h>

#include "check.h"
#include "input.h"
#include "json_text.h"
#include "text.h"
#include "wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define SECOND INT64_C(1000000)
#define UNIX_START (INT64_C(1795000000) * SECOND)
#define MESSAGE_MAX 4096
#define LOOKS_MAX 200

struct watcher {
    syncplay_follower *follower;
    struct input input;
    int64_t now;
    syncplay_player_state player;
    long live, fails_after;
    bool has_failed, is_called;
    size_t sent;
};

static void on_send(void *user_data, const char *bytes, size_t length)
{
    struct watcher *watcher = user_data;
    struct wire_message message;
    CHECK(watcher->is_called && json_text_is_object(bytes, length, WIRE_DEPTH));
    int error = wire_read(&message, bytes, length);
    CHECK_TOLD(error == SYNCPLAY_OK, message.why);
    wire_free(&message);
    watcher->sent++;
}

static void on_message(void *user_data, const char *type, const char *bytes, size_t length)
{
    const struct watcher *watcher = user_data;
    CHECK(watcher->is_called && type && bytes && length > 0);
}

static void *allocate(void *user_data, void *pointer, size_t size)
{
    struct watcher *watcher = user_data;
    if (!size) {
        watcher->live -= pointer != NULL;
        free(pointer);
        return NULL;
    }
    if (watcher->fails_after == 0) {
        watcher->has_failed = true;
        return NULL;
    }
    watcher->fails_after -= watcher->fails_after > 0;
    watcher->live += pointer == NULL;
    return realloc(pointer, size);
}

/* --- What must hold */

static syncplay_advice advice_of(const struct watcher *watcher)
{
    syncplay_advice advice = {.struct_size = sizeof advice}, again = advice;
    CHECK(syncplay_follower_advise(watcher->follower, watcher->now, &advice) == SYNCPLAY_OK);
    CHECK(syncplay_follower_advise(watcher->follower, watcher->now, &again) == SYNCPLAY_OK);
    CHECK(advice.kind == again.kind && advice.at == again.at && advice.position == again.position &&
          advice.rate == again.rate && advice.preserves_pitch == again.preserves_pitch);
    CHECK(advice.kind >= SYNCPLAY_ADVICE_NONE && advice.kind <= SYNCPLAY_ADVICE_RATE);
    if (advice.kind == SYNCPLAY_ADVICE_NONE)
        CHECK(advice.at == SYNCPLAY_NEVER);
    if (advice.kind == SYNCPLAY_ADVICE_SEEK)
        CHECK(advice.position >= 0 && advice.position <= SYNCPLAY_POSITION_MAX);
    if (advice.kind == SYNCPLAY_ADVICE_PLAY || advice.kind == SYNCPLAY_ADVICE_RATE)
        CHECK(advice.rate > 0 && advice.rate < 5 * SYNCPLAY_RATE_ONE);
    return advice;
}

/* All that can be asked of it, as a text. */
static void describe(const struct watcher *watcher, struct text *text)
{
    syncplay_follower_status s = {.struct_size = sizeof s};
    syncplay_player_profile p = {.struct_size = sizeof p};
    CHECK(syncplay_follower_status_at(watcher->follower, watcher->now, &s) == SYNCPLAY_OK);
    CHECK(syncplay_follower_profile(watcher->follower, &p) == SYNCPLAY_OK);
    CHECK(s.mode >= SYNCPLAY_MODE_IDLE && s.mode <= SYNCPLAY_MODE_OVER);
    CHECK(s.phase >= SYNCPLAY_IDLE && s.phase <= SYNCPLAY_PAUSED);
    CHECK(s.position >= 0 && s.position <= SYNCPLAY_POSITION_MAX && s.clock_error >= 0 && s.round_trip >= 0);
    CHECK(p.start_latency >= 0 && p.start_latency <= 5 * SECOND && p.seek_cost >= 0 && p.seek_cost <= 30 * SECOND);
    CHECK(p.position_noise >= 0 && p.position_noise <= SECOND);
    syncplay_advice a = advice_of(watcher);
    text_clear(text);
    text_print(text, "%d %d %d %d %d %lld %lld %lld %lld %lld ", s.mode, s.is_connected, s.is_synchronised, s.is_nudged,
               s.cannot_keep_up, (long long)s.server_time, (long long)s.clock_error, (long long)s.round_trip,
               (long long)s.drift, (long long)s.position);
    text_print(text, "%llu %d %d; %lld %lld %lld %lld %lld; ", (unsigned long long)s.revision, s.phase, s.speed,
               (long long)p.start_latency, (long long)p.silent_start_latency, (long long)p.seek_cost,
               (long long)p.position_noise, (long long)p.nudge_loss);
    text_print(text, "%d %lld %lld %d; %lld", a.kind, (long long)a.at, (long long)a.position, a.rate,
               (long long)syncplay_follower_deadline(watcher->follower));
}

static struct text before, after;

static void begin(struct watcher *watcher)
{
    describe(watcher, &before);
    watcher->has_failed = false;
    watcher->is_called = true;
    watcher->sent = 0;
}

static void end(struct watcher *watcher, int error)
{
    watcher->is_called = false;
    watcher->fails_after = -1;
    CHECK(error <= 0 && error >= SYNCPLAY_ERROR_RESUME && syncplay_follower_why(watcher->follower));
    CHECK(error != SYNCPLAY_ERROR_MEMORY || watcher->has_failed);
    describe(watcher, &after);
    if (error)
        CHECK_TOLD(watcher->sent == 0 && strcmp(text_of(&before), text_of(&after)) == 0,
                   (fprintf(stderr, "%s\n", text_of(&before)), text_of(&after)));
}

/* --- Time and the player */

static int64_t take_time(struct input *input)
{
    static const int64_t times[] = {0, 1, 1000, 40000, 300000, SECOND, 6 * SECOND, 60 * SECOND, 3600 * SECOND};
    return times[input_number(input, sizeof times / sizeof *times)];
}

static int64_t take_amount(struct input *input)
{
    static const int64_t amounts[] = {0,
                                      1,
                                      SECOND,
                                      60 * SECOND,
                                      3600 * SECOND,
                                      SYNCPLAY_POSITION_MAX,
                                      -1,
                                      -SECOND,
                                      INT64_MAX,
                                      SYNCPLAY_POSITION_MAX + 1,
                                      INT64_MIN};
    return amounts[input_number(input, sizeof amounts / sizeof *amounts)];
}

/* Does what it is told, at once and exactly. */
static void obey(struct watcher *watcher, const syncplay_advice *advice)
{
    syncplay_player_state *player = &watcher->player;
    if (advice->kind == SYNCPLAY_ADVICE_SEEK)
        player->position = advice->position;
    else
        player->is_paused = advice->kind == SYNCPLAY_ADVICE_PAUSE;
    if (advice->kind == SYNCPLAY_ADVICE_PLAY || advice->kind == SYNCPLAY_ADVICE_RATE)
        player->rate = advice->rate;
}

static void look(struct watcher *watcher)
{
    begin(watcher);
    end(watcher, syncplay_follower_tick(watcher->follower, watcher->now));
    begin(watcher);
    end(watcher, syncplay_follower_observe(watcher->follower, watcher->now, &watcher->player));
    for (int i = 0; i < 3; i++) {
        syncplay_advice advice = advice_of(watcher);
        if (advice.at > watcher->now)
            return;
        obey(watcher, &advice);
        begin(watcher);
        end(watcher, syncplay_follower_acted(watcher->follower, watcher->now, &advice));
    }
}

static void advance(struct watcher *watcher, int64_t until)
{
    syncplay_player_state *player = &watcher->player;
    int64_t passed = until - watcher->now;
    watcher->now = until;
    if (!player->is_paused && player->can_play && player->position >= 0 && player->position < SYNCPLAY_POSITION_MAX &&
        player->rate > 0 && passed < (SYNCPLAY_POSITION_MAX - player->position) / 5)
        player->position += passed / 1000 * player->rate / 1000;
}

static void pass(struct watcher *watcher, int64_t time)
{
    int64_t until = watcher->now + time;
    for (int i = 0; i < LOOKS_MAX && watcher->now < until; i++) {
        int64_t next = syncplay_follower_deadline(watcher->follower), at = advice_of(watcher).at;
        next = at < next ? at : next;
        next = next > until ? until : next <= watcher->now ? watcher->now + 1000 : next;
        advance(watcher, next);
        look(watcher);
    }
    advance(watcher, until > watcher->now ? until : watcher->now);
}

static void move_player(struct watcher *watcher)
{
    struct input *input = &watcher->input;
    syncplay_player_state *player = &watcher->player;
    unsigned flags = input_number(input, 128);
    player->has_film = flags & 1;
    player->is_paused = flags & 2;
    player->is_seeking = flags & 4;
    player->can_play = !(flags & 8);
    player->has_enough = flags & 16;
    player->is_ended = flags & 32;
    player->has_sound = flags & 64;
    player->position = take_amount(input);
    player->buffered = take_amount(input);
    player->duration = take_amount(input);
    player->rate = (int32_t)input_number(input, 50) * SYNCPLAY_RATE_ONE / 10;
    begin(watcher);
    end(watcher, syncplay_follower_observe(watcher->follower, watcher->now, player));
}

/* --- The server and the user */

static void receive(struct watcher *watcher)
{
    size_t length;
    watcher->input.at--; /* the brace belongs to it */
    const char *line = input_line(&watcher->input, &length);
    char *copy = malloc(length ? length : 1);
    CHECK(copy != NULL);
    memcpy(copy, line, length);
    begin(watcher);
    end(watcher, syncplay_follower_receive(watcher->follower, watcher->now, copy, length));
    free(copy);
}

static void tell_playback(struct watcher *watcher)
{
    struct input *input = &watcher->input;
    syncplay_playback playback;
    syncplay_playback_default(&playback, sizeof playback);
    playback.revision = input_number(input, 50);
    playback.phase = (syncplay_phase)input_number(input, 5);
    playback.is_playing = playback.phase == SYNCPLAY_PLAYING;
    playback.is_state = input_number(input, 2);
    playback.position = take_amount(input);
    playback.server_time = input_number(input, 2) ? take_amount(input) : watcher->now + UNIX_START;
    playback.at = input_number(input, 2) ? take_amount(input) : watcher->now + UNIX_START + take_time(input);
    playback.speed = (int32_t)input_number(input, 50) * 10;
    begin(watcher);
    end(watcher, syncplay_follower_playback(watcher->follower, watcher->now, &playback));
}

static void tell_pong(struct watcher *watcher)
{
    struct input *input = &watcher->input;
    int64_t sent = watcher->now - take_time(input), received = watcher->now + UNIX_START - take_time(input);
    bool is_wild = input_number(input, 4) == 0;
    received = is_wild ? take_amount(input) : received;
    begin(watcher);
    end(watcher, syncplay_follower_pong(watcher->follower, watcher->now, sent, received, received));
}

static void submit(struct watcher *watcher)
{
    static const char *const texts[] = {NULL, "", "hello", "a \"b\\\n", "\xf0\x9f\x8e\xac", "\xff\xfe", "ABCD2345"};
    struct input *input = &watcher->input;
    syncplay_command command;
    syncplay_settings settings;
    syncplay_content content;
    syncplay_settings_default(&settings, sizeof settings);
    syncplay_content_default(&content, sizeof content);
    syncplay_command_default(&command, sizeof command,
                             (syncplay_command_kind)input_number(input, SYNCPLAY_COMMAND_REACT + 2));
    command.position = command.buffered = command.lifetime = take_amount(input);
    command.code = command.text = texts[input_number(input, sizeof texts / sizeof *texts)];
    command.client_id = content.type = texts[input_number(input, sizeof texts / sizeof *texts)];
    content.id.bytes[3] = command.user.bytes[3] = (uint8_t)input_number(input, 2);
    command.role_mask = command.settings_mask = input_number(input, 64);
    command.role = (syncplay_role)input_number(input, 6);
    command.speed = (int32_t)input_number(input, 50) * 10;
    command.settings = &settings;
    command.content = &content;
    begin(watcher);
    end(watcher, syncplay_follower_submit(watcher->follower, watcher->now, &command));
}

static void step(struct watcher *watcher)
{
    syncplay_follower *follower = watcher->follower;
    struct input *input = &watcher->input;
    char letter = input_letter(input);
    if (letter == '{') {
        receive(watcher);
    } else if (letter == '+') {
        int64_t time = take_time(input);
        pass(watcher, time * input_number(input, 10));
    } else if (letter == '-') {
        int64_t time = take_time(input);
        advance(watcher, watcher->now + time * input_number(input, 10));
    } else if (letter == 'b') {
        tell_playback(watcher);
    } else if (letter == 'g') {
        tell_pong(watcher);
    } else if (letter == 'k') {
        submit(watcher);
    } else if (letter == 'p') {
        move_player(watcher);
    } else if (letter == 'o') {
        watcher->fails_after = input_number(input, 10);
    } else if (strchr("cdyzsr", letter) && letter) {
        syncplay_suspension reason = strchr("sr", letter) ? (syncplay_suspension)input_number(input, 6) : 0;
        begin(watcher);
        end(watcher, letter == 'c'   ? syncplay_follower_connected(follower, watcher->now)
                     : letter == 'd' ? syncplay_follower_disconnected(follower, watcher->now)
                     : letter == 'y' ? syncplay_follower_resync(follower, watcher->now)
                     : letter == 'z' ? syncplay_follower_disturbed(follower, watcher->now)
                     : letter == 's' ? syncplay_follower_suspend(follower, watcher->now, reason)
                                     : syncplay_follower_resume(follower, watcher->now, reason));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct watcher watcher = {.input = {(const char *)data, size, 0}, .now = 50 * SECOND, .fails_after = -1};
    syncplay_follower_config config;
    syncplay_follower_callbacks callbacks;
    syncplay_player_profile profile;
    syncplay_follower_config_default(&config, sizeof config);
    syncplay_follower_callbacks_default(&callbacks, sizeof callbacks);
    syncplay_player_profile_default(&profile, sizeof profile, (syncplay_player_kind)input_number(&watcher.input, 3));
    syncplay_player_state_default(&watcher.player, sizeof watcher.player);
    config.profile = &profile;
    config.adopts_player = input_number(&watcher.input, 2);
    config.max_message_bytes = MESSAGE_MAX;
    callbacks.send = on_send;
    callbacks.message = on_message;
    callbacks.allocate = allocate;
    CHECK(syncplay_follower_new(&watcher.follower, watcher.now, &config, &callbacks, &watcher) == SYNCPLAY_OK);
    while (!input_is_over(&watcher.input))
        step(&watcher);
    syncplay_follower_free(watcher.follower);
    CHECK(watcher.live == 0);
    return 0;
}
