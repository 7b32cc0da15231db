/* What makes a symbol visible outside of the shared library; everything else is hidden. */
#ifndef SYNCPLAY_EXPORT_H
#define SYNCPLAY_EXPORT_H

#if defined(__GNUC__) || defined(__clang__)
#define SYNCPLAY_API __attribute__((visibility("default")))
#else
#define SYNCPLAY_API
#endif

#endif
