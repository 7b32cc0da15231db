/*
 * Frames of WebSockets, read as RFC 6455 has it and as nobody else here reads them: what a client has sent, and how it
 * is to be answered.
 */
#ifndef FUZZ_FRAME_RULES_H
#define FUZZ_FRAME_RULES_H

#include <stdbool.h>
#include <stdint.h>

#include "json_text.h"

enum { FRAME_RULES_CONTINUES = 0, FRAME_RULES_TEXT = 1, FRAME_RULES_BINARY = 2 };
enum { FRAME_RULES_CLOSE = 8, FRAME_RULES_PING = 9, FRAME_RULES_PONG = 10 };

struct frame_head {
    bool is_final, is_masked;
    unsigned reserved, opcode;
    uint8_t mask[4];
    uint64_t length;
    size_t size; /* of the head */
};

/* Where a stream of frames has come to. */
enum frame_outcome {
    FRAMES_GO_ON,
    FRAMES_WAIT,  /* the last one may be seen to be wrong already, or not yet */
    FRAMES_CLOSE, /* the client has closed */
    FRAMES_FAIL
};

static inline bool frame_rules_is_control(const struct frame_head *head)
{
    return head->opcode >= 8;
}

/* A head, of what is there; false if that is not all of it. */
static inline bool frame_rules_head(const uint8_t *bytes, size_t count, struct frame_head *head)
{
    if (count < 2)
        return false;
    *head = (struct frame_head){.is_final = bytes[0] & 0x80,
                                .reserved = bytes[0] >> 4 & 7,
                                .opcode = bytes[0] & 15,
                                .is_masked = bytes[1] & 0x80,
                                .length = bytes[1] & 0x7f,
                                .size = 2};
    size_t more = head->length == 126 ? 2 : head->length == 127 ? 8 : 0;
    head->size += more + (head->is_masked ? 4 : 0);
    if (count < head->size)
        return false;
    for (size_t i = 0; i < more; i++)
        head->length = (i == 0 ? 0 : head->length << 8) | bytes[2 + i];
    if (head->is_masked)
        memcpy(head->mask, bytes + 2 + more, 4);
    return true;
}

/* Whether the length is written as short as it can be. */
static inline bool frame_rules_is_short(const struct frame_head *head)
{
    size_t size = head->size - (head->is_masked ? 4 : 0);
    return head->length < UINT64_C(1) << 63 && (size == 2 || head->length > (size == 4 ? 125 : 0xffff));
}

/* Whether a head can be right by itself. */
static inline bool frame_rules_is_good(const struct frame_head *head)
{
    bool is_known =
        head->opcode <= FRAME_RULES_BINARY || (head->opcode >= FRAME_RULES_CLOSE && head->opcode <= FRAME_RULES_PONG);
    bool is_small = !frame_rules_is_control(head) || (head->is_final && head->length <= 125);
    return is_known && is_small && head->reserved == 0 && frame_rules_is_short(head);
}

/* How many bytes at the end begin a character that is not whole; -1 if what is before is no UTF-8. */
static inline int frame_rules_utf8(const char *bytes, size_t length)
{
    struct json_text text = {bytes, bytes + length};
    while (text.at < text.end) {
        const char *begin = text.at;
        if (!(*begin & 0x80)) {
            text.at++;
            continue;
        }
        if (json_text_long_character(&text))
            continue;
        /* With some bytes behind it, is it one? Then it is only not whole yet. */
        size_t left = (size_t)(text.end - begin);
        static const uint8_t more[][3] = {{0x80, 0x80, 0x80}, {0xbf, 0xbf, 0xbf}};
        for (size_t i = 0; i < 2 && left < 4; i++)
            for (size_t count = 1; count + left <= 4; count++) {
                char whole[4];
                memcpy(whole, begin, left);
                memcpy(whole + left, more[i], count);
                struct json_text one = {whole, whole + left + count};
                if (json_text_long_character(&one) && one.at == one.end)
                    return (int)left;
            }
        return -1;
    }
    return 0;
}

/* What a close may say; -1 where the registry may grow. */
static inline int frame_rules_status(unsigned status)
{
    if ((status >= 1012 && status <= 1014) || (status >= 1016 && status < 3000))
        return -1;
    return (status >= 1000 && status <= 1011 && (status < 1004 || status > 1006)) || (status >= 3000 && status < 5000);
}

#endif
