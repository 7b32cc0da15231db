/* Webhooks: what is sent, how it is signed, and what becomes of it when a receiver does not take it. */
// needs: server/webhook_event.o
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "../../server/webhook_event.h"
#include "../../server/webhook_queue.h"
#include "../../server/webhook_retry.h"
#include "../../server/webhook_signature.h"
#include "../../server/webhook_url.h"

#define SECOND INT64_C(1000000)

/* printf '%s' '1700000000.{"id":"x"}' | openssl dgst -sha256 -hmac 'a secret of some length' */
static void a_signature_is_what_openssl_says(void **state)
{
    static const char secret[] = "a secret of some length";
    static const char body[] = "{\"id\":\"x\"}";
    char signature[WEBHOOK_SIGNATURE_SIZE];
    (void)state;
    assert_true(webhook_sign(secret, strlen(secret), 1700000000, body, strlen(body), signature));
    assert_string_equal(signature, "v1=c66fa952f80cc32dab28c40ad8063c7c1be634efff7001a4bd8baa1fe3ebb043");
    assert_true(webhook_sign("0123456789abcdef", 16, 0, "", 0, signature));
    assert_string_equal(signature, "v1=9b9567f7a6e6e3243d8c5c66dde94f7df77b79d6edb3dee210c5778814cfaca0");
}

static void a_body_says_what_happened(void **state)
{
    syncplay_content film = {.struct_size = sizeof film, .type = "movie", .id = {{2}}, .title = "\"Film\"", .url = "/media/x"};
    syncplay_settings settings = {.struct_size = sizeof settings, .visibility = SYNCPLAY_PUBLIC};
    syncplay_session_info session = {.id = {{1}}, .code = "K7MPX2QD", .host_user_id = {{3}}, .settings = &settings,
                                     .content = &film, .is_playing = true, .position = 1500 * 1000,
                                     .unix_created = 1700000000 * SECOND, .participants = 2};
    syncplay_event event = {.kind = SYNCPLAY_EVENT_PARTICIPANT, .change = SYNCPLAY_CHANGE_LEFT, .session = {{1}},
                            .unix_time = 1700000001 * SECOND, .user = {{4}}, .user_name = "Ben"};
    size_t length = 0;
    char *body = webhook_body(WEBHOOK_PARTICIPANT_LEFT, "an id", &event, &session, &length);
    (void)state;
    assert_string_equal(body, "{\"id\":\"an id\",\"event\":\"participant.left\",\"created_at\":\"2023-11-14T22:13:21.000000Z\","
                              "\"session\":{\"id\":\"01000000-0000-0000-0000-000000000000\",\"code\":\"K7MPX2QD\","
                              "\"host_user_id\":\"03000000-0000-0000-0000-000000000000\",\"content_type\":\"movie\","
                              "\"content_id\":\"02000000-0000-0000-0000-000000000000\",\"title\":\"\\\"Film\\\"\","
                              "\"visibility\":\"public\",\"participant_count\":2,\"is_playing\":true,\"position_ms\":1500,"
                              "\"started_at\":\"2023-11-14T22:13:20.000000Z\"},"
                              "\"user\":{\"user_id\":\"04000000-0000-0000-0000-000000000000\",\"name\":\"Ben\"},"
                              "\"reason\":\"left\"}");
    assert_int_equal(length, strlen(body));
    free(body);

    event = (syncplay_event){.kind = SYNCPLAY_EVENT_ENDED, .reason = SYNCPLAY_REASON_TIMEOUT};
    body = webhook_body(WEBHOOK_SESSION_ENDED, "an id", &event, &session, &length);
    assert_non_null(strstr(body, ",\"user\":null,\"reason\":\"timeout\"}"));
    free(body);
}

static void events_are_chosen_by_name(void **state)
{
    unsigned kinds = 99;
    (void)state;
    assert_true(webhook_kinds_read("all", &kinds));
    assert_int_equal(kinds, 15);
    assert_true(webhook_kinds_read("participant.left , session.started", &kinds));
    assert_int_equal(kinds, 1u << WEBHOOK_PARTICIPANT_LEFT | 1u << WEBHOOK_SESSION_STARTED);
    static const char *const wrong[] = {"", "all,session.ended", "session", "session.ended,", ",session.ended",
                                        "session.ended participant.left", "session.endedx"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_false(webhook_kinds_read(wrong[i], &kinds));
    assert_int_equal(kinds, 1u << WEBHOOK_PARTICIPANT_LEFT | 1u << WEBHOOK_SESSION_STARTED);
}

static void receivers_are_known_by_their_origin(void **state)
{
    char origin[WEBHOOK_ORIGIN_SIZE];
    char longest[WEBHOOK_URL_MAX + 2] = "https://a/";
    (void)state;
    assert_true(webhook_url_read("https://media.example:8443/hook/secret?token=secret", origin));
    assert_string_equal(origin, "https://media.example:8443");
    assert_true(webhook_url_read("http://[::1]", origin));
    assert_string_equal(origin, "http://[::1]");
    static const char *const wrong[] = {"", "media.example", "ftp://a/", "file:///etc/passwd", "http://", "http://u@a/",
                                        "http://u:p@a/", "http://a/#b", "http://a/ b", "http://a/\n", "/hook"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_false(webhook_url_read(wrong[i], origin));
    memset(longest + strlen(longest), 'a', WEBHOOK_URL_MAX - strlen(longest));
    assert_true(webhook_url_read(longest, origin));
    longest[WEBHOOK_URL_MAX] = 'a';
    assert_false(webhook_url_read(longest, origin));
}

static void an_answer_decides(void **state)
{
    static const struct {
        long status;
        enum webhook_verdict verdict;
    } answers[] = {{200, WEBHOOK_DELIVERED}, {204, WEBHOOK_DELIVERED}, {299, WEBHOOK_DELIVERED}, {0, WEBHOOK_AGAIN},
                   {100, WEBHOOK_AGAIN}, {500, WEBHOOK_AGAIN}, {503, WEBHOOK_AGAIN}, {408, WEBHOOK_AGAIN},
                   {429, WEBHOOK_AGAIN}, {301, WEBHOOK_REFUSED}, {307, WEBHOOK_REFUSED}, {400, WEBHOOK_REFUSED},
                   {401, WEBHOOK_REFUSED}, {404, WEBHOOK_REFUSED}, {410, WEBHOOK_REFUSED}};
    (void)state;
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++)
        assert_int_equal(webhook_judge(answers[i].status), answers[i].verdict);
}

static void waits_double_up_to_a_limit(void **state)
{
    const struct webhook_backoff backoff = {SECOND, 600 * SECOND};
    (void)state;
    assert_int_equal(webhook_wait(&backoff, 1, 0, 0), SECOND / 2);
    assert_in_range(webhook_wait(&backoff, 1, 0, 0.999999), SECOND * 9 / 10, SECOND);
    assert_int_equal(webhook_wait(&backoff, 4, 0, 0), 4 * SECOND);
    assert_int_equal(webhook_wait(&backoff, 11, 0, 0), 300 * SECOND);
    assert_int_equal(webhook_wait(&backoff, UINT32_MAX, 0, 0), 300 * SECOND);
    assert_int_equal(webhook_wait(&backoff, 1, 30 * SECOND, 0), 30 * SECOND); /* as asked */
    assert_int_equal(webhook_wait(&backoff, 4, 2 * SECOND, 0), 4 * SECOND);   /* never sooner */
    assert_int_equal(webhook_wait(&backoff, 1, 86400 * SECOND, 0), 600 * SECOND);
}

/* A delivery of a session, named by its id. */
static struct webhook_delivery *add(struct webhook_queue *queue, uint8_t session, const char *id, int64_t now)
{
    struct webhook_delivery *delivery = webhook_delivery_new(id, strlen(id));
    delivery->session.bytes[0] = session;
    delivery->due = now;
    assert_true(webhook_queue_add(queue, delivery));
    return delivery;
}

static void a_session_is_told_of_in_order(void **state)
{
    struct webhook_queue queue;
    (void)state;
    webhook_queue_init(&queue, 10);
    struct webhook_delivery *a1 = add(&queue, 'a', "a1", 1);
    struct webhook_delivery *a2 = add(&queue, 'a', "a2", 2);
    struct webhook_delivery *b1 = add(&queue, 'b', "b1", 3);
    assert_int_equal(webhook_queue_due(&queue), 1);
    assert_null(webhook_queue_take(&queue, 0));
    assert_ptr_equal(webhook_queue_take(&queue, 5), a1);
    assert_ptr_equal(webhook_queue_take(&queue, 5), b1); /* others do not wait */
    assert_null(webhook_queue_take(&queue, 5));          /* a2 does */
    assert_int_equal(webhook_queue_due(&queue), SYNCPLAY_NEVER);

    webhook_queue_put_back(&queue, a1, 50);
    webhook_queue_finish(&queue, b1);
    assert_int_equal(webhook_queue_due(&queue), 50);
    assert_null(webhook_queue_take(&queue, 49));
    assert_ptr_equal(webhook_queue_take(&queue, 50), a1);
    webhook_queue_finish(&queue, a1);
    assert_ptr_equal(webhook_queue_take(&queue, 50), a2);
    webhook_queue_finish(&queue, a2);
    assert_int_equal(queue.count, 0);
    assert_int_equal(webhook_queue_due(&queue), SYNCPLAY_NEVER);
}

static void a_queue_has_a_limit(void **state)
{
    struct webhook_queue queue;
    struct webhook_delivery *last = webhook_delivery_new("last", 4);
    (void)state;
    webhook_queue_init(&queue, 3);
    for (uint8_t i = 0; i < 3; i++)
        add(&queue, i, "one", i);
    assert_false(webhook_queue_add(&queue, last));
    struct webhook_delivery *first = webhook_queue_take(&queue, 0);
    assert_false(webhook_queue_add(&queue, last)); /* on its way is not gone */
    webhook_queue_finish(&queue, first);
    assert_true(webhook_queue_add(&queue, last));
    webhook_queue_clear(&queue);
    assert_int_equal(queue.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_signature_is_what_openssl_says),    cmocka_unit_test(a_body_says_what_happened),
        cmocka_unit_test(events_are_chosen_by_name),           cmocka_unit_test(receivers_are_known_by_their_origin),
        cmocka_unit_test(an_answer_decides),                   cmocka_unit_test(waits_double_up_to_a_limit),
        cmocka_unit_test(a_session_is_told_of_in_order),       cmocka_unit_test(a_queue_has_a_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
