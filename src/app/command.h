/* SPDX-License-Identifier: Apache-2.0 */
/* The table of commands: one declaration feeds parsing, --help, man pages and completions.
 *
 *   sangden bill run --month 2026-10 --workers 2
 *           └─ name ┘ └────── options ─────────┘
 *
 * A command lives in src/app/cmd_<name>.c, exports `const struct command command_<name>` and has
 * one line in commands.def. Options are long (--month 2026-07 or --month=2026-07; -h is --help);
 * "--" ends them. Each may be given once. Exit status: 0 done, 1 refused or a check failed,
 * 2 wrong usage, 3 an outside part failed. Messages go to standard error in Vietnamese, then in
 * English; results go to standard output.
 * Ownership: everything a call hands out lives until the command returns. */
#ifndef SANGDEN_APP_COMMAND_H
#define SANGDEN_APP_COMMAND_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"

struct db;
struct actor;

enum option_kind {
    OPTION_FLAG,   /* --json */
    OPTION_TEXT,   /* --unit PD0100 */
    OPTION_I64,    /* --workers 4 */
    OPTION_DAY,    /* --date 2026-07-31 */
    OPTION_MONTH,  /* --month 2026-07 */
    OPTION_OPERAND /* a word without a dash, in order */
};

struct option_spec {
    const char *name; /* "month"; operands: the upper-case word shown in help */
    enum option_kind kind;
    bool required;
    const char *value_word; /* "YYYY-MM" in help */
    const char *help_vi;
    const char *help_en;
};

struct call;
struct call_inputs;

/* What a command does with the store. SANGDEN_NOW is accepted by those that change it, or whose
 * reading is noted (reading_call.h), only where the store is marked demonstration or test. */
enum command_store {
    STORE_UNUSED,  /* calc, words */
    STORE_READS,   /* list, show, check */
    STORE_WRITES,  /* run, issue, load */
    STORE_CREATES, /* init, demo: makes the store when it is missing or empty */
    STORE_FILLS,   /* restore: the same without a schema, and an older one is taken as it is */
};

struct command {
    const char *name; /* "bill run" */
    enum command_store store;
    const char *help_vi;
    const char *help_en;
    const struct option_spec *options;
    size_t option_count;
    err_t (*run)(struct call *call);
};

/* One running command. */
struct json_writer;

struct call {
    const struct command *command;
    struct arena *arena;
    struct err *err;
    struct buf *out; /* written to standard output whenever flush is called and at the end */
    bool json;       /* --json was given (every command accepts it) */
    const char *as;  /* --as CODE, or NULL: who acts (every command accepts it) */
    struct call_inputs *inputs; /* read through call_text and its sisters */
    struct db *db;              /* read through call_db */
    bool demonstration;         /* the store opened by call_db is marked so */
    struct actor *reader; /* who runs a reading command; NULL: nobody is asked, or it writes */
    err_t output_failed;        /* standard output could not be written */
};

/* The value of an option of the running command; asserted to be declared. */
bool call_given(const struct call *call, const char *name);
/* Empty view, 0 or -1 (days, months) when not given. */
struct str call_text(const struct call *call, const char *name);
int64_t call_i64(const struct call *call, const char *name, int64_t otherwise);
int32_t call_day(const struct call *call, const char *name);
int32_t call_month(const struct call *call, const char *name);
/* Operands beyond the declared ones are refused unless the last one is declared as "NAME..."; then
 * this gives the index-th of them, false past the end. */
bool call_operand(const struct call *call, size_t index, struct str *out);

/* Writes what stands in call->out to standard output and empties it. A failure is remembered and
 * reported when the command ends. */
void call_flush(struct call *call);

/* Says to people, in Vietnamese and below it in English, that something was done: "Đã thêm nhân
 * viên: NV02". */
void call_say(struct call *call, const char *vi, const char *en, struct str what);

/* Opens the store named by SANGDEN_STORE (default sqlite:var/sangden.db); closed by the program
 * after the command. The second call answers the same connection. A store whose schema differs from
 * the program's is refused with the remedy; only `upgrade` changes the schema of a store in use. */
NODISCARD err_t call_db(struct call *call, struct db **out);

/* Writes an error for people: message, detail, hint, in both languages, to standard error. */
void report_error(const struct err *err);
/* Writes what does not stop the command in the same way. */
void report_warning(const struct err *warning);

/* What comes from a demonstration says so: one line on standard error behind every command, and the
 * member "demonstration": true in JSON that may leave the house. Nothing on any other store. */
void report_demonstration(const struct call *call);
void call_mark_json(const struct call *call, struct json_writer *w);

#endif
