/* Making join codes. Pure: random bytes come from the caller. */
#ifndef CODE_H
#define CODE_H

#include <syncplay/code.h>

/* How many random bytes code_make takes. */
#define CODE_RANDOM_BYTES 64

/*
 * Makes a code of `length` characters from CODE_RANDOM_BYTES random bytes, without bias (rejection). False, in fewer than
 * one of 10^20 cases, when the bytes do not suffice.
 */
bool code_make(const uint8_t random[CODE_RANDOM_BYTES], unsigned length, char code[SYNCPLAY_CODE_SIZE]);

#endif
