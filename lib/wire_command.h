/* A client's command as its wire message (PROTOCOL.md): what wire.c reads, written. It knows neither hub nor follower. */
#ifndef WIRE_COMMAND_H
#define WIRE_COMMAND_H

#include <syncplay/command.h>

#include "json_writer.h"

/*
 * Writes the message of a command, all of which is in order (checks.h). A kind that no message stands for is an object
 * without a type.
 */
void wire_command_write(struct json_writer *writer, const syncplay_command *command);

#endif
