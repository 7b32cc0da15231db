/*
 * A fuzzer's bytes, taken from the front: single letters, small numbers and lines, so that an input can be read and
 * written by people. Where nothing is left, everything is 0.
 */
#ifndef FUZZ_INPUT_H
#define FUZZ_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct input {
    const char *bytes;
    size_t length, at;
};

static inline bool input_is_over(const struct input *input)
{
    return input->at >= input->length;
}

static inline char input_letter(struct input *input)
{
    return input_is_over(input) ? 0 : input->bytes[input->at++];
}

/* A number below `limit` (at most 200), written as one character: '0' is 0, '9' 9, ':' 10 ... */
static inline unsigned input_number(struct input *input, unsigned limit)
{
    return (uint8_t)(input_letter(input) - '0') % limit;
}

/* What is left of the line, without its end. It is not followed by a zero byte. */
static inline const char *input_line(struct input *input, size_t *length)
{
    const char *line = input->bytes + input->at;
    size_t left = input->length - input->at;
    const char *end = left ? memchr(line, '\n', left) : NULL;
    *length = end ? (size_t)(end - line) : left;
    input->at += *length + (end != NULL);
    return line;
}

#endif
