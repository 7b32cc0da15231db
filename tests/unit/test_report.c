/* What clients report of themselves with their pings: read, bounded, shown, kept for nobody but the eye; and the state
 * for whoever missed a change. */
#include <math.h>

#include "party.h"

#include "hostile.h"

#include <syncplay/hub.h>

static syncplay_participant_info look(const struct party *party, unsigned number)
{
    syncplay_user user = party_user(number);
    syncplay_participant_info info = {.struct_size = sizeof info};
    assert_int_equal(syncplay_hub_participant_of(party->hub, &party->session, &user.id, &info), SYNCPLAY_OK);
    return info;
}

static void assert_reports(const struct party *party, unsigned number, int64_t drift, int64_t clock_error,
                           int64_t start)
{
    const syncplay_participant_info info = look(party, number);
    assert_true(info.drift == drift);
    assert_true(info.clock_error == clock_error);
    assert_true(info.start == start);
}

static void assert_nothing(const struct party *party, unsigned number)
{
    assert_reports(party, number, SYNCPLAY_DRIFT_UNSET, SYNCPLAY_UNSET, SYNCPLAY_UNSET);
    assert_true(look(party, number).round_trip == SYNCPLAY_UNSET);
}

static void test_what_is_told_is_shown(void **state)
{
    struct party party;
    (void)state;
    party_open(&party);
    assert_nothing(&party, BEN);
    assert_false(party_last_has(&party, "drift_ms") || party_last_has(&party, "round_trip_ms"));
    assert_int_equal(
        party_say(&party, BEN, "{\"type\":\"ping\",\"timestamp\":1,\"drift_ms\":-0.4,\"error_ms\":12.3456}"), 0);
    assert_reports(&party, BEN, -400, 12346, SYNCPLAY_UNSET);
    /* What is not told stays. */
    assert_int_equal(party_say(&party, BEN, "{\"type\":\"ping\",\"timestamp\":1,\"start_ms\":80,\"drift_ms\":null}"),
                     0);
    assert_reports(&party, BEN, -400, 12346, 80000);
    assert_int_equal(syncplay_hub_round_trip(party.hub, party.now, BEN, 38246), SYNCPLAY_OK);
    assert_int_equal(syncplay_hub_round_trip(party.hub, party.now, BEN, 90000), SYNCPLAY_OK);
    assert_true(look(&party, BEN).round_trip == 38246);
    assert_nothing(&party, ANA);
    assert_int_equal(party_say(&party, ANA, "{\"type\":\"state\"}"), SYNCPLAY_OK);
    assert_true(party_last_has(
        &party, "\"round_trip_ms\":38.246,\"drift_ms\":-0.4,\"clock_error_ms\":12.346,\"start_ms\":80}"));
    /* In the entry of the list that goes with news about the participant, too. */
    assert_int_equal(party_say(&party, BEN, "{\"type\":\"ready\",\"is_ready\":true}"), SYNCPLAY_OK);
    assert_true(party_last_has(&party, "\"action\":\"ready\"") && party_last_has(&party, "\"drift_ms\":-0.4"));
    party_close(&party);
}

static void test_limits(void **state)
{
    static const struct {
        const char *field, *sentence;
        double good[2], bad[3];
    } cases[] = {
        {"drift_ms",
         "drift_ms must be a number, -86400000 to 86400000",
         {-86400000, 86400000},
         {-86400001, 86400001, 1e300}},
        {"error_ms", "error_ms must be a number, 0 to 600000", {0, 600000}, {-0.001, 600000.001, 1e300}},
        {"start_ms", "start_ms must be a number, 0 to 5000", {0, 5000}, {-1, 5000.001, -1e300}},
    };
    static const char *const no_numbers[] = {"\"1\"", "true", "[]", "{}", "1e999"};
    struct party party;
    char message[120];
    (void)state;
    party_open(&party);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        for (size_t k = 0; k < 2; k++) {
            snprintf(message, sizeof message, "{\"type\":\"ping\",\"timestamp\":1,\"%s\":%.17g}", cases[i].field,
                     cases[i].good[k]);
            assert_int_equal(party_say(&party, BEN, message), SYNCPLAY_OK);
        }
        const syncplay_participant_info before = look(&party, BEN);
        for (size_t k = 0; k < 3 + sizeof no_numbers / sizeof *no_numbers; k++) {
            /* One wrong field, and the right one beside it changes nothing either. */
            if (k < 3)
                snprintf(message, sizeof message,
                         "{\"type\":\"ping\",\"timestamp\":1,\"drift_ms\":7,\"start_ms\":7,\"%s\":%.17g}",
                         i ? cases[i].field : "x", i ? cases[i].bad[k] : 0);
            if (k < 3 && i != 1)
                snprintf(message, sizeof message, "{\"type\":\"ping\",\"timestamp\":1,\"error_ms\":7,\"%s\":%.17g}",
                         cases[i].field, cases[i].bad[k]);
            if (k >= 3)
                snprintf(message, sizeof message, "{\"type\":\"ping\",\"timestamp\":1,\"%s\":%s}", cases[i].field,
                         no_numbers[k - 3]);
            assert_int_equal(party_say(&party, BEN, message), SYNCPLAY_ERROR_FIELD);
            assert_true(party_last_has(&party, cases[i].sentence));
            assert_reports(&party, BEN, before.drift, before.clock_error, before.start);
        }
    }
    party_close(&party);
}

static void test_typed(void **state)
{
    struct party party;
    syncplay_command command;
    (void)state;
    party_open(&party);
    syncplay_command_default(&command, sizeof command, SYNCPLAY_COMMAND_PING);
    assert_int_equal(syncplay_hub_submit(party.hub, party.now, BEN, &command), SYNCPLAY_OK);
    assert_nothing(&party, BEN);
    command.drift = -1; /* which is not "unset" */
    command.clock_error = 0;
    command.start = SYNCPLAY_START_MAX;
    assert_int_equal(syncplay_hub_submit(party.hub, party.now, BEN, &command), SYNCPLAY_OK);
    assert_reports(&party, BEN, -1, 0, SYNCPLAY_START_MAX);
    /* A program that was compiled when the struct was shorter says nothing of the kind. */
    command.struct_size = offsetof(syncplay_command, drift);
    command.drift = command.clock_error = command.start = 1234;
    assert_int_equal(syncplay_hub_submit(party.hub, party.now, BEN, &command), SYNCPLAY_OK);
    assert_reports(&party, BEN, -1, 0, SYNCPLAY_START_MAX);
    command.struct_size = sizeof command;
    const struct {
        int64_t *field, wrong[2];
    } cases[] = {{&command.drift, {-SYNCPLAY_DRIFT_MAX - 1, SYNCPLAY_DRIFT_MAX + 1}},
                 {&command.clock_error, {-2, SYNCPLAY_CLOCK_ERROR_MAX + 1}},
                 {&command.start, {-2, SYNCPLAY_START_MAX + 1}}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (size_t k = 0; k < 2; k++) {
            *cases[i].field = cases[i].wrong[k];
            assert_int_equal(syncplay_hub_submit(party.hub, party.now, BEN, &command), SYNCPLAY_ERROR_FIELD);
            *cases[i].field = 1234;
        }
    const double no_numbers[] = {(double)NAN, (double)INFINITY, -(double)INFINITY}; /* JSON has none of them */
    for (size_t i = 0; i < sizeof no_numbers / sizeof *no_numbers; i++) {
        command.client_time = no_numbers[i];
        assert_int_equal(syncplay_hub_submit(party.hub, party.now, BEN, &command), SYNCPLAY_ERROR_FIELD);
    }
    assert_reports(&party, BEN, -1, 0, SYNCPLAY_START_MAX);
    party_close(&party);
}

/* No broadcast, no revision, nothing to save. */
static void test_it_is_no_change(void **state)
{
    struct party party;
    syncplay_id changed;
    size_t length, length_after;
    (void)state;
    party_open(&party);
    while (syncplay_hub_take_changed(party.hub, &changed, 1))
        continue;
    char *before = party_save(&party, &party.session, &length);
    int64_t deadline = syncplay_hub_deadline(party.hub);
    size_t told = party.told, events = party.events;
    party.now += SECOND;
    assert_int_equal(
        party_say(&party, BEN,
                  "{\"type\":\"ping\",\"timestamp\":1,\"drift_ms\":4,\"error_ms\":5,\"start_ms\":6,\"revision\":0}"),
        SYNCPLAY_OK);
    assert_int_equal(party.told, told + 1);
    assert_int_equal(party.events, events);
    assert_int_equal(syncplay_hub_take_changed(party.hub, &changed, 1), 0);
    assert_true(syncplay_hub_deadline(party.hub) == deadline);
    char *after = party_save(&party, &party.session, &length_after);
    assert_int_equal(length_after, length);
    assert_memory_equal(after, before, length);
    free(before);
    free(after);
    party_close(&party);
}

static void report(struct party *party, uint64_t connection)
{
    assert_int_equal(party_say(party, connection,
                               "{\"type\":\"ping\",\"timestamp\":1,\"drift_ms\":4,\"error_ms\":5,\"start_ms\":6}"),
                     SYNCPLAY_OK);
    assert_int_equal(syncplay_hub_round_trip(party->hub, party->now, connection, 40000), SYNCPLAY_OK);
}

static void test_it_goes_with_the_connection(void **state)
{
    struct party party;
    size_t length;
    (void)state;
    party_open(&party);
    report(&party, BEN);
    assert_reports(&party, BEN, 4000, 5000, 6000);
    assert_int_equal(syncplay_hub_disconnect(party.hub, party.now, BEN), SYNCPLAY_OK);
    assert_nothing(&party, BEN);
    assert_int_equal(look(&party, BEN).latency, 20000); /* the seat's, and the best guess still */
    assert_int_equal(party_connect(&party, BEN, BEN), SYNCPLAY_OK);
    assert_int_equal(party_join(&party, BEN), SYNCPLAY_OK);
    assert_nothing(&party, BEN);
    report(&party, BEN);
    assert_int_equal(party_join(&party, BEN), SYNCPLAY_OK); /* once more, on the same one */
    assert_reports(&party, BEN, 4000, 5000, 6000);
    assert_true(look(&party, BEN).round_trip == 40000);
    assert_int_equal(party_connect(&party, 9, BEN), SYNCPLAY_OK); /* from elsewhere */
    assert_int_equal(party_join(&party, 9), SYNCPLAY_OK);
    assert_nothing(&party, BEN);
    report(&party, 9);
    report(&party, BEN); /* has lost the seat: nothing of it counts */
    assert_int_equal(party_say(&party, BEN, "{\"type\":\"ping\",\"timestamp\":1,\"drift_ms\":99}"), SYNCPLAY_OK);
    assert_reports(&party, BEN, 4000, 5000, 6000);
    char *saved = party_save(&party, &party.session, &length);
    syncplay_hub_free(party.hub);
    party_open_hub(&party);
    assert_int_equal(syncplay_hub_restore(party.hub, party.now, saved, length, UNIX_START + party.now, NULL),
                     SYNCPLAY_OK);
    assert_nothing(&party, BEN);
    free(saved);
    party_close(&party);
}

static void test_start_goes_into_the_lead(void **state)
{
    struct party party;
    int64_t unix_now;
    (void)state;
    party_open(&party);
    for (uint64_t number = ANA; number <= BEN; number++)
        assert_int_equal(party_say(&party, number, "{\"type\":\"ready\",\"is_ready\":true}"), SYNCPLAY_OK);
    static const struct {
        const char *start;
        int64_t lead;
    } cases[] = {{"0", 100000}, {"80", 180000}, {"500", 600000}, {"5000", 600000}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char message[80];
        party.now += SECOND;
        unix_now = syncplay_hub_unix(party.hub, party.now);
        snprintf(message, sizeof message, "{\"type\":\"ping\",\"timestamp\":1,\"start_ms\":%s}", cases[i].start);
        assert_int_equal(party_say(&party, BEN, message), SYNCPLAY_OK);
        assert_int_equal(party_say(&party, ANA, "{\"type\":\"play\"}"), SYNCPLAY_OK);
        assert_true(party.event.unix_at == unix_now + cases[i].lead);
        assert_int_equal(party_say(&party, ANA, "{\"type\":\"pause\"}"), SYNCPLAY_OK);
    }
    /* Who is not waited for delays nobody. */
    assert_int_equal(party_say(&party, BEN, "{\"type\":\"wait\",\"excused\":true}"), SYNCPLAY_OK);
    assert_int_equal(party_say(&party, ANA, "{\"type\":\"play\"}"), SYNCPLAY_OK);
    assert_true(party.event.unix_at == syncplay_hub_unix(party.hub, party.now) + 100000);
    party_close(&party);
}

/* Without memory nothing is taken, and nothing told but that. */
static void test_out_of_memory(void **state)
{
    struct party party;
    (void)state;
    party_open(&party);
    assert_int_equal(party_say(&party, ANA, "{\"type\":\"ready\",\"is_ready\":true}"), SYNCPLAY_OK);
    assert_int_equal(party_say(&party, BEN, "{\"type\":\"ready\",\"is_ready\":true}"), SYNCPLAY_OK);
    assert_int_equal(party_say(&party, ANA, "{\"type\":\"play\"}"), SYNCPLAY_OK);
    party.now += 5 * SECOND;
    for (unsigned number = 10; number < 14; number++) { /* a state of more people than there was room for so far */
        assert_int_equal(party_connect(&party, number, number), SYNCPLAY_OK);
        assert_int_equal(party_join(&party, number), SYNCPLAY_OK);
    }
    size_t told = party.told;
    party.fails_after = 0;
    int error = party_say(&party, BEN, "{\"type\":\"ping\",\"timestamp\":1,\"drift_ms\":4,\"revision\":0}");
    party.fails_after = -1;
    assert_int_equal(error, SYNCPLAY_ERROR_MEMORY);
    if (HOSTILE) { /* no room is left from earlier calls, not even for the news */
        assert_int_equal(party.told, told);
    } else {
        assert_int_equal(party.told, told + 1);
        assert_true(party_last_has(&party, "no_memory"));
    }
    assert_nothing(&party, BEN);
    assert_int_equal(party_say(&party, BEN, "{\"type\":\"ping\",\"timestamp\":1,\"drift_ms\":4,\"revision\":0}"),
                     SYNCPLAY_OK);
    assert_true(party_last_has(&party, "\"type\":\"state\""));
    party_close(&party);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_told_is_shown),
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_typed),
        cmocka_unit_test(test_it_is_no_change),
        cmocka_unit_test(test_it_goes_with_the_connection),
        cmocka_unit_test(test_start_goes_into_the_lead),
        cmocka_unit_test(test_out_of_memory),
    };
    return cmocka_run_group_tests_name("report", tests, NULL, NULL);
}
