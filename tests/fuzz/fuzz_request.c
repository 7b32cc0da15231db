/*
 * Bytes as a request, and before it, a line each, the configuration that it meets: trusted_proxies, allowed_origins,
 * and the peer (after a "!": that of the TLS in front). What is read of the head is held against another reading of it
 * (head_rules.h), and nothing of it gets into the answer's head or the log but as a value.
 */
// clang-format off
// needs: server/client_address.o server/content_coding.o server/download.o server/head_end.o server/http_client.o server/http_exchange.o server/http_headers.o server/http_policy.o server/json.o server/log.o server/log_entry.o server/network.o server/origin.o
// clang-format on
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "request_head.h"

#include "check.h"
#include "config.h"
#include "content_coding.h"
#include "download.h"
#include "head_end.h"
#include "head_rules.h"
#include "http.h"
#include "http_exchange.h"
#include "input.h"
#include "json.h"
#include "json_text.h"
#include "log_entry.h"
#include "tls_front.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* --- Whether it is whole ------------------------------------------------------------------------------------------ */

/* As it comes, byte by byte: at its end the head is whole, from then on, and not before. */
static void check_end(const char *bytes, size_t length)
{
    size_t begin = 0;
    bool is_whole = false;
    while (begin < length && (bytes[begin] == '\r' || bytes[begin] == '\n'))
        begin++;
    for (size_t end = begin; end <= length; end++) {
        size_t count = end - begin;
        bool is_plain = count >= 2 && bytes[end - 1] == '\n' && bytes[end - 2] == '\n';
        is_whole = is_whole || is_plain || (count >= 4 && memcmp(bytes + end - 4, "\r\n\r\n", 4) == 0);
        if (end == length || bytes[end] == '\n' || bytes[end - (end > 0)] == '\n')
            CHECK_TOLD(head_end_is_in(bytes, end) == is_whole, bytes);
    }
}

/* --- Who asks ----------------------------------------------------------------------------------------------------- */

static char outer_peer[INET_ADDRSTRLEN];

bool tls_front_peer(const struct tls_front *front, const char *host, int port, char address[INET_ADDRSTRLEN])
{
    (void)front, (void)host, (void)port;
    memcpy(address, outer_peer, sizeof outer_peer);
    return true;
}

static void check_client(const struct request *request, const struct config *config,
                         const struct client_address *client, const char *peer)
{
    struct address expected, group;
    int count;
    bool is_trusted = head_rules_client(&request->info, &config->trusted_proxies, peer, &expected);
    CHECK_TOLD(memcmp(&client->address, &expected, sizeof expected) == 0, client->text);
    CHECK(client->is_proxied == is_trusted);
    CHECK_TOLD(address_read(client->text, strlen(client->text), &expected) &&
                   memcmp(&client->address, &expected, sizeof expected) == 0,
               client->text);
    CHECK_TOLD(address_read(client->group, strlen(client->group), &group), client->group);
    expected = address_is_ipv4(&expected) ? expected : address_prefix(&expected, 64);
    CHECK_TOLD(memcmp(&group, &expected, sizeof group) == 0, client->group);
    CHECK(!client->is_https || (is_trusted && request_header(request, "X-Forwarded-Proto", &count) != NULL));
}

static void check_origin(const struct request *request, const struct http_exchange *exchange)
{
    int count, hosts;
    const char *origin = request_header(request, "Origin", &count);
    const char *host = request_header(request, "Host", &hosts);
    enum origin expected =
        count > 1 ? ORIGIN_FOREIGN
                  : head_rules_origin(origin, host, exchange->asker.is_https, exchange->door->config->allowed_origins);
    CHECK_TOLD(exchange->origin == expected, origin ? origin : "none");
    CHECK(exchange->asker.origin == (expected == ORIGIN_LISTED ? origin : NULL));
}

/* --- What is asked for -------------------------------------------------------------------------------------------- */

/* False if there is nothing to answer. */
static bool check_path(const struct http_exchange *exchange)
{
    const char *query = exchange->info->query_string;
    if (exchange->path == NULL || exchange->path[0] != '/')
        return false;
    char *expected = strdup(exchange->path);
    CHECK(expected != NULL);
    bool has_zero = !head_rules_decode(expected) || (query != NULL && strstr(query, "%00") != NULL);
    CHECK_TOLD(http_exchange_decode_path(exchange) == !has_zero, exchange->path);
    CHECK_TOLD(has_zero || strcmp(expected, exchange->path) == 0, exchange->path);
    free(expected);
    return !has_zero;
}

/* False if the request has more readings than one. */
static bool check_length(const struct request *request, const struct http_exchange *exchange)
{
    int lengths, codings;
    const char *length = request_header(request, "Content-Length", &lengths);
    request_header(request, "Transfer-Encoding", &codings);
    bool is_clear = lengths + codings <= 1 && !request->has_blank_name;
    for (const char *c = length; c != NULL && *c != '\0'; c++)
        is_clear = is_clear && isdigit((unsigned char)*c);
    CHECK(http_exchange_is_unambiguous(exchange) == is_clear);
    return is_clear;
}

static void check_body(struct request *request, const struct http_exchange *exchange)
{
    char *body = NULL;
    size_t length = 0, sent = request->left;
    const char *begin = request->body;
    long long announced = request->info.content_length;
    if (!http_exchange_has_body(exchange)) {
        CHECK(sent == 0);
        return;
    }
    int status = http_exchange_read_body(exchange, &body, &length);
    bool is_large = announced > HTTP_BODY_MAX || (announced < 0 && sent > HTTP_BODY_MAX);
    CHECK(status == (is_large ? 413 : announced > (long long)sent ? 400 : 0));
    if (status == 0)
        CHECK(length == sent && memcmp(body, begin, length) == 0 && body[length] == '\0');
    free(body);
    http_exchange_drain(exchange);
    CHECK(request->left == 0);
}

/* A file of this size that is nowhere, as old as any other. */
static int make_file(off_t size)
{
    struct timespec times[2] = {{.tv_sec = 1700000000}, {.tv_sec = 1700000000}};
    int file = memfd_create("film", 0);
    CHECK(file >= 0 && ftruncate(file, size) == 0 && futimens(file, times) == 0);
    return file;
}

static void check_download(const struct request *request)
{
    static const off_t sizes[] = {0, 1, 1000};
    static int files[3];
    int count;
    char name[40];
    struct download download, expected;
    struct download_headers headers = {.range = request_header(request, "Range", &count),
                                       .if_range = request_header(request, "If-Range", &count),
                                       .if_none_match = request_header(request, "If-None-Match", &count)};
    for (size_t i = 0; i < 3; i++) {
        if (files[i] == 0)
            files[i] = make_file(sizes[i]);
        snprintf(name, sizeof name, "/proc/self/fd/%d", files[i]);
        CHECK(download_open(&download, name, &headers));
        CHECK(download.size == sizes[i]);
        if (download.status == 200)
            CHECK(download.first == 0 && download.length == download.size);
        else if (download.status == 206)
            CHECK(download.first >= 0 && download.length > 0 && download.first <= download.size - download.length);
        else
            CHECK((download.status == 304 || download.status == 416) && download.length == 0);
        if (head_rules_download(&headers, &download, &expected))
            CHECK_TOLD(download.status == expected.status &&
                           (download.status != 206 ||
                            (download.first == expected.first && download.length == expected.length)),
                       headers.range ? headers.range : "no range");
        download_close(&download);
    }
}

static void check_coding(const struct request *request)
{
    int count;
    const char *header = request_header(request, "Accept-Encoding", &count);
    bool takes_gzip = content_coding_takes_gzip(header), expected;
    CHECK(!takes_gzip || strcasestr(header, "gzip") != NULL);
    if (header != NULL && head_rules_gzip(header, &expected))
        CHECK_TOLD(takes_gzip == expected, header);
}

/* --- What comes of it --------------------------------------------------------------------------------------------- */

/* Lines that have each a name and a value; of another site's page there is nothing but its origin, once. */
static void check_head(const char *head, size_t length, const struct http_exchange *exchange)
{
    static const char allow[] = "Access-Control-Allow-Origin: ";
    const char *end = head + length;
    size_t allowed = 0;
    CHECK_TOLD(length > 4 && strncmp(head, "HTTP/1.1 ", 9) == 0 && strcmp(end - 4, "\r\n\r\n") == 0, head);
    for (const char *line = strchr(head, '\n') + 1; *line != '\r'; line = strchr(line, '\n') + 1) {
        size_t name = strspn(line, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-");
        size_t value = strcspn(line, "\r");
        CHECK_TOLD(name > 0 && strncmp(line + name, ": ", 2) == 0 && strncmp(line + value, "\r\n", 2) == 0, head);
        for (size_t i = 0; i < value; i++)
            CHECK_TOLD((unsigned char)line[i] >= 0x20 && line[i] != 0x7f, head);
        if (strncmp(line, allow, strlen(allow)) != 0)
            continue;
        const char *origin = exchange->asker.origin;
        CHECK_TOLD(origin != NULL && allowed++ == 0, head);
        CHECK_TOLD(value == strlen(allow) + strlen(origin) && memcmp(line + strlen(allow), origin, strlen(origin)) == 0,
                   head);
    }
    CHECK(memchr(head, '\0', length) == NULL);
}

static void check_answer(struct request *request, const struct http_exchange *exchange)
{
    struct http_headers headers;
    enum http_kind kind = (enum http_kind)(strlen(exchange->path) % 4);
    text_clear(&request->answered);
    http_exchange_answer(exchange, &headers, kind, 200);
    http_exchange_send(exchange, &headers, "text/plain", "", 0);
    check_head(request->answered.bytes, request->answered.length, exchange);
}

__attribute__((format(printf, 2, 3))) static void fill(struct log_entry *entry, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    log_entry_fill(entry, format, arguments);
    va_end(arguments);
}

/* The end of a value, quoted or not, in a line of the log. */
static const char *value_end(const char *value)
{
    if (*value != '"')
        return value + strcspn(value, " \"=\\");
    for (value++; *value != '"' && *value != '\0'; value++)
        value += *value == '\\' && value[1] != '\0';
    return value + (*value == '"');
}

/* What a client sends is a value in the log, whatever is in it: not another one, and not another line. */
static void check_log(const struct http_exchange *exchange)
{
    static struct log_entry entry;
    static char text[LOG_ENTRY_SIZE + 2];
    static const char *const keys[] = {" method=", " path=", " status=", " remote="};
    fill(&entry, "request method=%s path=%s status=%d remote=%s", exchange->method, exchange->path, -200,
         exchange->client.text);
    text[0] = '{';
    size_t length = 1 + log_entry_json(&entry, text + 1);
    text[length++] = '}';
    CHECK(length < sizeof text);
    CHECK_TOLD(json_text_is_object(text, length, 1), text);
    length = log_entry_text(&entry, text);
    CHECK(length < LOG_ENTRY_SIZE && strlen(text) == length);
    CHECK_TOLD(json_is_utf8(text, length), text);
    for (const unsigned char *c = (unsigned char *)text; *c; c++)
        CHECK_TOLD(*c >= 0x20 && *c != 0x7f && (c[0] != 0xc2 || c[1] >= 0xa0), text);
    const char *at = text + strlen("request");
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        CHECK_TOLD(strncmp(at, keys[i], strlen(keys[i])) == 0, text);
        at = value_end(at + strlen(keys[i]));
    }
    CHECK_TOLD(*at == '\0', text);
}

static void check_request(struct request *request, const struct config *config, const char *peer, bool has_front)
{
    const struct http_door door = {.config = config, .front = has_front ? (struct tls_front *)outer_peer : NULL};
    struct http_exchange exchange;
    snprintf(request->info.remote_addr, sizeof request->info.remote_addr, "%s", has_front ? "127.0.0.1" : peer);
    snprintf(outer_peer, sizeof outer_peer, "%s", peer);
    CHECK(http_exchange_begin(&exchange, &door, (struct mg_connection *)request));
    check_client(request, config, &exchange.client, has_front ? outer_peer : request->info.remote_addr);
    CHECK(exchange.asker.is_https == (has_front || exchange.client.is_https));
    check_origin(request, &exchange);
    check_download(request);
    check_coding(request);
    if (!check_path(&exchange))
        return;
    check_answer(request, &exchange);
    check_log(&exchange);
    if (check_length(request, &exchange))
        check_body(request, &exchange);
}

/* --- An input ----------------------------------------------------------------------------------------------------- */

static void take_line(struct input *input, char *text, size_t size)
{
    size_t length;
    const char *line = input_line(input, &length);
    length = length < size ? length : size - 1;
    memcpy(text, line, length);
    text[length] = '\0';
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct config config = {.hsts = true};
    struct input input = {(const char *)data, size, 0};
    struct request request = {.piece = 1 + size % 7};
    char trusted[500], peer[60];
    take_line(&input, trusted, sizeof trusted);
    take_line(&input, config.allowed_origins, sizeof config.allowed_origins);
    take_line(&input, peer, sizeof peer);
    if (!networks_read(trusted, &config.trusted_proxies) || !origin_list_is_valid(config.allowed_origins))
        return 0;
    size_t length = size - input.at;
    char *bytes = malloc(length + 1);
    CHECK(bytes != NULL);
    memcpy(bytes, input.bytes + input.at, length);
    bytes[length] = '\0';
    check_end(bytes, length < 300 ? length : 300);
    if (request_read(&request, bytes, length))
        check_request(&request, &config, peer + (peer[0] == '!'), peer[0] == '!');
    text_free(&request.answered);
    free(bytes);
    return 0;
}
