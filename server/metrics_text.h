/*
 * Prometheus' text format, version 0.0.4: families of samples, one after the other, into one growing buffer. After an
 * error (no memory) nothing more is written, and metrics_text_finish says NULL. Knows no metric by name.
 */
#ifndef SERVER_METRICS_TEXT_H
#define SERVER_METRICS_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define METRICS_TEXT_TYPE "text/plain; version=0.0.4; charset=utf-8"

/* All zeros before the first call. */
struct metrics_text {
    char *bytes;
    size_t length;
    size_t capacity;
    bool failed;
};

/* Begins a family; its samples follow. `type` is "counter", "gauge" or "histogram". The help needs no escaping. */
void metrics_text_family(struct metrics_text *text, const char *name, const char *type, const char *help);

/* A sample: `label` and its value may be NULL, for none; they need no escaping. */
void metrics_text_count(struct metrics_text *text, const char *name, const char *label, const char *value,
                        uint64_t count);

/* The same of millionths: seconds, where everything here counts microseconds. */
void metrics_text_millionths(struct metrics_text *text, const char *name, const char *label, const char *value,
                             int64_t millionths);

/* A family of one sample without a label. */
void metrics_text_gauge(struct metrics_text *text, const char *name, const char *help, uint64_t value);
void metrics_text_counter(struct metrics_text *text, const char *name, const char *help, uint64_t value);

/* The finished text, for the caller to free, or NULL. */
char *metrics_text_finish(struct metrics_text *text, size_t *length);

#endif
