/* Requests by libcurl's multi interface. */
#include "webhook_sender.h"

#include <stdlib.h>

#include <curl/curl.h>

#include <syncplay/version.h>

#include "clock.h"

#define USER_AGENT "syncplay-server/" SYNCPLAY_VERSION_TEXT
/* The longest wait that libcurl is asked for. */
#define WAIT_MAX (3600 * CLOCK_SECOND)

/* One request on its way. */
struct flight {
    struct flight *next;
    struct flight **place; /* where it is hung in */
    CURL *request;
    struct curl_slist *headers;
    void *context;
    size_t head, body; /* bytes of the answer */
};

struct webhook_sender {
    CURLM *multi;
    long timeout_ms;
    struct flight *flights;
};

struct webhook_sender *webhook_sender_new(int64_t timeout)
{
    struct webhook_sender *sender = calloc(1, sizeof *sender);
    if (sender == NULL || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        free(sender);
        return NULL;
    }
    sender->timeout_ms = (long)(timeout / CLOCK_MILLISECOND);
    sender->multi = curl_multi_init();
    if (sender->multi == NULL ||
        curl_multi_setopt(sender->multi, CURLMOPT_MAXCONNECTS, (long)WEBHOOK_IDLE_MAX) != CURLM_OK) {
        curl_multi_cleanup(sender->multi);
        curl_global_cleanup();
        free(sender);
        return NULL;
    }
    return sender;
}

static void end_flight(struct webhook_sender *sender, struct flight *flight)
{
    *flight->place = flight->next;
    if (flight->next != NULL)
        flight->next->place = flight->place;
    curl_multi_remove_handle(sender->multi, flight->request);
    curl_easy_cleanup(flight->request);
    curl_slist_free_all(flight->headers);
    free(flight);
}

void webhook_sender_free(struct webhook_sender *sender)
{
    if (sender == NULL)
        return;
    while (sender->flights != NULL) /* end_flight puts the next one there */
        end_flight(sender, sender->flights); /* NOLINT(clang-analyzer-unix.Malloc): so this is not the one that was freed */
    curl_multi_cleanup(sender->multi);
    curl_global_cleanup();
    free(sender);
}

/* Counts what comes; 0, which ends the request, when it is too much. */
static size_t count_bytes(size_t *sum, size_t length)
{
    *sum += length;
    return *sum <= WEBHOOK_ANSWER_MAX ? length : 0;
}

static size_t take_head(char *bytes, size_t size, size_t count, void *arg)
{
    struct flight *flight = arg;
    (void)bytes;
    return count_bytes(&flight->head, size * count);
}

static size_t take_body(char *bytes, size_t size, size_t count, void *arg)
{
    struct flight *flight = arg;
    (void)bytes;
    return count_bytes(&flight->body, size * count);
}

static bool add_headers(struct flight *flight, const char *const *headers)
{
    for (; *headers != NULL; headers++) {
        struct curl_slist *longer = curl_slist_append(flight->headers, *headers);
        if (longer == NULL)
            return false;
        flight->headers = longer;
    }
    return true;
}

/* Certificates are checked and redirections not followed, as is libcurl's way where nothing else is said. */
static bool prepare(const struct webhook_sender *sender, struct flight *flight, const struct webhook_request *request)
{
    CURL *easy = flight->request = curl_easy_init();
    flight->context = request->context;
    return easy != NULL && add_headers(flight, request->headers) &&
           curl_easy_setopt(easy, CURLOPT_URL, request->url) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https") == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_USERAGENT, USER_AGENT) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_HTTPHEADER, flight->headers) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->length) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request->body) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, sender->timeout_ms) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
           /* A name server that does not answer keeps nobody: the thread that asks it is left to itself. */
           curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, take_head) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_HEADERDATA, flight) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_WRITEDATA, flight) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_PRIVATE, flight) == CURLE_OK;
}

bool webhook_sender_start(struct webhook_sender *sender, const struct webhook_request *request)
{
    struct flight *flight = calloc(1, sizeof *flight);
    if (flight == NULL)
        return false;
    if (!prepare(sender, flight, request) || curl_multi_add_handle(sender->multi, flight->request) != CURLM_OK) {
        curl_easy_cleanup(flight->request);
        curl_slist_free_all(flight->headers);
        free(flight);
        return false;
    }
    flight->next = sender->flights;
    flight->place = &sender->flights;
    if (flight->next != NULL)
        flight->next->place = &flight->next;
    sender->flights = flight;
    return true;
}

void webhook_sender_wait(struct webhook_sender *sender, int64_t timeout)
{
    int running = 0;
    int64_t most = timeout < WAIT_MAX ? timeout : WAIT_MAX;
    curl_multi_poll(sender->multi, NULL, 0, most > 0 ? (int)((most + 999) / CLOCK_MILLISECOND) : 0, NULL);
    curl_multi_perform(sender->multi, &running);
}

void webhook_sender_wake(struct webhook_sender *sender)
{
    curl_multi_wakeup(sender->multi);
}

/* The status of an answer whose head has come; what became of the rest does not matter. */
static long status_of(CURL *request)
{
    long status = 0;
    curl_easy_getinfo(request, CURLINFO_RESPONSE_CODE, &status);
    return status;
}

bool webhook_sender_next(struct webhook_sender *sender, struct webhook_answer *answer)
{
    int left = 0;
    const CURLMsg *message;
    while ((message = curl_multi_info_read(sender->multi, &left)) != NULL) {
        struct flight *flight = NULL;
        curl_off_t seconds = 0;
        if (message->msg != CURLMSG_DONE)
            continue;
        CURL *request = message->easy_handle;
        const char *why = curl_easy_strerror(message->data.result);
        curl_easy_getinfo(request, CURLINFO_PRIVATE, &flight);
        curl_easy_getinfo(request, CURLINFO_RETRY_AFTER, &seconds);
        seconds = seconds < WAIT_MAX / CLOCK_SECOND * 24 ? seconds : WAIT_MAX / CLOCK_SECOND * 24;
        *answer = (struct webhook_answer){flight->context, status_of(request), seconds * CLOCK_SECOND, why};
        end_flight(sender, flight);
        return true;
    }
    return false;
}
