/* Roles and rights, as requests name them and answers show them. */
#ifndef SERVER_API_ACCESS_H
#define SERVER_API_ACCESS_H

#include <syncplay/access.h>

#include "api_call.h"

/* A role that can be given, and names of rights. The value stays as it is where the field is missing; false after
 * answering what is wrong with it. */
bool api_read_role(struct api_call *call, const char *key, syncplay_role *role);
bool api_read_rights(struct api_call *call, const char *key, uint32_t *rights);

void api_put_rights(struct json_writer *writer, const char *key, uint32_t rights);

#endif
