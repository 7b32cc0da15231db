/*
 * Bytes as the server's configuration file. Whatever is good is printed as a file that says the same (but for secrets),
 * and whatever is not gets a sentence that begins with the file's name.
 */
// clang-format off
// needs: server/config.o server/config_file.o server/config_paths.o server/config_print.o server/config_setting.o server/config_show.o server/config_value.o server/json.o server/log.o server/log_entry.o server/network.o server/origin.o server/rbac.o
// clang-format on
#include <sys/mman.h>
#include <unistd.h>

#include "check.h"
#include "config.h"
#include "config_print.h"
#include "input.h"
#include "text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define NAME_SIZE 40

/* A file that is nowhere, with these bytes in it; its descriptor, and its name. */
static int make_file(const void *bytes, size_t size, char name[NAME_SIZE])
{
    int file = memfd_create("config", 0);
    CHECK(file >= 0);
    CHECK(write(file, bytes, size) == (ssize_t)size);
    snprintf(name, NAME_SIZE, "/proc/self/fd/%d", file);
    return file;
}

static enum config_action load(struct config *config, const void *bytes, size_t size)
{
    static char program[] = "syncplay-server", flag[] = "--config";
    char name[NAME_SIZE], why[512] = "";
    int file = make_file(bytes, size, name);
    char *arguments[] = {program, flag, name, NULL};
    enum config_action action = config_load(config, 3, arguments, NULL, why, sizeof why);
    close(file);
    CHECK(action == CONFIG_RUN || action == CONFIG_ERROR);
    if (action == CONFIG_ERROR)
        CHECK_TOLD(why[0] != '\0', "no sentence");
    return action;
}

/* What config_print writes to standard output. Its first line, which names the file, is left out. */
static void print(const struct config *config, struct text *text)
{
    char name[NAME_SIZE], part[4096];
    ssize_t count;
    int file = make_file("", 0, name), output = dup(STDOUT_FILENO);
    CHECK(output >= 0);
    fflush(stdout);
    dup2(file, STDOUT_FILENO);
    config_print(config);
    fflush(stdout);
    dup2(output, STDOUT_FILENO);
    close(output);
    lseek(file, 0, SEEK_SET);
    text_clear(text);
    while ((count = read(file, part, sizeof part)) > 0)
        text_add(text, part, (size_t)count);
    close(file);
    const char *line_end = strchr(text_of(text), '\n');
    CHECK(line_end != NULL);
    size_t first = (size_t)(line_end + 1 - text->bytes);
    memmove(text->bytes, text->bytes + first, text->length + 1 - first);
    text->length -= first;
}

/* Where a setting has come from is another thing the second time. */
static void forget_sources(struct text *text)
{
    static const char source[] = " # from the file";
    for (char *found = text->bytes; (found = strstr(found, source)) != NULL;)
        memmove(found, found + strlen(source), strlen(found + strlen(source)) + 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct text first, second;
    static struct config config, again;
    if (load(&config, data, size) == CONFIG_ERROR)
        return 0;
    print(&config, &first);
    CHECK_TOLD(load(&again, first.bytes, first.length) == CONFIG_RUN, first.bytes);
    print(&again, &second);
    forget_sources(&first);
    forget_sources(&second);
    if (strstr(first.bytes, "is set, and not shown") == NULL) /* a secret */
        CHECK_TOLD(strcmp(first.bytes, second.bytes) == 0, (fputs(first.bytes, stderr), second.bytes));
    return 0;
}
