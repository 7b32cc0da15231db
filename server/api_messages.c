/* Chat messages over REST: taking one back. They are said over the WebSocket. */
#include <syncplay/syncplay.h>

#include "api_call.h"
#include "api_fields.h"
#include "api_place.h"

void api_delete_message(struct api_call *call)
{
    syncplay_command command;
    syncplay_command_default(&command, sizeof command, SYNCPLAY_COMMAND_DELETE);
    if (api_read_path_id(call, &command.message))
        place_command(call, &command);
}
