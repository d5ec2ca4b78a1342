/* SPDX-License-Identifier: Apache-2.0 */
/* The part of <string.h> that the freestanding rooms use, where there is no C library.
 *
 * As in ISO C 7.24. Threads: pure. */
#ifndef SANGDEN_WASM_STRING_H
#define SANGDEN_WASM_STRING_H

#include <stddef.h>

/* The functions of the standard. */
void *memcpy(void *restrict to, const void *restrict from, size_t size);
void *memmove(void *to, const void *from, size_t size);
void *memset(void *to, int byte, size_t size);
int memcmp(const void *a, const void *b, size_t size);
void *memchr(const void *where, int byte, size_t size);
char *strchr(const char *text, int byte);
size_t strlen(const char *text);

#endif
