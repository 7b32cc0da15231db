/* A list of rights on the wire, as hub and follower write it. */
#ifndef WIRE_RIGHTS_H
#define WIRE_RIGHTS_H

#include "json_writer.h"

void wire_rights_write(struct json_writer *writer, const char *key, uint32_t rights);

#endif
