/* The sentence of a failure. */
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
