/* Clients' messages: each type right, with a field missing, of the wrong type and out of range. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include <syncplay/hub.h>

#include "wire.h"

#define UUID "\"01234567-89ab-4def-8edc-ba9876543210\""

static int read_message(const char *text, struct wire_message *message)
{
    return wire_read(message, text, strlen(text));
}

static void test_each_type_is_read(void **state)
{
    static const struct {
        const char *text;
        syncplay_command_kind kind;
    } cases[] = {
        {"{\"type\":\"join\",\"session_code\":\"ABCD\"}", SYNCPLAY_COMMAND_JOIN},
        {"{\"type\":\"leave\"}", SYNCPLAY_COMMAND_LEAVE},
        {"{\"type\":\"play\"}", SYNCPLAY_COMMAND_PLAY},
        {"{\"type\":\"pause\"}", SYNCPLAY_COMMAND_PAUSE},
        {"{\"type\":\"seek\",\"position_ms\":123456}", SYNCPLAY_COMMAND_SEEK},
        {"{\"type\":\"speed\",\"playback_speed\":1.5}", SYNCPLAY_COMMAND_SPEED},
        {"{\"type\":\"ready\",\"buffered_ms\":5000}", SYNCPLAY_COMMAND_READY},
        {"{\"type\":\"chat\",\"message\":\"Hello!\"}", SYNCPLAY_COMMAND_CHAT},
        {"{\"type\":\"typing\"}", SYNCPLAY_COMMAND_TYPING},
        {"{\"type\":\"react\",\"reaction\":\"\\u2764\\ufe0f\"}", SYNCPLAY_COMMAND_REACT},
        {"{\"type\":\"ping\",\"timestamp\":1234567890}", SYNCPLAY_COMMAND_PING},
        {"{\"type\":\"state\"}", SYNCPLAY_COMMAND_STATE},
        {"{\"type\":\"wait\",\"excused\":true}", SYNCPLAY_COMMAND_EXCUSE},
        {"{\"type\":\"admit\",\"user_id\":" UUID "}", SYNCPLAY_COMMAND_ADMIT},
        {"{\"type\":\"deny\",\"user_id\":" UUID "}", SYNCPLAY_COMMAND_DENY},
        {"{\"type\":\"kick\",\"user_id\":" UUID "}", SYNCPLAY_COMMAND_KICK},
        {"{\"type\":\"host\",\"user_id\":" UUID "}", SYNCPLAY_COMMAND_HOST},
        {"{\"type\":\"settings\",\"control\":\"host\"}", SYNCPLAY_COMMAND_SETTINGS},
        {"{\"type\":\"content\",\"content_type\":\"movie\",\"content_id\":" UUID "}", SYNCPLAY_COMMAND_CONTENT},
        {"{\"type\":\"end\"}", SYNCPLAY_COMMAND_END},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct wire_message message;
        assert_int_equal(read_message(cases[i].text, &message), SYNCPLAY_OK);
        assert_int_equal(message.command.kind, cases[i].kind);
        assert_true(message.command.revision == SYNCPLAY_UNSET);
        assert_null(message.command.client_id);
        wire_free(&message);
    }
}

static void test_fields_arrive(void **state)
{
    struct wire_message m;
    (void)state;
    assert_int_equal(
        read_message("{\"type\":\"play\",\"position_ms\":1.5,\"revision\":9007199254740992,\"command_id\":\"x\"}", &m),
        0);
    assert_true(m.command.position == 1500 && m.command.revision == INT64_C(9007199254740992));
    assert_string_equal(m.command.client_id, "x");
    wire_free(&m);
    assert_int_equal(read_message("{\"type\":\"play\",\"position_ms\":null}", &m), 0);
    assert_true(m.command.position == SYNCPLAY_UNSET);
    wire_free(&m);
    assert_int_equal(read_message("{\"type\":\"speed\",\"playback_speed\":1.256}", &m), 0);
    assert_int_equal(m.command.speed, 126); /* two digits */
    wire_free(&m);
    assert_int_equal(read_message("{\"type\":\"ready\",\"is_ready\":false,\"buffered_ms\":9000}", &m), 0);
    assert_true(m.command.readiness == SYNCPLAY_READY_NO && m.command.buffered == 9000000);
    wire_free(&m);
    assert_int_equal(read_message("{\"type\":\"ping\",\"timestamp\":1}", &m), 0);
    assert_true(m.command.drift == SYNCPLAY_DRIFT_UNSET && m.command.clock_error == SYNCPLAY_UNSET &&
                m.command.start == SYNCPLAY_UNSET);
    wire_free(&m);
    assert_int_equal(read_message("{\"type\":\"ping\",\"timestamp\":1,\"drift_ms\":-0.001,\"error_ms\":600000,"
                                  "\"start_ms\":80.5,\"revision\":7}",
                                  &m),
                     0);
    assert_true(m.command.drift == -1 && m.command.clock_error == 600000000 && m.command.start == 80500 &&
                m.command.revision == 7);
    wire_free(&m);
    assert_int_equal(read_message("{\"type\":\"chat\",\"message\":\"hi\",\"id\":\"m\"}", &m), 0);
    assert_string_equal(m.command.text, "hi");
    assert_string_equal(m.command.client_id, "m");
    wire_free(&m);
    assert_int_equal(read_message("{\"type\":\"typing\"}", &m), 0);
    assert_true(m.command.typing);
    wire_free(&m);
    assert_int_equal(read_message("{\"type\":\"typing\",\"typing\":false}", &m), 0);
    assert_false(m.command.typing);
    wire_free(&m);
    assert_int_equal(read_message("{\"type\":\"react\",\"reaction\":\"\\ud83c\\udfac\"}", &m), 0);
    assert_string_equal(m.command.text, "\xf0\x9f\x8e\xac");
    wire_free(&m);
    assert_int_equal(
        read_message(
            "{\"type\":\"settings\",\"visibility\":\"friends\",\"max_participants\":1000,\"chat_enabled\":false}", &m),
        0);
    assert_int_equal(m.command.settings_mask,
                     SYNCPLAY_SETTING_VISIBILITY | SYNCPLAY_SETTING_MAX_PARTICIPANTS | SYNCPLAY_SETTING_CHAT_ENABLED);
    assert_true(m.command.settings->visibility == SYNCPLAY_FRIENDS && !m.command.settings->chat_enabled);
    wire_free(&m);
    assert_int_equal(read_message("{\"type\":\"wait\",\"excused\":false,\"user_id\":" UUID "}", &m), 0);
    assert_int_equal(m.command.user.bytes[1], 0x23);
    wire_free(&m);
}

/* What is wrong is told with the field's name. */
static void test_wrong_fields(void **state)
{
    static const struct {
        const char *text, *field;
    } cases[] = {
        {"{}", "type"},
        {"{\"type\":7}", "type"},
        {"{\"type\":null}", "type"},
        {"{\"type\":\"join\"}", "session_code"},
        {"{\"type\":\"join\",\"session_code\":7}", "session_code"},
        {"{\"type\":\"play\",\"position_ms\":\"1\"}", "position_ms"},
        {"{\"type\":\"play\",\"position_ms\":-0.001}", "position_ms"},
        {"{\"type\":\"pause\",\"position_ms\":9007199254740.995}", "position_ms"},
        {"{\"type\":\"pause\",\"position_ms\":true}", "position_ms"},
        {"{\"type\":\"seek\"}", "position_ms"},
        {"{\"type\":\"seek\",\"position_ms\":[1]}", "position_ms"},
        {"{\"type\":\"seek\",\"position_ms\":1e999}", "position_ms"},
        {"{\"type\":\"seek\",\"position_ms\":-1e999}", "position_ms"},
        {"{\"type\":\"speed\"}", "playback_speed"},
        {"{\"type\":\"speed\",\"playback_speed\":\"1\"}", "playback_speed"},
        {"{\"type\":\"speed\",\"playback_speed\":0.24}", "playback_speed"},
        {"{\"type\":\"speed\",\"playback_speed\":4.01}", "playback_speed"},
        {"{\"type\":\"ready\"}", "buffered_ms"},
        {"{\"type\":\"ready\",\"buffered_ms\":-1}", "buffered_ms"},
        {"{\"type\":\"ready\",\"buffered_ms\":\"5000\"}", "buffered_ms"},
        {"{\"type\":\"ready\",\"is_ready\":1}", "is_ready"},
        {"{\"type\":\"chat\"}", "message"},
        {"{\"type\":\"chat\",\"message\":7}", "message"},
        {"{\"type\":\"chat\",\"message\":\"x\",\"id\":7}", "id"},
        {"{\"type\":\"typing\",\"typing\":1}", "typing"},
        {"{\"type\":\"typing\",\"typing\":\"true\"}", "typing"},
        {"{\"type\":\"react\"}", "reaction"},
        {"{\"type\":\"react\",\"reaction\":7}", "reaction"},
        {"{\"type\":\"ping\"}", "timestamp"},
        {"{\"type\":\"ping\",\"timestamp\":\"1\"}", "timestamp"},
        {"{\"type\":\"ping\",\"timestamp\":1e999}", "timestamp"},
        {"{\"type\":\"ping\",\"timestamp\":1,\"held_ms\":-1}", "held_ms"},
        {"{\"type\":\"ping\",\"timestamp\":1,\"server_timestamp\":\"1\"}", "server_timestamp"},
        {"{\"type\":\"ping\",\"timestamp\":1,\"drift_ms\":86400000.001}", "drift_ms"},
        {"{\"type\":\"ping\",\"timestamp\":1,\"drift_ms\":\"0\"}", "drift_ms"},
        {"{\"type\":\"ping\",\"timestamp\":1,\"error_ms\":-0.001}", "error_ms"},
        {"{\"type\":\"ping\",\"timestamp\":1,\"start_ms\":5000.001}", "start_ms"},
        {"{\"type\":\"ping\",\"timestamp\":1,\"revision\":-1}", "revision"},
        {"{\"type\":\"wait\"}", "excused"},
        {"{\"type\":\"wait\",\"excused\":1}", "excused"},
        {"{\"type\":\"wait\",\"excused\":true,\"user_id\":\"ben\"}", "user_id"},
        {"{\"type\":\"admit\"}", "user_id"},
        {"{\"type\":\"deny\",\"user_id\":7}", "user_id"},
        {"{\"type\":\"kick\",\"user_id\":\"00000000-0000-0000-0000-000000000000\"}", "user_id"},
        {"{\"type\":\"host\",\"user_id\":null}", "user_id"},
        {"{\"type\":\"settings\"}", "visibility"},
        {"{\"type\":\"settings\",\"visibility\":\"PUBLIC\"}", "visibility"},
        {"{\"type\":\"settings\",\"control\":1}", "control"},
        {"{\"type\":\"settings\",\"max_participants\":0}", "max_participants"},
        {"{\"type\":\"settings\",\"max_participants\":1001}", "max_participants"},
        {"{\"type\":\"settings\",\"chat_enabled\":0}", "chat_enabled"},
        {"{\"type\":\"content\",\"content_id\":" UUID "}", "content_type"},
        {"{\"type\":\"content\",\"content_type\":\"movie\"}", "content_id"},
        {"{\"type\":\"content\",\"content_type\":\"movie\",\"content_id\":" UUID ",\"title\":7}", "title"},
        {"{\"type\":\"content\",\"content_type\":\"movie\",\"content_id\":" UUID ",\"url\":7}", "url"},
        {"{\"type\":\"play\",\"command_id\":7}", "command_id"},
        {"{\"type\":\"play\",\"revision\":-1}", "revision"},
        {"{\"type\":\"play\",\"revision\":1.5}", "revision"},
        {"{\"type\":\"play\",\"revision\":\"1\"}", "revision"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct wire_message message;
        int error = read_message(cases[i].text, &message);
        if (error != SYNCPLAY_ERROR_FIELD || strncmp(message.why, cases[i].field, strlen(cases[i].field)) != 0)
            print_message("# %s: %d, %s\n", cases[i].text, error, message.why);
        assert_int_equal(error, SYNCPLAY_ERROR_FIELD);
        assert_memory_equal(message.why, cases[i].field, strlen(cases[i].field));
        wire_free(&message);
    }
}

static void test_what_is_no_message(void **state)
{
    struct wire_message message;
    (void)state;
    assert_int_equal(read_message("[]", &message), SYNCPLAY_ERROR_MALFORMED);
    wire_free(&message);
    assert_int_equal(read_message("\"play\"", &message), SYNCPLAY_ERROR_MALFORMED);
    wire_free(&message);
    assert_int_equal(read_message("", &message), SYNCPLAY_ERROR_MALFORMED);
    wire_free(&message);
    assert_int_equal(read_message("{\"type\":\"play\",\"x\":[[[[]]]]}", &message), SYNCPLAY_ERROR_MALFORMED);
    wire_free(&message);
    assert_int_equal(read_message("{\"type\":\"dance\"}", &message), SYNCPLAY_ERROR_TYPE);
    assert_string_equal(message.type, "dance");
    wire_free(&message);
    assert_int_equal(read_message("{\"type\":\"<b>\"}", &message), SYNCPLAY_ERROR_TYPE); /* nothing odd is repeated */
    assert_string_equal(message.type, "");
    wire_free(&message);
    assert_int_equal(read_message("{\"type\":\"averyveryverylongtype\"}", &message), SYNCPLAY_ERROR_TYPE);
    assert_string_equal(message.type, "");
    wire_free(&message);
}

static void test_join_code(void **state)
{
    static const char join[] = "{\"type\":\"join\",\"session_code\":\"abcd-2345\"}",
                      play[] = "{\"type\":\"play\",\"j\":1}";
    static const char bad[] = "{\"type\":\"join\",\"session_code\":\"0000\"}", cut[] = "{\"type\":\"join\"";
    char code[SYNCPLAY_CODE_SIZE] = "before";
    (void)state;
    assert_false(syncplay_wire_join_code(play, strlen(play), code));
    assert_false(syncplay_wire_join_code(bad, strlen(bad), code));
    assert_false(syncplay_wire_join_code(cut, strlen(cut), code));
    assert_false(syncplay_wire_join_code(NULL, 0, code));
    assert_false(syncplay_wire_join_code("{\"type\":\"pause\"}", 16, code));
    assert_string_equal(code, "before");
    assert_true(syncplay_wire_join_code(join, strlen(join), code));
    assert_string_equal(code, "ABCD2345");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_type_is_read), cmocka_unit_test(test_fields_arrive),
        cmocka_unit_test(test_wrong_fields),      cmocka_unit_test(test_what_is_no_message),
        cmocka_unit_test(test_join_code),
    };
    return cmocka_run_group_tests_name("wire", tests, NULL, NULL);
}
