/*
 * Bytes as a name: of a film's file, of subtitles, of an address, of a person. The first letter says of what, see
 * `readers`; what is read of the rest has to be what the reader's header promises.
 */
// clang-format off
// needs: server/account.o server/admin_socket.o server/config_value.o server/film_title.o server/film_url.o server/json.o server/listen_address.o server/log.o server/log_entry.o server/media.o server/network.o server/percent.o server/rbac.o server/secret_file.o server/subtitle_name.o server/timestamp.o server/webhook_url.o
// clang-format on
#include <arpa/inet.h>
#include <ctype.h>
#include <limits.h>
#include <strings.h>
#include <unistd.h>

#include "account.h"
#include "admin_socket.h"
#include "check.h"
#include "config_value.h"
#include "film_title.h"
#include "film_url.h"
#include "input.h"
#include "json.h"
#include "listen_address.h"
#include "media_folder.h"
#include "network.h"
#include "percent.h"
#include "secret_file.h"
#include "subtitle_name.h"
#include "timestamp.h"
#include "webhook_url.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* --- Names of files ----------------------------------------------------------------------------------------------- */

/* Copies what is not among `left_out`, of at most `size - 1` bytes. */
static void squeeze(const char *text, size_t length, const char *left_out, char *squeezed, size_t size)
{
    size_t count = 0;
    for (size_t i = 0; i < length && count + 1 < size; i++)
        if (strchr(left_out, text[i]) == NULL)
            squeezed[count++] = text[i];
    squeezed[count] = '\0';
}

/* A title is the name without its ending, or the folder's name; but for blanks, dots and underscores, all of it. */
static void read_title(const char *path, size_t length)
{
    char title[FILM_TITLE_SIZE], of_title[FILM_TITLE_SIZE], of_name[FILM_TITLE_SIZE];
    const char *slash = strrchr(path, '/');
    const char *name = slash != NULL ? slash + 1 : path;
    const char *dot = strrchr(name, '.');
    film_title_write(path, title);
    CHECK(strlen(title) < FILM_TITLE_SIZE && strchr(title, '/') == NULL);
    if (strlen(path) >= FILM_TITLE_SIZE)
        return; /* no file is called so */
    CHECK_TOLD(!json_is_utf8(path, strlen(path)) || json_is_utf8(title, strlen(title)), title);
    squeeze(title, strlen(title), " ._", of_title, sizeof of_title);
    squeeze(name, dot != NULL ? (size_t)(dot - name) : strlen(name), " ._", of_name, sizeof of_name);
    if (slash != NULL && strcmp(of_title, of_name) != 0) {
        CHECK(dot != NULL && strcasecmp(dot, ".m3u8") == 0);
        const char *folder = slash;
        while (folder > path && folder[-1] != '/')
            folder--;
        squeeze(folder, (size_t)(slash - folder), " ._", of_name, sizeof of_name);
    }
    CHECK_TOLD(strcmp(of_title, of_name) == 0, title);
    (void)length;
}

/* "de", "zh-Hant-TW": two or three letters, and parts of two to eight letters and digits. */
static bool is_language(const char *tag)
{
    size_t letters = 0;
    while (isalpha((unsigned char)tag[letters]))
        letters++;
    bool is_good = letters == 2 || letters == 3;
    for (tag += letters; is_good && *tag != '\0';) {
        size_t count = 0;
        is_good = *tag++ == '-';
        while (isalnum((unsigned char)tag[count]))
            count++;
        is_good = is_good && count >= 2 && count <= 8;
        tag += count;
    }
    return is_good;
}

/* What is no language is in the label, and nothing is in both or in neither. */
static void read_subtitles(const char *between, size_t length)
{
    char all[SUBTITLE_LABEL_SIZE], label[SUBTITLE_LABEL_SIZE];
    struct subtitle_name name;
    subtitle_name_read(&name, between, length);
    CHECK(strlen(name.language) < SUBTITLE_LANGUAGE_SIZE && strlen(name.label) < SUBTITLE_LABEL_SIZE);
    CHECK_TOLD(name.language[0] == '\0' || is_language(name.language), name.language);
    CHECK(strchr(name.label, '.') == NULL);
    if (length >= SUBTITLE_LABEL_SIZE || memchr(between, '\0', length) != NULL)
        return;
    CHECK_TOLD(!json_is_utf8(between, length) || json_is_utf8(name.label, strlen(name.label)), name.label);
    squeeze(between, length, " .", all, sizeof all);
    squeeze(name.label, strlen(name.label), " ", label, sizeof label);
    CHECK_TOLD(strlen(all) == strlen(label) + strlen(name.language), name.label);
}

/* What is served is a file in the folder, in no hidden one of it, and of a type that is served. */
static void read_media(const char *path, size_t length)
{
    char file[PATH_MAX], real[PATH_MAX];
    const char *root = media_folder();
    (void)length;
    CHECK((media_use_of(path) == MEDIA_NONE) == (strcmp(media_type(path), "application/octet-stream") == 0));
    if (!media_resolve(root, path, file, sizeof file))
        return;
    CHECK_TOLD(strncmp(file, root, strlen(root)) == 0 && file[strlen(root)] == '/', file);
    CHECK_TOLD(strstr(file + strlen(root), "/.") == NULL && media_use_of(file) != MEDIA_NONE, file);
    CHECK_TOLD(realpath(file, real) != NULL && strcmp(file, real) == 0, file);
    CHECK_TOLD(media_folder_has(file), file);
}

/* --- Names in URLs ------------------------------------------------------------------------------------------------ */

#define PLAIN "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/"

/* It is encoded whenever it fits, into nothing but what may stand in a path, and comes back. */
static void encode(const char *decoded, size_t size)
{
    size_t plain = 0, all = strlen(decoded);
    for (const char *c = decoded; *c; c++)
        plain += strchr(PLAIN, *c) != NULL;
    size_t length = plain + 3 * (all - plain);
    char *text = malloc(size), *again = malloc(all + 1);
    CHECK(text != NULL && again != NULL);
    CHECK_TOLD(percent_encode(decoded, text, size) == (length < size), decoded);
    if (length < size) {
        CHECK_TOLD(strlen(text) == length && strspn(text, PLAIN "%") == length, text);
        CHECK_TOLD(percent_decode(text, length, again, all + 1) && strcmp(again, decoded) == 0, text);
    }
    free(text);
    free(again);
}

/* The first byte is the room that there is. */
static void read_percent(const char *text, size_t length)
{
    size_t size = length > 0 ? (uint8_t)text[0] + 1u : 1, percents = 0;
    text += length > 0;
    length -= length > 0;
    for (size_t i = 0; i < length; i++)
        percents += text[i] == '%';
    char *decoded = malloc(size);
    CHECK(decoded != NULL);
    if (percent_decode(text, length, decoded, size)) {
        CHECK_TOLD(strlen(decoded) == length - 2 * percents, decoded);
        encode(decoded, size);
    }
    free(decoded);
}

static void read_query(const char *query, size_t length)
{
    char value[40], *rest = strdup(query), *all = rest, *part = NULL;
    (void)length;
    CHECK(all != NULL);
    while ((part = strsep(&rest, "&")) != NULL && strncmp(part, "url=", 4) != 0)
        continue;
    enum percent_found found = percent_query(query, "url", value, sizeof value);
    CHECK((found == PERCENT_MISSING) == (part == NULL));
    for (char *c = part; c != NULL && *c != '\0'; c++)
        *c = *c == '+' ? ' ' : *c;
    if (found == PERCENT_FOUND)
        CHECK_TOLD(percent_decode(part + 4, strlen(part + 4), all, strlen(part)) && strcmp(all, value) == 0, value);
    free(all);
}

/* Whether a browser takes this part of a path for "..": it may be written in more ways than one. */
static bool is_up(const char *part, size_t length)
{
    size_t dots = 0;
    for (size_t i = 0; i < length; dots++) {
        bool is_hidden = length - i >= 3 && strncasecmp(part + i, "%2e", 3) == 0;
        if (!is_hidden && part[i] != '.')
            return false;
        i += is_hidden ? 3 : 1;
    }
    return dots == 2;
}

/* What a page may be sent to is what it looks like: of the web, or below /media/. */
static void read_film_url(const char *url, size_t length)
{
    (void)length;
    if (!film_url_is_allowed(url))
        return;
    for (const char *c = url; *c; c++)
        CHECK_TOLD((uint8_t)*c > 0x20 && *c != 0x7f && *c != '\\', url);
    if (url[0] != '/') {
        size_t scheme = strncasecmp(url, "https://", 8) == 0 ? 8 : 7;
        CHECK_TOLD(scheme == 8 || strncasecmp(url, "http://", 7) == 0, url);
        CHECK_TOLD(strchr("/?#", url[scheme]) == NULL, url); /* there is a host */
        return;
    }
    CHECK_TOLD(strncmp(url, "/media/", 7) == 0, url);
    for (const char *part = url + 7;; part++) {
        size_t part_length = strcspn(part, "/?#");
        CHECK_TOLD(!is_up(part, part_length), url);
        part += part_length;
        if (*part != '/')
            return;
    }
}

/* The origin is one itself, and holds nothing of what may be secret. */
static void read_webhook_url(const char *url, size_t length)
{
    char origin[WEBHOOK_ORIGIN_SIZE], again[WEBHOOK_ORIGIN_SIZE];
    (void)length;
    if (!webhook_url_read(url, origin))
        return;
    CHECK(strlen(url) <= WEBHOOK_URL_MAX);
    CHECK_TOLD(strncmp(origin, "http://", 7) == 0 || strncmp(origin, "https://", 8) == 0, origin);
    CHECK_TOLD(strpbrk(strchr(origin, ':') + 3, "/?#@ ") == NULL, origin);
    CHECK_TOLD(webhook_url_read(origin, again) && strcmp(origin, again) == 0, origin);
    const char *host = strchr(url, ':') + 1;
    host += strspn(host, "/");
    CHECK_TOLD(memchr(host, '@', strcspn(host, "/?#")) == NULL, url);
}

/* --- Addresses ---------------------------------------------------------------------------------------------------- */

/*
 * Whether it may be tried here: the configuration takes it, no name is looked up for it, and nobody's port is in the
 * way.
 */
static bool may_listen(const char *listen)
{
    char host[20];
    struct in_addr address = {0};
    const char *colon = strchr(listen, ':');
    size_t length = colon != NULL ? (size_t)(colon - listen) : 0;
    if (!config_value_is_listen(listen) || length >= sizeof host)
        return false;
    snprintf(host, sizeof host, "%.*s", (int)length, listen);
    const char *port = colon != NULL ? colon + 1 : listen;
    if (length > 0 && inet_aton(host, &address) != 1)
        return false;
    return strspn(port, "0") == strlen(port) || ntohl(address.s_addr) >> 8 == 0x7f004d; /* 127.0.77.0/24 */
}

static void read_listen(const char *listen, size_t length)
{
    char text[LISTEN_ADDRESS_SIZE], again[LISTEN_ADDRESS_SIZE], why[300] = "";
    struct sockaddr_in address;
    const char *colon = strchr(listen, ':');
    (void)length;
    if (!may_listen(listen))
        return;
    bool is_good = listen_address(listen, &address, why, sizeof why);
    CHECK_TOLD(is_good == (why[0] == '\0'), why);
    if (!is_good)
        return;
    CHECK_TOLD(ntohs(address.sin_port) == atoi(colon != NULL ? colon + 1 : listen), listen);
    listen_address_write(&address, text);
    CHECK_TOLD(listen_address(text, &address, why, sizeof why), why);
    listen_address_write(&address, again);
    CHECK_TOLD(strcmp(text, again) == 0, text);
}

/* A list is printed as one that says the same; one that is not good changes nothing. */
static void read_networks(const char *text, size_t length)
{
    struct networks networks = {.count = 3}, again = {.count = 0};
    static char written[NETWORKS_MAX * (ADDRESS_SIZE + 6)];
    struct address address, same;
    char name[ADDRESS_SIZE];
    if (address_read(text, length, &address)) {
        address_write(&address, name);
        CHECK_TOLD(address_read(name, strlen(name), &same) && memcmp(&address, &same, sizeof same) == 0, name);
    }
    if (!networks_read(text, &networks)) {
        CHECK(networks.count == 3);
        return;
    }
    CHECK(networks.count <= NETWORKS_MAX);
    networks_write(&networks, written, sizeof written);
    CHECK_TOLD(networks_read(written, &again) && again.count == networks.count, written);
    for (size_t i = 0; i < networks.count; i++) {
        CHECK_TOLD(memcmp(&again.list[i].first, &networks.list[i].first, sizeof address) == 0, written);
        CHECK_TOLD(again.list[i].bits == networks.list[i].bits && networks.list[i].bits <= 128, written);
        CHECK_TOLD(networks_contain(&networks, &networks.list[i].first), written);
    }
}

static void read_socket_path(const char *setting, size_t length)
{
    char path[ADMIN_SOCKET_PATH_SIZE], why[640] = "";
    bool is_good = admin_socket_path(setting, "auto", path, why, sizeof why);
    CHECK(is_good == (why[0] == '\0') && is_good == (strlen(setting) < ADMIN_SOCKET_PATH_SIZE));
    if (is_good)
        CHECK(strcmp(path, strcmp(setting, "auto") == 0 ? "auto.admin" : setting) == 0);
    is_good = admin_socket_path("auto", setting, path, why, sizeof why);
    CHECK(is_good == (strlen(setting) + strlen(".admin") < ADMIN_SOCKET_PATH_SIZE));
    (void)length;
}

/* --- What else is short ------------------------------------------------------------------------------------------- */

/* The end of the year 9999. */
#define LATEST INT64_C(253402300799999999)

/* What is read is what would be written, but for digits that the text leaves out. */
static void read_timestamp(const char *text, size_t length)
{
    char again[TIMESTAMP_SIZE];
    int64_t instant = 0, same = 0;
    (void)length;
    if (timestamp_read(text, &instant)) {
        timestamp_write(instant, again);
        CHECK_TOLD(timestamp_read(again, &same) && same == instant, text);
        CHECK_TOLD(strncmp(text, again, strcspn(text, "Z")) == 0, text);
    }
    memcpy(&instant, text, length < sizeof instant ? length : sizeof instant);
    timestamp_write(instant, again);
    CHECK_TOLD(strlen(again) == TIMESTAMP_SIZE - 1 && timestamp_read(again, &same), again);
    CHECK_TOLD(same == (instant < 0 ? 0 : instant > LATEST ? LATEST : instant), again);
}

#define SECRET_MAX 100

static void read_secret(const char *text, size_t length)
{
    char name[40], bytes[SECRET_MAX + 1], why[200] = "";
    size_t count = 0;
    int pair[2];
    CHECK(pipe(pair) == 0);
    size_t written = length < 2 * SECRET_MAX ? length : 2 * SECRET_MAX;
    CHECK(write(pair[1], text, written) == (ssize_t)written);
    close(pair[1]);
    snprintf(name, sizeof name, "/proc/self/fd/%d", pair[0]);
    bool is_good = secret_file_read("key", name, bytes, SECRET_MAX, &count, why, sizeof why);
    CHECK(is_good == (written <= SECRET_MAX) && is_good == (why[0] == '\0'));
    CHECK(!is_good || (count == written && memcmp(bytes, text, written) == 0));
    CHECK(is_good || strncmp(why, "key: ", 5) == 0);
    close(pair[0]);
}

/* Claims of a token that is good: they name somebody, always the same, who can be shown. */
static void read_claims(const char *text, size_t length)
{
    struct rbac roles;
    struct account account, again;
    char why[160];
    rbac_init(&roles);
    struct account_rules rules = {.issuer = "i",
                                  .user_claim = "sub",
                                  .name_claim = "a.name",
                                  .roles_claim = "roles",
                                  .keeps_user_ids = length % 2,
                                  .roles = &roles,
                                  .default_permissions = RBAC_BIT(SYNCPLAY_PERMISSION_JOIN)};
    struct json *claims = json_read(text, length, why, sizeof why);
    if (claims != NULL && account_read(&rules, claims, &account) == NULL) {
        CHECK_TOLD(syncplay_name_is_valid(account.name), account.name);
        CHECK_TOLD(json_is_utf8(account.name, strlen(account.name)), account.name);
        CHECK(account.subject[0] != '\0' && strlen(account.subject) < sizeof account.subject);
        CHECK((account.permissions & ~RBAC_ALL) == 0 && !syncplay_id_is_none(&account.id));
        bool is_derived = account.id.bytes[6] >> 4 == 8;
        CHECK(rules.keeps_user_ids || is_derived);
        CHECK(account_read(&rules, claims, &again) == NULL && syncplay_id_equal(&account.id, &again.id));
    }
    json_free(claims);
}

static const struct {
    char letter;
    void (*read)(const char *text, size_t length); /* a zero byte follows */
} readers[] = {
    {'t', read_title},     {'s', read_subtitles},   {'m', read_media},  {'%', read_percent},  {'q', read_query},
    {'f', read_film_url},  {'w', read_webhook_url}, {'l', read_listen}, {'n', read_networks}, {'a', read_socket_path},
    {'d', read_timestamp}, {'k', read_secret},      {'c', read_claims},
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    for (size_t i = 0; size > 0 && i < sizeof readers / sizeof *readers; i++) {
        if (readers[i].letter != (char)data[0])
            continue;
        char *copy = malloc(size);
        CHECK(copy != NULL);
        memcpy(copy, data + 1, size - 1);
        copy[size - 1] = '\0';
        readers[i].read(copy, size - 1);
        free(copy);
    }
    return 0;
}
