/* What must hold in a fuzz target. A failure aborts, whatever the build: that is what a fuzzer takes for a finding. */
#ifndef FUZZ_CHECK_H
#define FUZZ_CHECK_H

#include <stdio.h>
#include <stdlib.h>

#define CHECK(condition) ((condition) ? (void)0 : check_failed(__FILE__, __LINE__, #condition, ""))
/* The same, with a text that shows what went wrong. */
#define CHECK_TOLD(condition, text) ((condition) ? (void)0 : check_failed(__FILE__, __LINE__, #condition, (text)))

__attribute__((noreturn)) static inline void check_failed(const char *file, int line, const char *condition,
                                                          const char *text)
{
    fprintf(stderr, "%s:%d: does not hold: %s\n%s\n", file, line, condition, text);
    abort();
}

#endif
