/*
 * mpv through its JSON IPC: see player.h. What was measured of it, and how, is in tests/measure/mpv_facts.mjs:
 *
 * - It obeys within 0.2 ms, so no command of ours is early or late by more than that.
 * - While it plays, `audio-pts` says where it is to 0.01 ms, while `time-pos` goes in steps, a frame ahead. Paused,
 *   `time-pos` is the picture on the screen, and where everyone is to stand.
 * - Paused while it plays, the sound stops at once, and the picture at the next frame; after a seek, both are at the
 *   picture. The follower has it seek to where everyone stands after each pause, so all start alike.
 * - Answers come in the order of the questions, so what is asked after a command was answered is what the command left.
 *   But for a seek, which is answered before it begins: it is over with the event `playback-restart` after a `seek`.
 */
#include "player.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cjson/cJSON.h>

#include "clock.h"

#define PATIENCE (10 * SECOND) /* mpv that answers nothing for so long hangs */
#define SEEK_MAX (5 * SECOND)  /* a seek of which nothing is heard for so long is not coming */
/* mpv takes a frame up to 5 ms before the place for one behind it; and times of frames are rounded in many files. */
#define FRAME_MARGIN 5500
#define OPTIONS_MAX 100

/* --- What mpv says ------------------------------------------------------------------------------------------------ */

static const char *text_of(const cJSON *object, const char *name)
{
    const char *text = cJSON_GetStringValue(cJSON_GetObjectItem(object, name));
    return text == NULL ? "" : text;
}

static void event(struct player *player, const char *name, const cJSON *message)
{
    player->has_stirred = true;
    if (strcmp(name, "seek") == 0) {
        player->has_begun = true;
    } else if (strcmp(name, "playback-restart") == 0) {
        player->is_sent = player->is_sent && !player->has_begun;
        player->picture_at = SYNCPLAY_UNSET;
    } else if (strcmp(name, "shutdown") == 0) {
        player->was_closed = true;
    } else if (strcmp(name, "end-file") == 0 && strcmp(text_of(message, "reason"), "error") == 0) {
        snprintf(player->complaint, sizeof player->complaint, "mpv cannot play it: %s", text_of(message, "file_error"));
    }
}

/* A number; true and false are 1 and 0, and what there is not is NAN. */
static double number_of(const cJSON *message)
{
    const cJSON *data = cJSON_GetObjectItem(message, "data");
    return strcmp(text_of(message, "error"), "success") != 0 ? (double)NAN
           : cJSON_IsBool(data)                              ? cJSON_IsTrue(data)
           : cJSON_IsNumber(data)                            ? data->valuedouble
                                                             : 0;
}

static void handle_line(struct player *player, const char *line)
{
    cJSON *message = cJSON_Parse(line);
    const char *name = cJSON_GetStringValue(cJSON_GetObjectItem(message, "event"));
    const cJSON *id = cJSON_GetObjectItem(message, "request_id");
    if (name != NULL) {
        event(player, name, message);
    } else if (cJSON_IsNumber(id)) {
        const long long which = (long long)id->valuedouble - player->awaited;
        if (which >= 0 && which < player->awaited_count) {
            player->answers[which] = number_of(message);
            if (which == player->awaited_count - 1) {
                player->awaited_count = 0; /* answers come in order */
            }
        }
    }
    cJSON_Delete(message);
}

void player_read(struct player *player)
{
    const ssize_t got = recv(player->socket, player->in + player->in_length, sizeof player->in - player->in_length, 0);
    if (got <= 0) {
        player->is_gone = player->is_gone || got == 0 || (errno != EAGAIN && errno != EINTR);
        return;
    }
    player->in_length += (size_t)got;
    char *line = player->in;
    char *const end = player->in + player->in_length;
    for (char *newline; (newline = memchr(line, '\n', (size_t)(end - line))) != NULL; line = newline + 1) {
        *newline = '\0';
        handle_line(player, line);
    }
    player->in_length = (size_t)(end - line);
    memmove(player->in, line, player->in_length);
    player->is_gone = player->is_gone || player->in_length == sizeof player->in; /* a line that never ends */
}

/* --- What mpv is told and asked ----------------------------------------------------------------------------------- */

static void say(struct player *player, const char *bytes, size_t length)
{
    while (length > 0 && !player->is_gone) {
        const ssize_t sent = send(player->socket, bytes, length, MSG_NOSIGNAL);
        if (sent < 0 && errno == EAGAIN) {
            poll(&(struct pollfd){.fd = player->socket, .events = POLLOUT}, 1, 100);
        } else if (sent < 0 && errno != EINTR) {
            player->is_gone = true;
        } else if (sent > 0) {
            bytes += sent;
            length -= (size_t)sent;
        }
    }
}

static void expect(struct player *player, double *answers, int count)
{
    for (int i = 0; i < count; i++) {
        answers[i] = (double)NAN;
    }
    player->answers = answers;
    player->awaited = player->last_request + 1;
    player->awaited_count = count;
    player->last_request += count;
}

static void wait_for_answers(struct player *player)
{
    const int64_t since = now();
    while (player->awaited_count > 0 && !player->is_gone) {
        if (poll(&(struct pollfd){.fd = player->socket, .events = POLLIN}, 1, 1000) > 0) {
            player_read(player);
        } else if (now() - since > PATIENCE) {
            fprintf(stderr, "mpv does not answer any longer.\n");
            player->is_gone = true;
        }
    }
    player->awaited_count = 0; /* before the answers' place is gone */
}

/* Says `{"command":[...]}`, waits for the answer; false: it was refused. */
static bool command(struct player *player, const char *arguments)
{
    char line[4096];
    double answer;
    expect(player, &answer, 1);
    const int length =
        snprintf(line, sizeof line, "{\"command\":[%s],\"request_id\":%lld}\n", arguments, player->awaited);
    if (length < 0 || length >= (int)sizeof line) {
        player->awaited_count = 0;
        return false;
    }
    say(player, line, (size_t)length);
    wait_for_answers(player);
    return !isnan(answer);
}

static bool set(struct player *player, const char *property, const char *value)
{
    char arguments[200];
    snprintf(arguments, sizeof arguments, "\"set_property\",\"%s\",%s", property, value);
    return command(player, arguments);
}

static void get(struct player *player, const char *const *properties, double *answers, int count)
{
    char lines[4096];
    size_t length = 0;
    expect(player, answers, count);
    for (int i = 0; i < count && length < sizeof lines; i++) {
        length += (size_t)snprintf(lines + length, sizeof lines - length,
                                   "{\"command\":[\"get_property\",\"%s\"],\"request_id\":%lld}\n", properties[i],
                                   player->awaited + i);
    }
    say(player, lines, length);
    wait_for_answers(player);
}

/* --- Starting ----------------------------------------------------------------------------------------------------- */

/* What stirs it is heard of; what it does then is asked for. */
static bool introduce(struct player *player)
{
    static const char *const watched[] = {"pause", "eof-reached", "paused-for-cache",
                                          "speed", "duration",    "idle-active"};
    fcntl(player->socket, F_SETFL, O_NONBLOCK);
    fcntl(player->socket, F_SETFD, FD_CLOEXEC);
    player->picture_at = SYNCPLAY_UNSET;
    player->has_stirred = true;
    for (size_t i = 0; i < sizeof watched / sizeof *watched; i++) {
        char arguments[100];
        snprintf(arguments, sizeof arguments, "\"observe_property\",%zu,\"%s\"", i + 1, watched[i]);
        command(player, arguments);
    }
    /* At its end the film stands, and does not look as if somebody had paused it. Nudges are not to be spoilt. */
    set(player, "keep-open", "\"yes\"");
    set(player, "keep-open-pause", "false");
    set(player, "audio-pitch-correction", "false");
    return !player->is_gone;
}

/* mpv is our child at the other end of a pair of sockets: when one of us goes, the other one knows. */
bool player_start(struct player *player, const char *file, char **options)
{
    char *arguments[OPTIONS_MAX + 10] = {"mpv", "--pause", "--idle=yes", "--force-window=yes", "--no-input-terminal",
                                         "--msg-level=all=error"};
    char client[40];
    int pair[2];
    int count = 6;
    for (int i = 0; i < OPTIONS_MAX && options[i] != NULL; i++) {
        arguments[count++] = options[i];
    }
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0) {
        perror("socketpair");
        return false;
    }
    snprintf(client, sizeof client, "--input-ipc-client=fd://%d", pair[1]);
    arguments[count++] = client;
    arguments[count++] = "--";
    arguments[count] = (char *)(uintptr_t)file; /* execvp changes nothing */
    fflush(NULL);
    player->process = fork();
    if (player->process == 0) {
        close(pair[0]);
        const int nothing = open("/dev/null", O_RDONLY);
        dup2(nothing, STDIN_FILENO);
        execvp("mpv", arguments);
        fprintf(stderr, "mpv cannot be started: %s\n", strerror(errno));
        _exit(127);
    }
    close(pair[1]);
    player->socket = pair[0];
    return player->process > 0 && introduce(player);
}

bool player_attach(struct player *player, const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof address.sun_path) {
        fprintf(stderr, "%s: the name is too long for a socket\n", path);
        return false;
    }
    memcpy(address.sun_path, path, strlen(path));
    player->socket = socket(AF_UNIX, SOCK_STREAM, 0);
    if (player->socket < 0 || connect(player->socket, (struct sockaddr *)&address, sizeof address) != 0) {
        fprintf(stderr, "%s: %s. Start mpv with --input-ipc-server=%s first.\n", path, strerror(errno), path);
        return false;
    }
    return introduce(player);
}

bool player_open(struct player *player, const char *url)
{
    if (strncmp(url, "http://", 7) != 0 && strncmp(url, "https://", 8) != 0) {
        return false;
    }
    cJSON *text = cJSON_CreateString(url);
    char *quoted = cJSON_PrintUnformatted(text);
    char arguments[3000];
    /* No helper programs and no files of ours for what strangers have written. */
    const int length = snprintf(arguments, sizeof arguments,
                                "\"loadfile\",%s,\"replace\",\"ytdl=no,access-references=no,load-unsafe-playlists=no\"",
                                quoted == NULL ? "" : quoted);
    const bool fits = quoted != NULL && length > 0 && length < (int)sizeof arguments;
    cJSON_free(quoted);
    cJSON_Delete(text);
    return fits && set(player, "pause", "true") && command(player, arguments);
}

/* --- Observing ---------------------------------------------------------------------------------------------------- */

enum { PAUSE, SEEKING, ENDED, STARVED, IDLE, SPEED, DURATION, BY_NETWORK, CACHED, CACHE_IDLE, TIME, SOUND, FPS, ASKED };
static const char *const asked[ASKED] = {
    [PAUSE] = "pause", [SEEKING] = "seeking", [ENDED] = "eof-reached", [STARVED] = "paused-for-cache",
    [IDLE] = "idle-active", [SPEED] = "speed", [DURATION] = "duration", [BY_NETWORK] = "demuxer-via-network",
    [CACHED] = "demuxer-cache-duration", [CACHE_IDLE] = "demuxer-cache-idle", [TIME] = "time-pos",
    [SOUND] = "audio-params/samplerate", [FPS] = "container-fps"};

static int64_t microseconds(double seconds)
{
    return isnan(seconds) || seconds < 0 || seconds > 1e9 ? 0 : llround(seconds * SECOND);
}

/*
 * Where a film without sound is. mpv tells a picture when it is about to be shown: the film is between that one and the
 * one before. Our clock carries on from what we thought before, as long as that is between the two.
 */
static int64_t silent_position(struct player *player, int64_t picture, double fps, double speed, int64_t at)
{
    const int64_t frame = microseconds(fps >= 1 ? 1 / fps : 0.04);
    int64_t position = picture - frame / 2;
    if (player->picture_at != SYNCPLAY_UNSET) {
        position = player->picture + llround((double)(at - player->picture_at) * speed);
        position = position > picture ? picture : position < picture - frame ? picture - frame : position;
    }
    player->picture = position;
    player->picture_at = at;
    return position > 0 ? position : 0;
}

/* Asked for by itself, so that it is known to some hundredths of a millisecond when it was so. */
static void ask_position(struct player *player, const double *is, syncplay_player_state *state, int64_t *at)
{
    static const char *const heard[] = {"audio-pts", "time-pos"};
    double positions[2];
    const int64_t before = now();
    get(player, heard, positions, 2);
    *at = before + (now() - before) / 2;
    const bool can_hear = state->has_sound && !isnan(positions[0]) && positions[0] >= 0;
    state->position = microseconds(positions[1]);
    if (state->is_paused) {
        player->picture_at = SYNCPLAY_UNSET;
    } else if (!state->is_ended && !state->is_seeking) {
        state->position = can_hear ? microseconds(positions[0])
                                   : silent_position(player, state->position, is[FPS], is[SPEED], *at);
    }
}

bool player_observe(struct player *player, syncplay_player_state *state, int64_t *at)
{
    double is[ASKED];
    player->has_stirred = false;
    if (player->is_sent && now() - player->sent_at > SEEK_MAX) {
        player->is_sent = false;
    }
    get(player, asked, is, ASKED);
    syncplay_player_state_default(state, sizeof *state);
    *at = now();
    player->frame = is[FPS] >= 1 ? microseconds(1 / is[FPS]) : 0;
    state->is_paused = is[PAUSE] > 0;
    state->rate = isnan(is[SPEED]) ? SYNCPLAY_RATE_ONE : (int32_t)lround(is[SPEED] * SYNCPLAY_RATE_ONE);
    state->has_film = !(is[IDLE] > 0) && !isnan(is[TIME]);
    if (!state->has_film || player->is_gone) {
        return !player->is_gone;
    }
    state->has_sound = !isnan(is[SOUND]);
    state->is_seeking = player->is_sent || is[SEEKING] > 0;
    state->is_ended = is[ENDED] > 0;
    state->can_play = !state->is_seeking && !(is[STARVED] > 0);
    state->has_enough = !(is[BY_NETWORK] > 0) || is[CACHE_IDLE] > 0;
    state->buffered = is[BY_NETWORK] > 0 ? microseconds(is[CACHED]) : SYNCPLAY_NEVER;
    state->duration = microseconds(is[DURATION]);
    ask_position(player, is, state, at);
    return !player->is_gone;
}

/* --- Acting ------------------------------------------------------------------------------------------------------- */

static void set_rate(struct player *player, const syncplay_advice *advice)
{
    char rate[32];
    if (player->keeps_pitch != advice->preserves_pitch) {
        set(player, "audio-pitch-correction", advice->preserves_pitch ? "true" : "false");
        player->keeps_pitch = advice->preserves_pitch;
    }
    snprintf(rate, sizeof rate, "%d.%06d", advice->rate / SYNCPLAY_RATE_ONE, advice->rate % SYNCPLAY_RATE_ONE);
    set(player, "speed", rate);
}

/*
 * mpv lands on the first frame at or behind the place that it is sent to; browsers, and all others who stand where the party
 * stands, show the frame that the place is in. That is the first one behind a frame's length before it.
 */
static void seek(struct player *player, int64_t position)
{
    char arguments[100];
    const int64_t frame = player->frame > FRAME_MARGIN ? player->frame - FRAME_MARGIN : 0;
    position = position > frame ? position - frame : 0;
    snprintf(arguments, sizeof arguments, "\"seek\",%lld.%06lld,\"absolute+exact\"", (long long)(position / SECOND),
             (long long)(position % SECOND));
    player->is_sent = true;
    player->has_begun = false;
    player->sent_at = now();
    if (!command(player, arguments)) {
        player->is_sent = false; /* nothing is open, or it cannot be seeked in: observations show it */
    }
}

int64_t player_do(struct player *player, const syncplay_advice *advice)
{
    player->has_stirred = true;
    if (advice->kind == SYNCPLAY_ADVICE_PLAY) {
        set_rate(player, advice); /* so that nothing but one command is left to do at the instant */
    }
    sleep_until(advice->at);
    const int64_t done = now();
    if (advice->kind == SYNCPLAY_ADVICE_PLAY || advice->kind == SYNCPLAY_ADVICE_PAUSE) {
        set(player, "pause", advice->kind == SYNCPLAY_ADVICE_PAUSE ? "true" : "false");
    } else if (advice->kind == SYNCPLAY_ADVICE_SEEK) {
        seek(player, advice->position);
    } else if (advice->kind == SYNCPLAY_ADVICE_RATE) {
        set_rate(player, advice);
    }
    return done;
}

/* --- Ending ------------------------------------------------------------------------------------------------------- */

int player_end(struct player *player)
{
    int status = 0;
    if (!player->is_gone) {
        if (player->process > 0) {
            command(player, "\"quit\"");
        } else {
            set(player, "speed", "1");
            set(player, "audio-pitch-correction", "true");
        }
    }
    close(player->socket);
    if (player->process <= 0 || waitpid(player->process, &status, 0) < 0) {
        return 0;
    }
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}
