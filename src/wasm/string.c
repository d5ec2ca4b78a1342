/* SPDX-License-Identifier: Apache-2.0 */
/* Compiled without the compiler's own idea of these functions, or each would call itself. */
#include <string.h>

void *memcpy(void *restrict to, const void *restrict from, size_t size)
{
    unsigned char *t = to;
    const unsigned char *f = from;
    for (size_t i = 0; i < size; i++) t[i] = f[i];
    return to;
}

void *memmove(void *to, const void *from, size_t size)
{
    unsigned char *t = to;
    const unsigned char *f = from;
    if (t < f)
        for (size_t i = 0; i < size; i++) t[i] = f[i];
    else
        for (size_t i = size; i > 0; i--) t[i - 1] = f[i - 1];
    return to;
}

void *memset(void *to, int byte, size_t size)
{
    unsigned char *t = to;
    for (size_t i = 0; i < size; i++) t[i] = (unsigned char)byte;
    return to;
}

int memcmp(const void *a, const void *b, size_t size)
{
    const unsigned char *x = a, *y = b;
    for (size_t i = 0; i < size; i++)
        if (x[i] != y[i]) return x[i] < y[i] ? -1 : 1;
    return 0;
}

void *memchr(const void *where, int byte, size_t size)
{
    const unsigned char *w = where;
    for (size_t i = 0; i < size; i++)
        if (w[i] == (unsigned char)byte) return (void *)(size_t)(w + i);
    return NULL;
}

char *strchr(const char *text, int byte)
{
    for (; *text != (char)byte; text++)
        if (*text == '\0') return NULL;
    return (char *)(size_t)text;
}

size_t strlen(const char *text)
{
    size_t size = 0;
    while (text[size] != '\0') size++;
    return size;
}
