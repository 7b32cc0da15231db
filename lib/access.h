/* Who may come in, and who may do what: the rules, as one function each. Pure. */
#ifndef ACCESS_H
#define ACCESS_H

#include <stdbool.h>

#include <syncplay/command.h>
#include <syncplay/session.h>

enum access_entry { ACCESS_ENTER, ACCESS_KNOCK, ACCESS_REFUSE };

/* What becomes of a user who is not in yet. */
enum access_entry access_entry(syncplay_visibility visibility, bool is_host, bool is_friend);

/* Whether one who sits may give this command. */
bool access_may(syncplay_command_kind kind, bool is_host, syncplay_control control);

#endif
