/* A list of rights on the wire. */
#include "wire_rights.h"

#include "access.h"

void wire_rights_write(struct json_writer *writer, const char *key, uint32_t rights)
{
    json_key(writer, key);
    json_open(writer, '[');
    for (uint32_t right = 1; right & ACCESS_ALL; right <<= 1)
        if (rights & right)
            json_text(writer, syncplay_right_name((syncplay_right)right));
    json_close(writer, ']');
}
