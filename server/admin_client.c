/* Asks a running server. */
#include "admin_client.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "admin_socket.h"
#include "json.h"

/* Whether this is the last row of an answer, and what it says. */
static bool is_end(const char *line, size_t length, enum admin_outcome *outcome, char *why, size_t why_size)
{
    char reason[128];
    const char *text = NULL;
    struct json *row = json_read(line, length, reason, sizeof reason);
    bool is_last = row != NULL && json_get_text(row, "row", &text) == JSON_FOUND && strcmp(text, "end") == 0;
    if (is_last) {
        *outcome =
            json_get_text(row, "status", &text) == JSON_FOUND && strcmp(text, "ok") == 0 ? ADMIN_DONE : ADMIN_REFUSED;
        if (json_get_text(row, "why", &text) == JSON_FOUND)
            snprintf(why, why_size, "%s", text);
    }
    json_free(row);
    return is_last;
}

static enum admin_outcome read_answer(FILE *stream, const struct overview *overview, char *why, size_t why_size)
{
    enum admin_outcome outcome = ADMIN_REFUSED;
    char *line = NULL;
    size_t size = 0;
    ssize_t length;
    snprintf(why, why_size, "the server did not answer, or not to the end; its log may say why");
    while ((length = getline(&line, &size, stream)) > 0) {
        length -= line[length - 1] == '\n';
        if (is_end(line, (size_t)length, &outcome, why, why_size) ||
            !overview->row(overview->arg, line, (size_t)length))
            break;
    }
    free(line);
    return outcome;
}

enum admin_outcome admin_ask(const char *path, const char *request, const struct overview *overview, char *why,
                             size_t why_size)
{
    int descriptor = admin_socket_connect(path);
    if (descriptor < 0) {
        snprintf(why, why_size, "%s: %s", path, strerror(errno));
        return errno == ENOENT || errno == ECONNREFUSED ? ADMIN_NO_SERVER : ADMIN_REFUSED;
    }
    FILE *stream = fdopen(descriptor, "r+");
    if (stream == NULL) {
        close(descriptor);
        snprintf(why, why_size, "out of memory");
        return ADMIN_REFUSED;
    }
    enum admin_outcome outcome = ADMIN_REFUSED;
    if (fprintf(stream, "%s\n", request) > 0 && fflush(stream) == 0)
        outcome = read_answer(stream, overview, why, why_size);
    else
        snprintf(why, why_size, "%s: %s", path, strerror(errno));
    fclose(stream);
    return outcome;
}
