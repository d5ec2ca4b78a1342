/* SPDX-License-Identifier: Apache-2.0 */
#include "billing/bill_export.h"

#include "base/json_read.h"
#include "billing/bill_json.h"
#include "billing/plan_int.h"

struct exporting {
    struct db *db;
    int64_t run_id;
    struct buf *out;
    struct arena arena; /* of one bill */
    export_flush *flush;
    void *context;
};

static err_t flush_line(struct exporting *x, struct err *err)
{
    buf_add_char(x->out, '\n');
    if (x->out->failed) return err_memory(err);
    return x->flush(x->context, x->out, err);
}

/* ---- bills ------------------------------------------------------------------------------- */

static err_t add_postings(struct exporting *x, struct json_writer *w, const struct bill_row *row,
                          struct str number, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(x->db,
                       "SELECT line_no, debit, credit, amount_vnd, posted_on FROM posting "
                       "WHERE unit_id = $1 AND account_id = $2 AND reference = $3 "
                       "ORDER BY line_no",
                       ARGS(v_i64(row->key.unit_id), v_i64(row->account_id), v_text(number)),
                       &rows, err);
    json_array(w, S("postings"));
    for (bool more = true; e == OK;) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        json_object(w, JSON_ITEM);
        json_i64(w, S("line"), row_i64(rows, 0));
        json_text(w, S("debit"), row_text(rows, 1));
        json_text(w, S("credit"), row_text(rows, 2));
        json_i64(w, S("amount"), row_i64(rows, 3));
        json_text(w, S("on"), row_text(rows, 4));
        json_end(w);
    }
    json_end(w);
    return e;
}

static err_t add_item(struct exporting *x, struct json_writer *w, const struct bill_row *row,
                      struct str number, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(x->db,
                       "SELECT kind, month, due_on, amount_vnd FROM open_item "
                       "WHERE unit_id = $1 AND account_id = $2 AND reference = $3",
                       ARGS(v_i64(row->key.unit_id), v_i64(row->account_id), v_text(number)),
                       &rows, err);
    bool found = false;
    if (e == OK) e = rows_next(rows, &found, err);
    if (e != OK) return e;
    if (!found) {
        json_null(w, S("item"));
        return OK;
    }
    json_object(w, S("item"));
    json_text(w, S("kind"), row_text(rows, 0));
    bill_json_month(w, S("month"), row_i64(rows, 1));
    json_text(w, S("due_on"), row_text(rows, 2));
    json_i64(w, S("amount"), row_i64(rows, 3));
    json_end(w);
    return OK;
}

static err_t add_input(struct exporting *x, struct json_writer *w, const struct bill_row *row,
                       struct err *err)
{
    struct str detail;
    json_raw(w, S("request"), row->request.n > 0 ? row->request : S("null"));
    err_t e = bill_usage_detail(x->db, &x->arena, row, &detail, err);
    if (e != OK) return e;
    json_i64(w, S("closing"), row->closing_no);
    json_raw(w, S("input"), detail.n > 0 ? detail : S("null"));
    return OK;
}

static err_t export_bill(void *context, const struct bill_row *row, struct err *err)
{
    struct exporting *x = context;
    char memory[BILL_NUMBER_BYTES];
    struct str number = bill_number(row->unit_code, &row->key, memory);
    struct rated_bill bill;
    struct json_writer w;
    arena_reset(&x->arena);
    err_t e = bill_rated(x->db, &x->arena, row, &bill, err);
    if (e != OK) return e;
    json_writer_init(&w, x->out);
    json_object(&w, JSON_ITEM);
    json_text(&w, S("bill"), number);
    bill_json_members(&w, row);
    bill_json_lines(&w, &bill);
    e = add_input(x, &w, row, err);
    if (e == OK) e = add_postings(x, &w, row, number, err);
    if (e == OK) e = add_item(x, &w, row, number, err);
    if (e != OK) return e;
    json_end(&w);
    return flush_line(x, err);
}

/* ---- events ------------------------------------------------------------------------------ */

/* Whether the event tells of a bill of this run. */
static err_t is_of_run(struct exporting *x, int64_t unit_id, struct str number, bool *out,
                       struct err *err)
{
    struct str unit_code;
    struct bill_key key;
    int64_t run_id = 0;
    err_t e = bill_number_parse(number, &unit_code, &key, err);
    if (e != OK) return e;
    if (key.month != x->run_id / 100) {
        *out = false;
        return OK;
    }
    e = db_get_i64_or(x->db,
                      "SELECT run_id FROM bill WHERE unit_id = $1 AND point_id = $2 AND "
                      "month = $3 AND period_no = $4 AND agreement_id = $5 AND version = $6",
                      ARGS(v_i64(unit_id), v_i64(key.point_id), v_i64(key.month),
                           v_i64(key.period_no), v_i64(key.agreement_id), v_i64(key.version)),
                      -1, &run_id, err);
    *out = run_id == x->run_id;
    return e;
}

static err_t export_event(struct exporting *x, int64_t unit_id, struct str payload,
                          struct err *err)
{
    struct json *root;
    int64_t account_id = 0;
    bool ours = false;
    arena_reset(&x->arena);
    err_t e = json_parse(&x->arena, payload, &root, err);
    if (e != OK) return e;
    const struct json *number = json_member(root, S("number"));
    if (number == NULL || !json_to_i64(json_member(root, S("account_id")), &account_id)) {
        err_set(err, E_CHECK, "event", "Sự kiện phát hành hóa đơn bị hỏng",
                "An event of an issued bill is damaged");
        return err_hint_stored(err);
    }
    e = is_of_run(x, unit_id, number->text, &ours, err);
    if (e != OK || !ours) return e;
    struct json_writer w;
    json_writer_init(&w, x->out);
    json_object(&w, JSON_ITEM);
    json_text(&w, S("event"), S("invoice.issued"));
    json_text(&w, S("bill"), number->text);
    json_i64(&w, S("account"), account_id);
    json_end(&w);
    return flush_line(x, err);
}

static err_t export_events(struct exporting *x, int64_t unit_id, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(x->db,
                       "SELECT payload FROM (SELECT payload FROM event WHERE unit_id = $1 AND "
                       "topic = 'invoice.issued' UNION ALL SELECT payload FROM event_new WHERE "
                       "unit_id = $2 AND topic = 'invoice.issued') told ORDER BY payload",
                       ARGS(v_i64(unit_id), v_i64(unit_id)), &rows, err);
    for (bool more = true; e == OK;) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        e = export_event(x, unit_id, row_text(rows, 0), err);
    }
    return e;
}

static err_t export_units(struct exporting *x, struct str unit_code, struct err *err)
{
    struct arena arena;
    arena_init(&arena, PLAN_ARENA_BYTES);
    struct unit_list units = {0};
    struct bill_filter filter = {.unit_code = unit_code, .first_month = x->run_id / 100,
                                 .last_month = x->run_id / 100, .run_id = x->run_id};
    err_t e = unit_list_load(x->db, &arena, unit_code, &units, err);
    if (e == OK) e = bill_each(x->db, &filter, export_bill, x, err);
    for (size_t i = 0; i < units.count && e == OK; i++)
        e = export_events(x, units.items[i].unit_id, err);
    arena_release(&arena);
    return e;
}

err_t bill_export(struct db *db, int64_t run_id, struct str unit_code, struct buf *out,
                  export_flush *flush, void *context, struct err *err)
{
    struct exporting x = {.db = db, .run_id = run_id, .out = out, .flush = flush,
                          .context = context};
    struct run_ticket ticket;
    err_t e = run_ticket_load(db, run_id, STAGE_DRAFT, &ticket, err);
    if (e == OK) e = db_begin_read(db, err);
    if (e != OK) return e;
    arena_init(&x.arena, PLAN_ARENA_BYTES);
    e = export_units(&x, unit_code, err);
    arena_release(&x.arena);
    db_rollback(db);
    return e;
}
