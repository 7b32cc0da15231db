/* The client's half of the wire (PROTOCOL.md): bytes in, a command out. */
#ifndef WIRE_H
#define WIRE_H

#include <syncplay/command.h>

#include "json_reader.h"

#define WIRE_DEPTH 4
#define WIRE_WHY_SIZE 160
#define WIRE_TYPE_SIZE 17

/* A message that was read; the command's texts live in `root` until wire_free. It points into itself: it cannot be copied. */
struct wire_message {
    syncplay_command command;
    syncplay_settings settings;
    syncplay_content content;
    json_value root;
    char type[WIRE_TYPE_SIZE]; /* as the client wrote it, if that is a plain word; or "" */
    char why[WIRE_WHY_SIZE];
};

/* SYNCPLAY_OK, or an error with its sentence in `why`; call wire_free in both cases. */
int wire_read(struct wire_message *message, const char *bytes, size_t length);
void wire_free(struct wire_message *message);

#endif
