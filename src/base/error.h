/* SPDX-License-Identifier: Apache-2.0 */
/* Errors in three parts and two languages.
 *
 *   code      what kind (errors.def: exit status, HTTP status, general text)
 *   field     where: an input field ("usage.kwh"), a column, a file position; may be empty
 *   message   what happened, short and factual
 *   detail    the values involved (may be empty)
 *   hint      what to do about it (tests/tidy refuses an error without)
 *
 * Every fallible function returns err_t, 0 is OK, and fills the caller's struct err. Output
 * parameters are written only on success. Library rooms never log; the program logs once.
 * Ownership: texts are copied into the struct; too long texts are cut at a character. */
#ifndef SANGDEN_BASE_ERROR_H
#define SANGDEN_BASE_ERROR_H

#include "base/str.h"

typedef enum err_code {
    OK = 0,
    E_FIRST_ = -1000,
#define ERROR(name, exit_status, http_status, vi, en) name,
#include "base/errors.def"
#undef ERROR
    E_LAST_
} err_t;

enum { ERR_FIELD_BYTES = 96, ERR_MESSAGE_BYTES = 320, ERR_DETAIL_BYTES = 512,
       ERR_HINT_BYTES = 320 };

struct err_text {
    char message[ERR_MESSAGE_BYTES];
    char detail[ERR_DETAIL_BYTES];
    char hint[ERR_HINT_BYTES];
};

struct err {
    err_t code;
    char field[ERR_FIELD_BYTES];
    struct err_text vi;
    struct err_text en;
    int64_t wait_s; /* E_WAIT: for so many seconds; 0: not known */
};

/* Starts a new error and answers its code. vi and en are formats over the same arguments (the
 * directives of buf_printf). field may be NULL. */
err_t err_set(struct err *err, err_t code, const char *field, const char *vi, const char *en, ...)
    __attribute__((format(printf, 4, 6), format(printf, 5, 6)));
/* Adds the values involved. Answers the code, so that it may stand in a return. */
err_t err_detail(struct err *err, const char *vi, const char *en, ...)
    __attribute__((format(printf, 2, 4), format(printf, 3, 4)));
/* Adds what to do. Answers the code. */
err_t err_hint(struct err *err, const char *vi, const char *en, ...)
    __attribute__((format(printf, 2, 4), format(printf, 3, 4)));
/* Adds what to do about stored data that cannot be read or do not fit together. */
err_t err_hint_stored(struct err *err);
/* Notes how long to wait, for programs; rounded up to whole seconds. Answers the code. */
err_t err_wait(struct err *err, int64_t wait_ms);
/* Replaces the field, cut at a whole character when it is too long. Answers the code. */
err_t err_field(struct err *err, struct str field);
/* Replaces the field by prefix + field (prefix "lines[3]." and field "kwh"). Answers the code. */
err_t err_prefix(struct err *err, const char *prefix);

/* Failures that need no words of their own: there is no more memory; no more threads. */
err_t err_memory(struct err *err);
err_t err_thread(struct err *err);

#ifdef __clang_analyzer__
/* Static analysis does not look into other files: it must be told that an error that was set is an
 * error. The program itself is compiled without these. */
#define err_surely(call) \
    __extension__({ \
        err_t code_ = (call); \
        __builtin_assume(code_ != OK); \
        code_; \
    })
#define err_set(...) err_surely((err_set)(__VA_ARGS__))
#define err_detail(...) err_surely((err_detail)(__VA_ARGS__))
#define err_hint(...) err_surely((err_hint)(__VA_ARGS__))
#define err_hint_stored(...) err_surely((err_hint_stored)(__VA_ARGS__))
#define err_prefix(...) err_surely((err_prefix)(__VA_ARGS__))
#define err_memory(...) err_surely((err_memory)(__VA_ARGS__))
#define err_thread(...) err_surely((err_thread)(__VA_ARGS__))
#endif

/* What errors.def says of a code. */
int err_exit_status(err_t code);
int err_http_status(err_t code);
const char *err_name(err_t code);
const char *err_general_vi(err_t code);
const char *err_general_en(err_t code);
/* Whether the code tells of the machine or of the database, not of what was worked on: the same
 * work may succeed later, and whatever comes next would fail alike. */
bool err_of_machine(err_t code);

#endif
