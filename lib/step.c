/* The sentence of a failure, and questions to the host application. */
#include <stdarg.h>
#include <stdio.h>

#include "step.h"

int step_fail(struct step *step, int error, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(step->why, WHY_SIZE, format, arguments);
    va_end(arguments);
    return error;
}

/* Ends the time in which nothing may be changed; passes the answer on. */
static bool answered(const struct step *step, bool answer)
{
    *step->in_callback = false;
    return answer;
}

bool step_random(const struct step *step, void *bytes, size_t length)
{
    *step->in_callback = true;
    return answered(step, step->callbacks->entropy(step->user_data, bytes, length));
}

bool step_random_id(const struct step *step, syncplay_id *id)
{
    if (!step_random(step, id->bytes, sizeof id->bytes))
        return false;
    id->bytes[6] = (uint8_t)((id->bytes[6] & 0x0f) | 0x40);
    id->bytes[8] = (uint8_t)((id->bytes[8] & 0x3f) | 0x80);
    return true;
}

bool step_has_permission(const struct step *step, const syncplay_id *user, syncplay_permission permission)
{
    if (!step->callbacks->has_permission)
        return true;
    *step->in_callback = true;
    return answered(step, step->callbacks->has_permission(step->user_data, user, permission));
}

bool step_are_friends(const struct step *step, const syncplay_id *host, const syncplay_id *user)
{
    if (!step->callbacks->are_friends)
        return false;
    *step->in_callback = true;
    return answered(step, step->callbacks->are_friends(step->user_data, host, user));
}

const char *step_refuses_content(const struct step *step, const syncplay_content *content)
{
    if (!step->callbacks->refuse_content)
        return NULL;
    *step->in_callback = true;
    const char *why = step->callbacks->refuse_content(step->user_data, content);
    *step->in_callback = false;
    return why;
}
