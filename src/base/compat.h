/* SPDX-License-Identifier: Apache-2.0 */
/* Language helpers that the whole house may use.
 *
 * Everything here is freestanding: it also compiles for WebAssembly, where no C library exists.
 * Assertions state what the programmer believes, stay on in release builds and end the process
 * (a supervisor starts it again); input from people or files is validated, never asserted. */
#ifndef SANGDEN_BASE_COMPAT_H
#define SANGDEN_BASE_COMPAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NODISCARD __attribute__((warn_unused_result))
#define AUTO(release_function) __attribute__((cleanup(release_function)))
#define PRINTF_LIKE(format_index, first_index) \
    __attribute__((format(printf, format_index, first_index)))
#define UNUSED __attribute__((unused))
#define ARRAY_COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Ends the process after printing where and what; never returns. */
_Noreturn void assert_failed(const char *file, int line, const char *text);

/* A WebAssembly module has nowhere to print: it traps, and carries no texts for it. */
#ifdef __wasm__
#define ASSERT(belief) ((belief) ? (void)0 : __builtin_trap())
#else
#define ASSERT(belief) ((belief) ? (void)0 : assert_failed(__FILE__, __LINE__, #belief))
#endif

/* For inner loops: checked in debug and sanitizer builds only. */
#ifdef SANGDEN_DEBUG
#define DASSERT(belief) ASSERT(belief)
#else
#define DASSERT(belief) ((void)0)
#endif

#endif
