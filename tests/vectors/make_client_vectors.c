/*
 * Makes test vectors of what a client says: each message that a follower sends, as a line of JSON. By the public headers alone.
 *
 *     make_client_vectors commands      it is asked for every command, with all of its fields and with those alone that it needs
 *     make_client_vectors following     it pings, and says whether it is ready, while it follows a party with a player
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <syncplay/syncplay.h>

#define MS INT64_C(1000)
#define UNIX_START (INT64_C(1795000000000) * MS)

static int64_t now;

static void send(void *user_data, const char *bytes, size_t length)
{
    (void)user_data;
    printf("{\"at\":%" PRId64 ",\"wrote\":\"", now / MS);
    for (size_t i = 0; i < length; i++)
        printf(bytes[i] == '"' || bytes[i] == '\\' ? "\\%c" : "%c", bytes[i]);
    printf("\"}\n");
}

static void submit(syncplay_follower *follower, const syncplay_command *command)
{
    if (syncplay_follower_submit(follower, now, command) != SYNCPLAY_OK) {
        fprintf(stderr, "make_client_vectors: kind %d: %s\n", (int)command->kind, syncplay_follower_why(follower));
        exit(2);
    }
}

/* What cannot be left out. */
static syncplay_command shortest(syncplay_command_kind kind, const syncplay_settings *settings,
                                 const syncplay_content *content)
{
    syncplay_command command;
    syncplay_command_default(&command, sizeof command, kind);
    command.code = "K7MPX2QD";
    command.text = kind == SYNCPLAY_COMMAND_REACT ? "\xf0\x9f\x8e\x89" : "Hello! \"\\\" \xc3\xa4";
    if (kind == SYNCPLAY_COMMAND_SEEK)
        command.position = 1500;
    if (kind != SYNCPLAY_COMMAND_EXCUSE)
        command.user.bytes[15] = 2;
    command.message.bytes[15] = 3;
    command.invitation_id.bytes[15] = 4;
    command.settings = settings;
    command.settings_mask = SYNCPLAY_SETTING_WAIT;
    command.content = content;
    command.role_mask = SYNCPLAY_SET_DENY;
    return command;
}

static syncplay_command longest(syncplay_command_kind kind, const syncplay_settings *settings,
                                const syncplay_content *content)
{
    syncplay_command command = shortest(kind, settings, content);
    command.client_id = "c-1";
    command.revision = 7;
    if (kind == SYNCPLAY_COMMAND_PLAY || kind == SYNCPLAY_COMMAND_PAUSE || kind == SYNCPLAY_COMMAND_SEEK)
        command.position = SYNCPLAY_POSITION_MAX;
    command.speed = 125;
    command.buffered = 2500001;
    command.readiness = SYNCPLAY_READY_NO;
    command.user.bytes[15] = 2;
    command.excused = command.muted = true;
    command.typing = false;
    command.settings_mask = 0x3f;
    command.invitation = command.resume_token = "AAAAAAAAAAAAAAAAAAAAAAAA";
    command.cursor = 1795000000000001;
    command.role_mask = SYNCPLAY_SET_ROLE | SYNCPLAY_SET_ALLOW | SYNCPLAY_SET_DENY;
    command.role = SYNCPLAY_ROLE_CONTROLLER;
    command.allow = SYNCPLAY_RIGHT_KICK | SYNCPLAY_RIGHT_BAN;
    command.deny = SYNCPLAY_RIGHT_CHAT;
    command.lifetime = 3600000 * MS;
    command.uses = 3;
    return command;
}

static void ask_for_everything(syncplay_follower *follower)
{
    syncplay_settings settings;
    syncplay_content content = {.struct_size = sizeof content, .type = "movie", .id = {{0xf1}}}, whole = content;
    syncplay_settings_default(&settings, sizeof settings);
    settings.max_participants = 12;
    whole.title = "Film";
    whole.url = "/a.mp4";
    for (int i = SYNCPLAY_COMMAND_JOIN; i <= SYNCPLAY_COMMAND_REACT; i++) {
        syncplay_command_kind kind = (syncplay_command_kind)i;
        syncplay_command a = shortest(kind, &settings, &content), b = longest(kind, &settings, &whole);
        if (kind == SYNCPLAY_COMMAND_PING) /* those are the follower's own */
            continue;
        submit(follower, &a);
        submit(follower, &b);
    }
}

/* In a party, with a player: the follower pings, and says whether it is ready. */
static void follow(syncplay_follower *follower)
{
    syncplay_playback playback;
    syncplay_player_state player;
    syncplay_advice advice = {.struct_size = sizeof advice};
    syncplay_playback_default(&playback, sizeof playback);
    syncplay_player_state_default(&player, sizeof player);
    player.has_film = player.can_play = true;
    player.buffered = 5000 * MS;
    player.duration = 60000 * MS;
    playback.is_state = playback.is_playing = true;
    playback.revision = 3;
    playback.phase = SYNCPLAY_PLAYING;
    playback.server_time = playback.at = UNIX_START + now;
    syncplay_follower_playback(follower, now, &playback);
    for (int64_t end = now + 12000 * MS; now < end; now += 20 * MS) {
        syncplay_follower_observe(follower, now, &player);
        if (syncplay_follower_advise(follower, now, &advice) == SYNCPLAY_OK && advice.at <= now) {
            player.is_paused = advice.kind == SYNCPLAY_ADVICE_PAUSE || (player.is_paused && advice.kind == SYNCPLAY_ADVICE_SEEK);
            player.position = advice.kind == SYNCPLAY_ADVICE_SEEK ? advice.position : player.position;
            player.rate = advice.rate ? advice.rate : player.rate;
            syncplay_follower_acted(follower, now, &advice);
        }
        syncplay_follower_tick(follower, now);
        syncplay_follower_pong(follower, now, now, UNIX_START + now, UNIX_START + now);
        player.position += player.is_paused ? 0 : 20 * MS;
    }
}

int main(int count, char **arguments)
{
    syncplay_follower *follower;
    syncplay_follower_callbacks callbacks;
    syncplay_follower_callbacks_default(&callbacks, sizeof callbacks);
    callbacks.send = send;
    if (syncplay_follower_new(&follower, now, NULL, &callbacks, NULL) != SYNCPLAY_OK)
        return 2;
    syncplay_follower_connected(follower, now);
    if (count == 2 && strcmp(arguments[1], "commands") == 0)
        ask_for_everything(follower);
    else
        follow(follower);
    syncplay_follower_free(follower);
    return fflush(stdout) == 0 ? 0 : 1;
}
