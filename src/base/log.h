/* SPDX-License-Identifier: Apache-2.0 */
/* Structured log: one logfmt line per event on standard error.
 *
 *   at=2026-07-31T13:05:00+07:00 level=info event=bill.run.end run=17 bills=1000000
 *
 *   log_event(LOG_INFO, "bill.run.end", LOG_FIELDS(log_i64("run", run_id), log_i64("bills", n)));
 *
 * Every text value names its class; personal, sensitive and secret values are replaced by the name
 * of their class, so that nothing about a person and no key reaches a log file. Only the program
 * logs; library rooms return errors. Threads: safe, a line is one write. Limit: LOG_LINE_MAX_BYTES,
 * longer lines are cut. */
#ifndef SANGDEN_BASE_LOG_H
#define SANGDEN_BASE_LOG_H

#include "base/buffer.h"
#include "base/privacy.h"

enum { LOG_LINE_MAX_BYTES = 2048 };
enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARNING, LOG_ERROR };

struct log_field {
    const char *key;
    bool is_text;
    enum privacy privacy;
    struct str text;
    int64_t i64;
};

struct log_fields {
    const struct log_field *field;
    size_t count;
};
#define LOG_FIELDS(...)                                                 \
    ((struct log_fields){(const struct log_field[]){__VA_ARGS__},       \
                         sizeof((const struct log_field[]){__VA_ARGS__}) / \
                             sizeof(struct log_field)})

/* A number; it must not tell who somebody is. */
static inline struct log_field log_i64(const char *key, int64_t value)
{
    return (struct log_field){.key = key, .i64 = value};
}
/* A text of a class; the view must live until the event is written. */
static inline struct log_field log_text(const char *key, enum privacy privacy, struct str value)
{
    return (struct log_field){.key = key, .is_text = true, .privacy = privacy, .text = value};
}

/* Events below the level are dropped; the default is LOG_INFO. Set once at start-up. */
void log_set_level(enum log_level least);
/* "debug", "info", "warning", "error". */
NODISCARD bool log_level_parse(struct str text, enum log_level *out);

/* Writes the line at once. event: "room.thing.verb". */
void log_event(enum log_level level, const char *event, struct log_fields fields);

/* The line that log_event writes, without the line's end. */
void buf_add_log(struct buf *buf, int64_t now_ms, enum log_level level, const char *event,
                 struct log_fields fields);

#endif
