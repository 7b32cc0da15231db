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

/* While the host application is asked, nothing may be changed; it may be asked from inside a callback already. */
static bool begin_question(const struct step *step)
{
    bool was_inside = *step->in_callback;
    *step->in_callback = true;
    return was_inside;
}

static bool answered(const struct step *step, bool was_inside, bool answer)
{
    *step->in_callback = was_inside;
    return answer;
}

bool step_random(const struct step *step, void *bytes, size_t length)
{
    bool was_inside = begin_question(step);
    return answered(step, was_inside, step->callbacks->entropy(step->user_data, bytes, length));
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
    bool was_inside = begin_question(step);
    return answered(step, was_inside, step->callbacks->has_permission(step->user_data, user, permission));
}

bool step_are_friends(const struct step *step, const syncplay_id *host, const syncplay_id *user)
{
    if (!step->callbacks->are_friends)
        return false;
    bool was_inside = begin_question(step);
    return answered(step, was_inside, step->callbacks->are_friends(step->user_data, host, user));
}

const char *step_refuses_content(const struct step *step, const syncplay_content *content)
{
    if (!step->callbacks->refuse_content)
        return NULL;
    bool was_inside = begin_question(step);
    const char *why = step->callbacks->refuse_content(step->user_data, content);
    *step->in_callback = was_inside;
    return why;
}
