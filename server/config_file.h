/* A YAML file as dotted keys and their values. config_file.c is the only file that knows libyaml. */
#ifndef SERVER_CONFIG_FILE_H
#define SERVER_CONFIG_FILE_H

#include <stdbool.h>
#include <stddef.h>

/* Limits of a file: its size, how deep sections are nested, how long a dotted key is, how many keys there are. */
#define CONFIG_FILE_SIZE_MAX 65536
#define CONFIG_FILE_DEPTH_MAX 4
#define CONFIG_FILE_KEY_MAX 128
#define CONFIG_FILE_KEYS_MAX 256
/* The longest list, in bytes, once its values stand behind each other. */
#define CONFIG_FILE_LIST_MAX 1024

enum config_file_shape { CONFIG_FILE_VALUE, CONFIG_FILE_LIST, CONFIG_FILE_SECTION };

/*
 * What the reader calls for each key in turn: `key` is dotted ("syncplay.chat.enabled"); `value` is NULL for a section,
 * and the values of a list with commas between them. It returns false, after writing a sentence into `why`, to refuse
 * it.
 */
typedef bool config_file_found(void *arg, const char *key, enum config_file_shape shape, const char *value, char *why,
                               size_t why_size);

/*
 * Reads a file. False, and "file:line: reason" in `why`, if it cannot be read, is not YAML, repeats a key, holds
 * anything but sections, scalars and lists of scalars, or something in it was refused. An empty file is good.
 */
bool config_file_read(const char *file, config_file_found *found, void *arg, char *why, size_t why_size);

#endif
