/*
 * A hub for Node.js: the part of transcript.mjs that is C. It uses Node-API, whose ABI stays, so that one build goes
 * with each Node from 18 on; the headers come with Node, or with the package node-api-headers:
 *
 *     npm install node-api-headers
 *     cc -shared -fPIC -I node_modules/node-api-headers/include node_addon.c \
 *         $(pkg-config --cflags --libs libsyncplay) -o syncplay.node
 *
 * Ids are UUIDs; times are microseconds, as numbers (2^53 of them are 285 years), and Infinity is SYNCPLAY_NEVER.
 * What the library refuses is thrown, with its code; of a wrong message the hub has told its sender already. The hub
 * calls back at once, on the thread of JavaScript, from inside of the calls to it.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define NAPI_VERSION 8
#include <node_api.h>

#include <syncplay/syncplay.h>

#define MAX_ARGUMENTS 7
#define MAX_INTEGER 9007199254740992.0 /* 2^53: up to here, JavaScript's numbers have every one */

struct host {
    syncplay_hub *hub;
    napi_env env;
    napi_ref deliver, entropy;
};

/* --- Values of JavaScript. Once something is wrong an exception is pending, and what comes after does nothing */

struct call {
    napi_env env;
    napi_value argument[MAX_ARGUMENTS];
    bool failed;
};

static void fail(struct call *call, const char *code, const char *why)
{
    if (!call->failed) {
        napi_throw_error(call->env, code, why);
    }
    call->failed = true;
}

static struct call begin(napi_env env, napi_callback_info info)
{
    struct call call = {.env = env};
    size_t count = MAX_ARGUMENTS; /* missing ones are undefined, which is of no type that is asked for */
    if (napi_get_cb_info(env, info, &count, call.argument, NULL, NULL) != napi_ok) {
        fail(&call, "ERR_NAPI", "no arguments");
    }
    return call;
}

/* An exception of our own callbacks comes before what the library says. */
static bool must(struct call *call, const struct host *host, int error)
{
    bool is_pending = false;
    napi_is_exception_pending(call->env, &is_pending);
    call->failed = call->failed || is_pending;
    if (error != SYNCPLAY_OK) {
        const char *why = host != NULL && host->hub != NULL ? syncplay_hub_why(host->hub) : "";
        fail(call, syncplay_error_code(error), why[0] != '\0' ? why : syncplay_strerror(error));
    }
    return !call->failed;
}

static struct host *host_of(struct call *call)
{
    void *host = NULL;
    if (napi_get_value_external(call->env, call->argument[0], &host) != napi_ok) {
        fail(call, "ERR_INVALID_ARG_TYPE", "the first argument is a hub");
    }
    return host;
}

static int64_t integer(struct call *call, int index)
{
    double value = NAN;
    if (napi_get_value_double(call->env, call->argument[index], &value) != napi_ok || !(fabs(value) <= MAX_INTEGER)) {
        fail(call, "ERR_INVALID_ARG_TYPE", "a time or a connection is a number up to 2^53");
        return 0;
    }
    return (int64_t)value;
}

/* A copy, to be freed; "" and an exception if that is no text. */
static char *text(struct call *call, int index, size_t *length)
{
    size_t size = 0;
    const bool is_text = napi_get_value_string_utf8(call->env, call->argument[index], NULL, 0, &size) == napi_ok;
    char *copy = calloc(1, size + 1);
    if (!is_text || copy == NULL) {
        fail(call, "ERR_INVALID_ARG_TYPE", "names and messages are strings");
    } else {
        napi_get_value_string_utf8(call->env, call->argument[index], copy, size + 1, &size);
    }
    if (length != NULL) {
        *length = size;
    }
    return copy;
}

static syncplay_id id(struct call *call, int index)
{
    syncplay_id value = {{0}};
    size_t length;
    char *uuid = text(call, index, &length);
    if (uuid == NULL || !syncplay_id_parse(uuid, length, &value)) {
        fail(call, "ERR_INVALID_ARG_VALUE", "an id is a UUID");
    }
    free(uuid);
    return value;
}

static napi_value number_value(napi_env env, double number)
{
    napi_value value = NULL;
    napi_create_double(env, number, &value);
    return value;
}

static napi_value text_value(napi_env env, const char *bytes, size_t length)
{
    napi_value value = NULL;
    napi_create_string_utf8(env, bytes, length, &value);
    return value;
}

static napi_value call_back(const struct host *host, napi_ref reference, size_t count, const napi_value *arguments)
{
    napi_value function, nothing, result = NULL;
    napi_get_reference_value(host->env, reference, &function);
    napi_get_undefined(host->env, &nothing);
    napi_call_function(host->env, nothing, function, count, arguments, &result);
    return result;
}

/* --- What the hub calls */

static void deliver(void *user_data, const uint64_t *connections, size_t count, const char *bytes, size_t length)
{
    const struct host *host = user_data;
    napi_value arguments[2];
    napi_create_array_with_length(host->env, count, &arguments[0]);
    for (size_t i = 0; i < count; i++) {
        napi_set_element(host->env, arguments[0], (uint32_t)i, number_value(host->env, (double)connections[i]));
    }
    arguments[1] = text_value(host->env, bytes, length);
    call_back(host, host->deliver, 2, arguments);
}

/* Asks for an array of bytes of this length. */
static bool entropy(void *user_data, void *bytes, size_t length)
{
    const struct host *host = user_data;
    const napi_value wanted = number_value(host->env, (double)length);
    const napi_value array = call_back(host, host->entropy, 1, &wanted);
    napi_typedarray_type type;
    size_t given;
    void *data;
    if (array == NULL || napi_get_typedarray_info(host->env, array, &type, &given, &data, NULL, NULL) != napi_ok ||
        type != napi_uint8_array || given != length) {
        return false;
    }
    memcpy(bytes, data, length);
    return true;
}

/* --- What JavaScript calls */

static void free_host(napi_env env, void *data, void *hint)
{
    struct host *host = data;
    (void)hint;
    syncplay_hub_free(host->hub);
    if (host->deliver != NULL) {
        napi_delete_reference(env, host->deliver);
    }
    if (host->entropy != NULL) {
        napi_delete_reference(env, host->entropy);
    }
    free(host);
}

/* newHub(now, unixTime, deliver, [entropy]); without entropy, the library's own. */
static napi_value new_hub(napi_env env, napi_callback_info info)
{
    struct call call = begin(env, info);
    const int64_t now = integer(&call, 0);
    syncplay_hub_config config;
    syncplay_hub_config_default(&config, sizeof config);
    config.unix_time = integer(&call, 1);
    napi_valuetype types[2] = {napi_undefined, napi_undefined};
    napi_typeof(env, call.argument[2], &types[0]);
    napi_typeof(env, call.argument[3], &types[1]);
    struct host *host = calloc(1, sizeof *host);
    napi_value external = NULL;
    if (host == NULL || types[0] != napi_function ||
        napi_create_external(env, host, free_host, NULL, &external) != napi_ok) {
        free(host);
        fail(&call, "ERR_INVALID_ARG_TYPE", "deliver is a function");
        return NULL;
    }
    host->env = env;
    syncplay_hub_callbacks callbacks;
    syncplay_hub_callbacks_default(&callbacks, sizeof callbacks);
    callbacks.deliver = deliver;
    napi_create_reference(env, call.argument[2], 1, &host->deliver);
    if (types[1] == napi_function) {
        callbacks.entropy = entropy;
        napi_create_reference(env, call.argument[3], 1, &host->entropy);
    }
    if (!call.failed) {
        must(&call, host, syncplay_hub_new(&host->hub, now, &config, &callbacks, host));
    }
    return external;
}

/* create(hub, now, userId, userName, contentType, contentId, title): a public session; returns {id, code} */
static napi_value create(napi_env env, napi_callback_info info)
{
    struct call call = begin(env, info);
    const struct host *host = host_of(&call);
    const int64_t now = integer(&call, 1);
    char *name = text(&call, 3, NULL);
    char *type = text(&call, 4, NULL);
    char *title = text(&call, 6, NULL);
    const syncplay_user user = {.struct_size = sizeof user, .id = id(&call, 2), .name = name};
    const syncplay_content content = {.struct_size = sizeof content, .type = type, .id = id(&call, 5), .title = title};
    syncplay_settings settings;
    syncplay_settings_default(&settings, sizeof settings);
    settings.visibility = SYNCPLAY_PUBLIC;
    syncplay_id session;
    syncplay_session_info about = {.struct_size = sizeof about};
    napi_value result = NULL;
    if (!call.failed && must(&call, host, syncplay_hub_create(host->hub, now, &user, &content, &settings, &session)) &&
        must(&call, host, syncplay_hub_session(host->hub, now, &session, &about))) {
        char uuid[SYNCPLAY_ID_SIZE];
        syncplay_id_format(&session, uuid);
        napi_create_object(env, &result);
        napi_set_named_property(env, result, "id", text_value(env, uuid, SYNCPLAY_ID_LENGTH));
        napi_set_named_property(env, result, "code", text_value(env, about.code, strlen(about.code)));
    }
    free(name);
    free(type);
    free(title);
    return result;
}

/* connect(hub, now, connection, userId, userName) */
static napi_value connect_user(napi_env env, napi_callback_info info)
{
    struct call call = begin(env, info);
    const struct host *host = host_of(&call);
    const int64_t now = integer(&call, 1);
    const int64_t connection = integer(&call, 2);
    char *name = text(&call, 4, NULL);
    const syncplay_user user = {.struct_size = sizeof user, .id = id(&call, 3), .name = name};
    if (!call.failed) {
        must(&call, host, syncplay_hub_connect(host->hub, now, (uint64_t)connection, &user));
    }
    free(name);
    return NULL;
}

/* receive(hub, now, connection, message) */
static napi_value receive(napi_env env, napi_callback_info info)
{
    struct call call = begin(env, info);
    const struct host *host = host_of(&call);
    const int64_t now = integer(&call, 1);
    const int64_t connection = integer(&call, 2);
    size_t length;
    char *message = text(&call, 3, &length);
    if (!call.failed) {
        must(&call, host, syncplay_hub_receive(host->hub, now, (uint64_t)connection, message, length));
    }
    free(message);
    return NULL;
}

/* disconnect(hub, now, connection) */
static napi_value disconnect(napi_env env, napi_callback_info info)
{
    struct call call = begin(env, info);
    const struct host *host = host_of(&call);
    const int64_t now = integer(&call, 1);
    const int64_t connection = integer(&call, 2);
    if (!call.failed) {
        must(&call, host, syncplay_hub_disconnect(host->hub, now, (uint64_t)connection));
    }
    return NULL;
}

/* deadline(hub) */
static napi_value deadline(napi_env env, napi_callback_info info)
{
    struct call call = begin(env, info);
    const struct host *host = host_of(&call);
    if (call.failed) {
        return NULL;
    }
    const int64_t at = syncplay_hub_deadline(host->hub);
    return number_value(env, at == SYNCPLAY_NEVER ? (double)INFINITY : (double)at);
}

/* tick(hub, now) */
static napi_value tick(napi_env env, napi_callback_info info)
{
    struct call call = begin(env, info);
    const struct host *host = host_of(&call);
    const int64_t now = integer(&call, 1);
    if (!call.failed) {
        must(&call, host, syncplay_hub_tick(host->hub, now));
    }
    return NULL;
}

/* save(hub, now, sessionId) */
static napi_value save(napi_env env, napi_callback_info info)
{
    struct call call = begin(env, info);
    const struct host *host = host_of(&call);
    const int64_t now = integer(&call, 1);
    const syncplay_id session = id(&call, 2);
    napi_value result = NULL;
    size_t length = 0;
    if (call.failed) {
        return NULL;
    }
    int error = syncplay_hub_save(host->hub, now, &session, 0, NULL, 0, &length);
    char *buffer = error == SYNCPLAY_ERROR_BUFFER ? malloc(length + 1) : NULL;
    if (buffer != NULL) {
        error = syncplay_hub_save(host->hub, now, &session, 0, buffer, length + 1, &length);
    }
    if (must(&call, host, error)) {
        result = text_value(env, buffer, length);
    }
    free(buffer);
    return result;
}

static napi_value load(napi_env env, napi_value exports)
{
    static const struct {
        const char *name;
        napi_callback function;
    } functions[] = {
        {"newHub", new_hub}, {"create", create},     {"connect", connect_user}, {"disconnect", disconnect},
        {"receive", receive}, {"deadline", deadline}, {"tick", tick},            {"save", save},
    };
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
        napi_value value;
        napi_create_function(env, functions[i].name, NAPI_AUTO_LENGTH, functions[i].function, NULL, &value);
        napi_set_named_property(env, exports, functions[i].name, value);
    }
    return exports;
}

NAPI_MODULE(syncplay, load)
