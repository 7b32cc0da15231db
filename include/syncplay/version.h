/*
 * The version of the library, in one place: the Makefile, libsyncplay.pc and the
 * soname are read from the macros below.
 */
#ifndef SYNCPLAY_VERSION_H
#define SYNCPLAY_VERSION_H

#include <syncplay/export.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The version of these headers: what a program was compiled with. syncplay_version() tells what it runs with. */
#define SYNCPLAY_VERSION_MAJOR 0
#define SYNCPLAY_VERSION_MINOR 4
#define SYNCPLAY_VERSION_PATCH 0
#define SYNCPLAY_VERSION_TEXT "0.4.0"

/* Returns the version of the library that is linked, as "major.minor.patch"; a static string. */
SYNCPLAY_API const char *syncplay_version(void);

#ifdef __cplusplus
}
#endif

#endif
