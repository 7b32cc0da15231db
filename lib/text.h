/* Text that came from outside: is it UTF-8, and how many characters. Pure. */
#ifndef TEXT_H
#define TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Whether `length` bytes are well-formed UTF-8 (RFC 3629: shortest forms, no surrogates). *characters gets the count. */
bool text_is_utf8(const char *bytes, size_t length, size_t *characters);

/* Whether a zero-terminated text is UTF-8 of `least` to `most` characters. */
bool text_fits(const char *text, size_t least, size_t most);

/* text_fits, without control characters, and not only blanks: a name, a title, a type. */
bool text_is_line(const char *text, size_t least, size_t most);

/* text_is_line for a user's name: with something to see in it, and nothing that turns what stands around it about. */
bool text_is_name(const char *text, size_t least, size_t most);

/*
 * Whether a text is 1 to `most` characters of emoji and other symbols, with what may join and vary them: nothing that one
 * could read as a word, and no marks that pile up.
 */
bool text_is_symbols(const char *text, size_t most);

/* A 64-bit digest of a client's own id, to recognise it again (FNV-1a; a collision harms only who made it). Never 0. */
uint64_t text_digest(const char *text);

#endif
