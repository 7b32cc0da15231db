/*
 * A long random walk through the library: commands, broken connections, time, round trips, failing memory and restarts,
 * by a generator with a fixed seed. After each step the promises that no story may break are checked.
 */
#include "party.h"

#include "json_reader.h"

enum { STEPS = 20000, SESSIONS = 3, USERS = 7, CONNECTIONS = 10 };

struct walk {
    struct party party;
    bool is_open[CONNECTIONS + 1];
    bool has_seat[CONNECTIONS + 1]; /* a seat or a knock, as far as the connection was told */
    char resume[USERS + 1][SYNCPLAY_TOKEN_SIZE]; /* told last to each user's connections */
    double cursor[USERS + 1];
    unsigned user_of[CONNECTIONS + 1];
    char invitation[SYNCPLAY_TOKEN_SIZE], invitation_id[SYNCPLAY_ID_SIZE], message_id[SYNCPLAY_ID_SIZE];
    syncplay_id sessions[SESSIONS];
    char codes[SESSIONS][SYNCPLAY_CODE_SIZE];
    uint64_t revisions[SESSIONS];
    bool lives[SESSIONS];
    unsigned saved_count;
    unsigned ended, waits, restarts, out_of_memory, resumed, invited; /* what the walk has come across */
};

static struct walk walk;

static unsigned below(unsigned limit)
{
    return (unsigned)(party_random(&walk.party) % limit);
}

static bool text_is(json_value value, const char *text)
{
    const char *found;
    return json_get_text(value, &found) && strcmp(found, text) == 0;
}

static void keep(json_value value, char *text, size_t size)
{
    const char *found;
    if (json_get_text(value, &found))
        snprintf(text, size, "%s", found);
}

/* What clients keep: how to come back, invitations, ids of messages. */
static void keep_all(json_value root, uint64_t number)
{
    unsigned user = walk.user_of[number];
    keep(json_member(root, "resume_token"), walk.resume[user], sizeof walk.resume[user]);
    json_get_double(json_member(root, "cursor"), &walk.cursor[user]);
    keep(json_member(root, "token"), walk.invitation, sizeof walk.invitation);
    if (text_is(json_member(root, "type"), "invitation"))
        keep(json_member(json_member(root, "invitation"), "id"), walk.invitation_id, sizeof walk.invitation_id);
    if (text_is(json_member(root, "type"), "chat"))
        keep(json_member(root, "id"), walk.message_id, sizeof walk.message_id);
}

/* Every message is JSON with a type, goes to open connections, and a seat is ended at most once. */
static void on_tell(struct party *party, const uint64_t *connections, size_t count, const char *bytes, size_t length)
{
    const char *reason;
    json_value root = json_parse(bytes, length, 5, &reason);
    (void)party;
    assert_non_null(root);
    for (size_t i = 0; i < count; i++) {
        uint64_t number = connections[i];
        assert_true(number >= 1 && number <= CONNECTIONS && walk.is_open[number]);
        keep_all(root, number);
        walk.resumed += text_is(json_member(root, "type"), "resumed");
        walk.invited += text_is(json_member(root, "type"), "invitation") && text_is(json_member(root, "action"), "used");
        if (text_is(json_member(root, "type"), "state") || text_is(json_member(root, "type"), "resumed") ||
            text_is(json_member(root, "action"), "requested"))
            walk.has_seat[number] = true;
        if (text_is(json_member(root, "type"), "ended")) {
            assert_true(walk.has_seat[number]);
            walk.has_seat[number] = false;
            walk.ended++;
        }
    }
    json_free(root);
}

static void check_session(unsigned i)
{
    static char state[200000];
    struct party *party = &walk.party;
    syncplay_session_info info = {.struct_size = sizeof info};
    size_t length;
    const char *reason;
    walk.lives[i] = syncplay_hub_session(party->hub, party->now, &walk.sessions[i], &info) == SYNCPLAY_OK;
    if (!walk.lives[i])
        return;
    assert_true(info.revision >= walk.revisions[i]);
    walk.revisions[i] = info.revision;
    assert_true(info.connected <= info.participants && info.participants <= party->config.max_participants);
    assert_true(info.position >= 0 && info.position <= SYNCPLAY_POSITION_MAX);
    assert_int_equal(
        syncplay_hub_state(party->hub, party->now, &walk.sessions[i], &info.host_user_id, state, sizeof state, &length),
        SYNCPLAY_OK);
    json_value root = json_parse(state, length, 5, &reason);
    assert_non_null(root);
    if (info.phase == SYNCPLAY_WAITING) { /* for somebody, and not for ever; or it is over with the next tick */
        walk.waits++;
        assert_true(syncplay_hub_deadline(party->hub) != SYNCPLAY_NEVER);
        assert_true(json_first(json_member(root, "waiting_for")) || syncplay_hub_deadline(party->hub) <= party->now);
    }
    json_free(root);
}

static void create(unsigned i)
{
    struct party *party = &walk.party;
    unsigned host = below(USERS) + 1; /* not in the call: there the order would be the compiler's */
    if (party_create(party, host, (syncplay_visibility)below(3)) != SYNCPLAY_OK)
        return;
    walk.sessions[i] = party->session;
    memcpy(walk.codes[i], party->code, sizeof party->code);
    walk.revisions[i] = 0;
    walk.lives[i] = true;
}

static void tick(void)
{
    struct party *party = &walk.party;
    if (syncplay_hub_tick(party->hub, party->now) == SYNCPLAY_OK) {
        assert_true(syncplay_hub_deadline(party->hub) > party->now);
    } else {
        assert_true(syncplay_hub_deadline(party->hub) <= party->now); /* what was not done is due still */
        walk.out_of_memory++;
        party->fails_after = -1;
    }
}

/* Time passes: mostly as a host would let it, at times too much at once. */
static void pass(void)
{
    static const int64_t most[] = {SECOND / 10, 2 * SECOND, 20 * SECOND, 200 * SECOND};
    struct party *party = &walk.party;
    int64_t limit = most[below(4)]; /* not in the next line: there the order would be the compiler's */
    int64_t until = party->now + (int64_t)(party_random(party) % (uint64_t)limit);
    bool is_late = below(8) == 0;
    while (!is_late && syncplay_hub_deadline(party->hub) <= until) {
        party->now = syncplay_hub_deadline(party->hub) > party->now ? syncplay_hub_deadline(party->hub) : party->now;
        tick();
    }
    party->now = until;
    if (below(2))
        tick();
}

static void say(uint64_t number)
{
    static const char *const messages[] = {
        "{\"type\":\"play\"}",
        "{\"type\":\"play\"}",
        "{\"type\":\"play\",\"position_ms\":5000}",
        "{\"type\":\"pause\"}",
        "{\"type\":\"pause\",\"position_ms\":9007199254740.992}",
        "{\"type\":\"seek\",\"position_ms\":60000.5}",
        "{\"type\":\"speed\",\"playback_speed\":4}",
        "{\"type\":\"speed\",\"playback_speed\":0.25}",
        "{\"type\":\"ready\",\"buffered_ms\":5000}",
        "{\"type\":\"ready\",\"buffered_ms\":5000}",
        "{\"type\":\"ready\",\"buffered_ms\":5000}",
        "{\"type\":\"ready\",\"buffered_ms\":0}",
        "{\"type\":\"ready\",\"is_ready\":false}",
        "{\"type\":\"wait\",\"excused\":true}",
        "{\"type\":\"wait\",\"excused\":false}",
        "{\"type\":\"chat\",\"message\":\"a \\\" \\u0007 b\"}",
        "{\"type\":\"typing\"}",
        "{\"type\":\"typing\",\"typing\":false}",
        "{\"type\":\"react\",\"reaction\":\"\xf0\x9f\x8e\xac\"}",
        "{\"type\":\"state\"}",
        "{\"type\":\"leave\"}",
        "{\"type\":\"ping\",\"timestamp\":1}",
        "{\"type\":\"ping\",\"timestamp\":1,\"revision\":0,\"drift_ms\":-7.5,\"error_ms\":9}",
        "{\"type\":\"ping\",\"timestamp\":1,\"revision\":3,\"start_ms\":5000}",
        "{\"type\":\"settings\",\"visibility\":\"public\"}",
        "{\"type\":\"settings\",\"visibility\":\"private\",\"max_participants\":3}",
        "{\"type\":\"settings\",\"control\":\"host\"}",
        "{\"type\":\"settings\",\"control\":\"everyone\",\"max_participants\":5}",
        "{\"type\":\"settings\",\"wait\":\"controllers\",\"strangers\":\"knock\"}",
        "{\"type\":\"settings\",\"wait\":\"everyone\"}",
        "{\"type\":\"invite\",\"uses\":20}",
        "{\"type\":\"invite\",\"role\":\"chat_only\",\"expires_in_ms\":5000}",
        "{\"type\":\"nonsense\"}",
        "{",
        "{\"type\":\"content\",\"content_type\":\"movie\",\"content_id\":\"00000000-0000-4000-8000-000000000001\"}",
    };
    static const char *const about[] = {"kick", "admit", "admit", "deny", "host", "wait\",\"excused\":true,\"x\":\"",
                                        "ban", "unban", "unban", "mute\",\"muted\":true,\"x\":\"",
                                        "role\",\"role\":\"controller\",\"x\":\"",
                                        "role\",\"role\":\"chat_only\",\"x\":\"",
                                        "role\",\"allow\":[\"kick\",\"role\",\"invite\"],\"deny\":[],\"x\":\""};
    char message[240], uuid[SYNCPLAY_ID_SIZE];
    unsigned choice = below(40), speaker = walk.user_of[number];
    syncplay_user user = party_user(below(USERS) + 1);
    syncplay_id_format(&user.id, uuid);
    if (choice == 0 && below(20) == 0)
        snprintf(message, sizeof message, "{\"type\":\"end\"}");
    else if (choice < 4)
        snprintf(message, sizeof message,
                 "{\"type\":\"join\",\"session_code\":\"%s\",\"resume_token\":\"%s\",\"cursor\":%.0f}",
                 walk.codes[below(SESSIONS)], walk.resume[speaker], walk.cursor[speaker]);
    else if (choice < 7)
        snprintf(message, sizeof message, "{\"type\":\"join\",\"session_code\":\"%s\",\"invitation\":\"%s\"}",
                 walk.codes[below(SESSIONS)], walk.invitation);
    else if (choice == 7 && below(2))
        snprintf(message, sizeof message, "{\"type\":\"revoke\",\"invitation_id\":\"%s\"}", walk.invitation_id);
    else if (choice == 7)
        snprintf(message, sizeof message, "{\"type\":\"delete\",\"id\":\"%s\"}", walk.message_id);
    else if (choice < 11)
        snprintf(message, sizeof message, "{\"type\":\"join\",\"session_code\":\"%s\"}", walk.codes[below(SESSIONS)]);
    else if (choice < 17)
        snprintf(message, sizeof message, "{\"type\":\"%s\",\"user_id\":\"%s\"}",
                 about[below(sizeof about / sizeof *about)], uuid);
    else
        snprintf(message, sizeof message, "%s", messages[below(sizeof messages / sizeof *messages)]);
    walk.out_of_memory += party_say(&walk.party, number, message) == SYNCPLAY_ERROR_MEMORY;
}

static void request(void)
{
    static const syncplay_command_kind kinds[] = {SYNCPLAY_COMMAND_JOIN,  SYNCPLAY_COMMAND_JOIN,
                                                  SYNCPLAY_COMMAND_PLAY,  SYNCPLAY_COMMAND_SEEK,
                                                  SYNCPLAY_COMMAND_LEAVE, SYNCPLAY_COMMAND_READY};
    syncplay_user user = party_user(below(USERS) + 1);
    syncplay_command command;
    syncplay_command_default(&command, sizeof command, kinds[below(6)]);
    command.position = (int64_t)below(1000000);
    syncplay_hub_submit_for(walk.party.hub, walk.party.now, &walk.sessions[below(SESSIONS)], &user, &command);
}

/* The hub goes away for a while; another one, with another clock, takes all sessions over. */
static void restart(void)
{
    struct party *party = &walk.party;
    char *saved[SESSIONS] = {0};
    size_t lengths[SESSIONS];
    int64_t alive = UNIX_START + party->now;
    for (unsigned i = 0; i < SESSIONS; i++)
        if (walk.lives[i])
            saved[i] = party_save(party, &walk.sessions[i], &lengths[i]);
    syncplay_hub_free(party->hub);
    memset(walk.is_open, 0, sizeof walk.is_open);
    memset(walk.has_seat, 0, sizeof walk.has_seat);
    party->now += (int64_t)below(200) * SECOND;
    party_open_hub(party);
    for (unsigned i = 0; i < SESSIONS; i++) {
        if (saved[i])
            assert_int_equal(syncplay_hub_restore(party->hub, party->now, saved[i], lengths[i], alive, NULL),
                             SYNCPLAY_OK);
        free(saved[i]);
    }
    walk.restarts++;
}

static void step(void)
{
    struct party *party = &walk.party;
    unsigned choice = below(100);
    uint64_t number = below(CONNECTIONS) + 1;
    if (below(8) == 0)
        party->fails_after = (long)below(2);
    if (choice < 25) {
        pass();
    } else if (choice < 30) {
        request();
    } else if (choice == 30 && below(10) == 0) {
        party->fails_after = -1;
        restart();
    } else if (!walk.is_open[number]) {
        walk.user_of[number] = below(USERS) + 1;
        walk.is_open[number] = party_connect(party, number, walk.user_of[number]) == SYNCPLAY_OK;
    } else if (choice < 34) {
        walk.is_open[number] = false; /* nothing may be told to it, not even by this very call */
        walk.is_open[number] = syncplay_hub_disconnect(party->hub, party->now, number) != SYNCPLAY_OK;
        walk.has_seat[number] &= walk.is_open[number];
    } else if (choice < 38) {
        syncplay_hub_round_trip(party->hub, party->now, number, below(3) ? 40000 : 12 * SECOND);
    } else {
        say(number);
    }
    party->fails_after = -1;
}

static void test_promises_hold(void **state)
{
    struct party *party = &walk.party;
    (void)state;
    party_init(party);
    party->on_tell = on_tell;
    party->are_friends = true;
    party->config.max_participants = 5;
    party->config.max_knocks = 2;
    party->config.session_timeout = 600 * SECOND;
    party->config.wait_budget = 17 * SECOND;
    party->config.chat_history = 4;
    party->config.kick_cooldown = 60 * SECOND;
    party->config.max_invitations = 3;
    party->config.max_removed = 4;
    party->config.replay_bytes = 6000;
    party_open_hub(party);
    for (unsigned i = 0; i < STEPS; i++) {
        for (unsigned k = 0; k < SESSIONS; k++)
            if (!walk.lives[k])
                create(k);
        step();
        for (unsigned k = 0; k < SESSIONS; k++)
            check_session(k);
    }
    party_close(party);
    print_message("# ended %u, waits %u, restarts %u, out of memory %u, resumed %u, invited %u\n", walk.ended, walk.waits,
                  walk.restarts, walk.out_of_memory, walk.resumed, walk.invited);
    /* A walk that never came by these places would prove nothing about them. */
    assert_true(walk.ended > 100 && walk.waits > 100 && walk.restarts > 5 && walk.out_of_memory > 20 &&
                walk.resumed > 10 && walk.invited > 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_promises_hold)};
    return cmocka_run_group_tests_name("random_walk", tests, NULL, NULL);
}
