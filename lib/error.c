/* The error table as functions. */
#include <syncplay/error.h>

#define ERROR_TEXT_ROW(name, number, code, sentence) {number, code, sentence},
static const struct {
    int number;
    const char *code;
    const char *sentence;
} rows[] = {SYNCPLAY_ERRORS(ERROR_TEXT_ROW)};

const char *syncplay_strerror(int error)
{
    for (unsigned i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].number == error)
            return rows[i].sentence;
    return "unknown error";
}

const char *syncplay_error_code(int error)
{
    for (unsigned i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].number == error)
            return rows[i].code;
    return "unknown";
}
