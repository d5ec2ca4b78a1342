/* SPDX-License-Identifier: Apache-2.0 */
/* From events to messages: what was signed is queued, once. */
#include "base/clock.h"
#include "base/date.h"
#include "base/hash.h"
#include "base/json_fields.h"
#include "document/einvoice_send.h"
#include "document/invoice_name.h"
#include "document/invoice_parameter.h"
#include "store/event.h"

enum { EVENT_ARENA_BYTES = 256 * 1024, SEQUENCE_MAX = 10000, READ_MAX = 500 };

struct collecting {
    const struct message_parties *parties;
    struct arena *arena;
    int64_t now_ms;
};

/* A signed document as its table knows it. */
struct document {
    struct message_subject subject;
    int32_t day;
    bool coded;
    char tax_code[16];
    char sha256[HASH_TEXT_BYTES];
};

static void copy(char *out, size_t size, struct str text)
{
    struct buf buf;
    buf_init_fixed(&buf, out, size);
    buf_add(&buf, text);
    ASSERT(!buf.failed);
}

static err_t refuse_payload(struct err *err)
{
    err_set(err, E_INPUT, "payload", "Sự kiện không chỉ ra chứng từ nào đã ký",
            "The event names no signed document");
    return err_hint_stored(err);
}

static err_t text_member(const struct json *map, const char *name, struct str *out, struct err *err)
{
    const struct json *member;
    err_t e = field_typed(map, name, JSON_TEXT, &member, err);
    if (e == OK) *out = member->text;
    return e;
}

static err_t number_member(const struct json *map, const char *name, int64_t *out, struct err *err)
{
    const struct json *member;
    err_t e = field_typed(map, name, JSON_NUMBER, &member, err);
    if (e == OK && !json_to_i64(member, out)) e = refuse_payload(err);
    return e;
}

/* ---- the three kinds --------------------------------------------------------------------- */

/* Series number, day, symbol, tax code and hash of the invoice of a name and hash. */
static err_t find_invoice(struct db *db, int64_t unit_id, const struct json *payload,
                          struct document *out, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    struct str name, sha256, symbol;
    int64_t template_no, number;
    bool found = false;
    err_t e = text_member(payload, "invoice", &name, err);
    if (e == OK) e = text_member(payload, "sha256", &sha256, err);
    if (e != OK) return e;
    if (!invoice_name_parse(name, &template_no, &symbol, &number)) return refuse_payload(err);
    e = db_query(
        db,
        "SELECT s.series_no, v.invoice_on, s.tax_code, d.sha256 FROM invoice_series s "
        "JOIN einvoice v ON v.unit_id = s.unit_id AND v.series_no = s.series_no AND "
        "v.invoice_no = $1 JOIN einvoice_document d ON d.unit_id = v.unit_id AND "
        "d.series_no = v.series_no AND d.invoice_no = v.invoice_no WHERE s.unit_id = $2 "
        "AND s.symbol = $3 AND s.template_no = $4 AND d.sha256 = $5",
        ARGS(v_i64(number), v_i64(unit_id), v_text(symbol), v_i64(template_no), v_text(sha256)),
        &rows, err);
    if (e == OK) e = rows_next(rows, &found, err);
    if (e != OK) return e;
    if (!found || !day_parse(row_text(rows, 1), &out->day)) return refuse_payload(err);
    out->subject = (struct message_subject){unit_id, MESSAGE_INVOICE, row_i64(rows, 0), number};
    out->coded = symbol.p[0] == 'C';
    copy(out->tax_code, sizeof out->tax_code, row_text(rows, 2));
    copy(out->sha256, sizeof out->sha256, row_text(rows, 3));
    return OK;
}

static err_t find_other(struct db *db, const char *sql, const struct message_subject *subject,
                        struct document *out, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    bool found = false;
    err_t e = db_query(
        db, sql, ARGS(v_i64(subject->unit_id), v_i64(subject->series), v_i64(subject->number)),
        &rows, err);
    if (e == OK) e = rows_next(rows, &found, err);
    if (e != OK) return e;
    if (!found) return refuse_payload(err);
    out->subject = *subject;
    copy(out->tax_code, sizeof out->tax_code, row_text(rows, 0));
    copy(out->sha256, sizeof out->sha256, row_text(rows, 1));
    return OK;
}

static err_t find_notice(struct db *db, int64_t unit_id, const struct json *payload,
                         struct document *out, struct err *err)
{
    struct message_subject subject = {unit_id, MESSAGE_NOTICE, 0, 0};
    err_t e = number_member(payload, "notice", &subject.number, err);
    return e != OK ? e
                   : find_other(db,
                                "SELECT tax_code, sha256 FROM error_notice WHERE unit_id = $1 "
                                "AND $2 = 0 AND notice_no = $3",
                                &subject, out, err);
}

static err_t find_table(struct db *db, int64_t unit_id, const struct json *payload,
                        struct document *out, struct err *err)
{
    struct message_subject subject = {unit_id, MESSAGE_TABLE, 0, 0};
    err_t e = number_member(payload, "summary", &subject.series, err);
    if (e == OK) e = number_member(payload, "part", &subject.number, err);
    return e != OK ? e
                   : find_other(db,
                                "SELECT s.tax_code, t.sha256 FROM einvoice_summary_table t JOIN "
                                "einvoice_summary s ON s.unit_id = t.unit_id AND "
                                "s.summary_no = t.summary_no WHERE t.unit_id = $1 AND "
                                "t.summary_no = $2 AND t.part_no = $3",
                                &subject, out, err);
}

/* ---- queueing ---------------------------------------------------------------------------- */

static const struct {
    struct str topic;
    err_t (*find)(struct db *, int64_t, const struct json *, struct document *, struct err *);
    int64_t type;
} topics[] = {
    {S_INIT("einvoice.signed"), find_invoice, MESSAGE_WITHOUT_CODE},
    {S_INIT("einvoice.noticed"), find_notice, MESSAGE_ERROR_NOTICE},
    {S_INIT("einvoice.summarised"), find_table, MESSAGE_SUMMARY_TABLE},
};

/* An invoice without code reaches the tax office in the table where the unit sends one. */
static err_t stands_in_table(struct db *db, const struct document *document, bool *out,
                             struct err *err)
{
    struct invoice_parameters parameters;
    *out = false;
    if (document->subject.kind != MESSAGE_INVOICE || document->coded) return OK;
    err_t e = invoice_parameters_on(db, document->subject.unit_id, document->day, &parameters, err);
    if (e == OK) *out = parameters.summary_table == 1;
    return e;
}

static err_t take_event(struct db *db, const struct event *event, void *context, struct err *err)
{
    const struct collecting *c = context;
    size_t i = 0;
    while (i < ARRAY_COUNT(topics) && !str_equal(topics[i].topic, event->topic)) i++;
    if (i == ARRAY_COUNT(topics)) return OK;
    struct json *payload;
    struct document document = {0};
    bool in_table = false;
    arena_reset(c->arena);
    err_t e = json_parse(c->arena, event->payload, &payload, err);
    if (e == OK) e = topics[i].find(db, event->unit_id, payload, &document, err);
    if (e == OK) e = stands_in_table(db, &document, &in_table, err);
    if (e != OK || in_table) return e;
    return message_queue(db, &document.subject, document.coded ? MESSAGE_WITH_CODE : topics[i].type,
                         str_of(document.tax_code), str_of(document.sha256), c->parties, c->now_ms,
                         err);
}

static err_t collect_unit(struct db *db, int64_t unit_id, struct collecting *c, int64_t *events,
                          struct err *err)
{
    int64_t count = 1;
    err_t e = OK;
    while (e == OK && count > 0) e = event_sequence(db, unit_id, SEQUENCE_MAX, &count, err);
    for (count = 1; e == OK && count > 0;) {
        e = event_read(db, unit_id, S(SEND_CONSUMER), READ_MAX, take_event, c, &count, err);
        if (e == OK) *events += count;
    }
    return e;
}

err_t send_collect(struct db *db, const struct message_parties *parties, int64_t *out_events,
                   struct err *err)
{
    struct arena arena;
    struct collecting c = {parties, &arena, clock_now_ms()};
    int64_t unit_id = INT64_MIN, events = 0;
    err_t e = OK;
    arena_init(&arena, EVENT_ARENA_BYTES);
    while (e == OK) {
        e = db_get_i64_or(db, "SELECT min(unit_id) FROM unit WHERE unit_id > $1",
                          ARGS(v_i64(unit_id)), INT64_MIN, &unit_id, err);
        if (e != OK || unit_id == INT64_MIN) break;
        e = collect_unit(db, unit_id, &c, &events, err);
    }
    arena_release(&arena);
    if (e == OK) *out_events = events;
    return e;
}
