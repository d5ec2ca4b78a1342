/* SPDX-License-Identifier: Apache-2.0 */
#include "document/invoice_series.h"

#include "base/clock.h"
#include "base/date.h"
#include "document/invoice_int.h"
#include "identity/approval.h"
#include "identity/audit.h"
#include "registry/registry_view.h"

enum { SELLER_ARENA_BYTES = 64 * 1024, TEXT_BYTES = 96 };

struct series_key {
    int64_t unit_id, series_no, year;
    struct str symbol, tax_code;
    struct str reason; /* of a refusal */
};

/* One of the steps below, in a transaction of its own. */
static err_t step_alone(struct db *db, const struct actor *actor, struct series_key *key,
                        err_t step(struct db *, const struct actor *, struct arena *,
                                   struct series_key *, struct err *),
                        struct err *err)
{
    AUTO(arena_release) struct arena arena = ARENA_OF(SELLER_ARENA_BYTES);
    err_t e = db_begin(db, err);
    if (e == OK) e = step(db, actor, &arena, key, err);
    if (e == OK) e = db_commit(db, err);
    if (e != OK) db_rollback(db);
    return e;
}

/* ---- the two-person rule ----------------------------------------------------------------- */

/* What two people agree on: template, symbol, year and seller. */
static struct approval_matter matter_of(const struct series_key *key, char subject[TEXT_BYTES])
{
    char memory[TEXT_BYTES];
    struct buf text, content;
    buf_init_fixed(&text, subject, TEXT_BYTES);
    buf_init_fixed(&content, memory, sizeof memory);
    buf_printf(&text, "%d%.*s", INVOICE_TEMPLATE_VAT, STR_ARG(key->symbol));
    buf_printf(&content, "%d%.*s|%.*s|%lld", INVOICE_TEMPLATE_VAT, STR_ARG(key->symbol),
               STR_ARG(key->tax_code), (long long)key->year);
    return (struct approval_matter){key->unit_id, S("invoice.series"), buf_str(&text),
                                    hash_of(buf_str(&content))};
}

static err_t note(struct db *db, const struct actor *actor, const struct series_key *key,
                  struct str action, struct err *err)
{
    char subject[TEXT_BYTES];
    struct approval_matter matter = matter_of(key, subject);
    struct audit_note link = {key->unit_id, S("invoice"), action, matter.subject, key->tax_code};
    return audit_append(db, actor, &link, err);
}

/* ---- proposing --------------------------------------------------------------------------- */

/* The actor's day, or the nearest to it in the year. */
static int32_t day_in_year(int32_t day, int64_t year)
{
    int32_t first = day_from_civil((int)year, 1, 1), last = day_from_civil((int)year, 12, 31);
    return day < first ? first : day > last ? last : day;
}

static err_t refuse_taken(struct db *db, const struct series_key *key, struct err *err)
{
    int64_t taken = 0;
    err_t e =
        db_get_i64_or(db,
                      "SELECT unit_id FROM invoice_series_directory WHERE tax_code = $1 AND "
                      "template_no = $2 AND symbol = $3",
                      ARGS(v_text(key->tax_code), v_i64(INVOICE_TEMPLATE_VAT), v_text(key->symbol)),
                      0, &taken, err);
    if (e != OK || taken == 0) return e;
    err_set(err, E_CONFLICT, "symbol", "Người bán %.*s đã dùng mẫu 1 ký hiệu %.*s",
            "Seller %.*s uses template 1 with symbol %.*s already", STR_ARG(key->tax_code),
            STR_ARG(key->symbol));
    return err_hint(err,
                    "Mỗi đơn vị cùng mã số thuế dùng hai chữ cuối khác nhau; xem: sangden invoice "
                    "series list",
                    "Units of one tax code differ in the last two letters; see: sangden invoice "
                    "series list");
}

static err_t refuse_second(struct db *db, const struct series_key *key, struct err *err)
{
    int64_t count = 0;
    err_t e =
        db_get_i64(db,
                   "SELECT count(*) FROM invoice_series WHERE unit_id = $1 AND year = $2 AND "
                   "tax_code = $3",
                   ARGS(v_i64(key->unit_id), v_i64(key->year), v_text(key->tax_code)), &count, err);
    if (e != OK || count == 0) return e;
    err_set(err, E_CONFLICT, "unit", "Đơn vị đã có dải số hóa đơn của năm %lld",
            "The unit has a series of the year %lld already", (long long)key->year);
    return err_hint(err,
                    "Dùng dải số đó; nếu mới đề nghị mà sai thì bỏ bằng sangden invoice series "
                    "refuse",
                    "Use that one; a wrong proposal is taken away by sangden invoice series "
                    "refuse");
}

static err_t insert(struct db *db, struct series_key *key, struct err *err)
{
    err_t e = db_get_i64(db,
                         "SELECT coalesce(max(series_no), 0) + 1 FROM invoice_series WHERE "
                         "unit_id = $1",
                         ARGS(v_i64(key->unit_id)), &key->series_no, err);
    if (e != OK) return e;
    e = db_run(db,
               "INSERT INTO invoice_series (unit_id, series_no, year, template_no, symbol, "
               "tax_code, state, next_no, signed_to, created_at) VALUES ($1, $2, $3, $4, $5, $6, "
               "'proposed', 1, 0, $7)",
               ARGS(v_i64(key->unit_id), v_i64(key->series_no), v_i64(key->year),
                    v_i64(INVOICE_TEMPLATE_VAT), v_text(key->symbol), v_text(key->tax_code),
                    v_i64(clock_now_ms())),
               NULL, err);
    if (e != OK) return e;
    return db_run(db,
                  "INSERT INTO invoice_series_directory (tax_code, template_no, symbol, unit_id, "
                  "series_no) VALUES ($1, $2, $3, $4, $5)",
                  ARGS(v_text(key->tax_code), v_i64(INVOICE_TEMPLATE_VAT), v_text(key->symbol),
                       v_i64(key->unit_id), v_i64(key->series_no)),
                  NULL, err);
}

static err_t propose_inside(struct db *db, const struct actor *actor, struct arena *arena,
                            struct series_key *key, struct err *err)
{
    struct seller seller;
    char subject[TEXT_BYTES];
    int64_t approval_id;
    err_t e = actor_require(db, actor, key->unit_id, PERMISSION_INVOICE_SERIES, err);
    if (e == OK) e = invoice_symbol_year(key->symbol, &key->year, err);
    if (e == OK)
        e = invoice_seller(db, arena, key->unit_id, day_in_year(actor->day, key->year), KNOWN_NOW,
                           &seller, err);
    if (e != OK) return e;
    key->tax_code = seller.tax_code;
    e = refuse_taken(db, key, err);
    if (e == OK) e = refuse_second(db, key, err);
    if (e == OK) e = insert(db, key, err);
    if (e != OK) return e;
    struct approval_matter matter = matter_of(key, subject);
    e = approval_propose(db, actor, &matter, &approval_id, err);
    return e == OK ? note(db, actor, key, S("invoice.series.propose"), err) : e;
}

err_t invoice_series_propose(struct db *db, const struct actor *actor, int64_t unit_id,
                             struct str symbol, struct err *err)
{
    struct series_key key = {.unit_id = unit_id, .symbol = symbol};
    return step_alone(db, actor, &key, propose_inside, err);
}

/* ---- deciding ---------------------------------------------------------------------------- */

static err_t refuse_unproposed(struct str symbol, struct err *err)
{
    err_set(err, E_NOT_FOUND, "symbol", "Không có dải số %.*s đang chờ duyệt ở đơn vị này",
            "No series %.*s of this unit waits for a decision", STR_ARG(str_first(symbol, 40)));
    return err_hint(err, "Xem danh sách: sangden invoice series list",
                    "See the list: sangden invoice series list");
}

static err_t find_proposed(struct db *db, struct arena *arena, struct series_key *key,
                           struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    bool found = false;
    err_t e = db_query(db,
                       "SELECT series_no, year, tax_code FROM invoice_series WHERE unit_id = $1 "
                       "AND template_no = $2 AND symbol = $3 AND state = 'proposed' {for_update}",
                       ARGS(v_i64(key->unit_id), v_i64(INVOICE_TEMPLATE_VAT), v_text(key->symbol)),
                       &rows, err);
    if (e == OK) e = rows_next(rows, &found, err);
    if (e != OK) return e;
    if (!found) return refuse_unproposed(key->symbol, err);
    key->series_no = row_i64(rows, 0);
    key->year = row_i64(rows, 1);
    key->tax_code = arena_str(arena, row_text(rows, 2));
    return arena->failed ? err_memory(err) : OK;
}

static err_t release_inside(struct db *db, const struct actor *actor, struct arena *arena,
                            struct series_key *key, struct err *err)
{
    char subject[TEXT_BYTES];
    err_t e = actor_require(db, actor, key->unit_id, PERMISSION_INVOICE_SERIES, err);
    if (e == OK) e = find_proposed(db, arena, key, err);
    if (e != OK) return e;
    struct approval_matter matter = matter_of(key, subject);
    e = approval_release(db, actor, &matter, err);
    if (e == OK)
        e = db_run(db,
                   "UPDATE invoice_series SET state = 'released' WHERE unit_id = $1 AND "
                   "series_no = $2",
                   ARGS(v_i64(key->unit_id), v_i64(key->series_no)), NULL, err);
    return e == OK ? note(db, actor, key, S("invoice.series.release"), err) : e;
}

err_t invoice_series_release(struct db *db, const struct actor *actor, int64_t unit_id,
                             struct str symbol, struct err *err)
{
    struct series_key key = {.unit_id = unit_id, .symbol = symbol};
    return step_alone(db, actor, &key, release_inside, err);
}

static err_t refuse_inside(struct db *db, const struct actor *actor, struct arena *arena,
                           struct series_key *key, struct err *err)
{
    char subject[TEXT_BYTES];
    err_t e = actor_require(db, actor, key->unit_id, PERMISSION_INVOICE_SERIES, err);
    if (e == OK) e = find_proposed(db, arena, key, err);
    if (e != OK) return e;
    struct approval_matter matter = matter_of(key, subject);
    e = approval_refuse(db, actor, &matter, key->reason, err);
    if (e == OK)
        e = db_run(db, "DELETE FROM invoice_series WHERE unit_id = $1 AND series_no = $2",
                   ARGS(v_i64(key->unit_id), v_i64(key->series_no)), NULL, err);
    if (e == OK)
        e = db_run(db,
                   "DELETE FROM invoice_series_directory WHERE tax_code = $1 AND "
                   "template_no = $2 AND symbol = $3",
                   ARGS(v_text(key->tax_code), v_i64(INVOICE_TEMPLATE_VAT), v_text(key->symbol)),
                   NULL, err);
    return e == OK ? note(db, actor, key, S("invoice.series.refuse"), err) : e;
}

err_t invoice_series_refuse(struct db *db, const struct actor *actor, int64_t unit_id,
                            struct str symbol, struct str reason, struct err *err)
{
    struct series_key key = {.unit_id = unit_id, .symbol = symbol, .reason = reason};
    return step_alone(db, actor, &key, refuse_inside, err);
}

/* ---- listing ----------------------------------------------------------------------------- */

err_t invoice_series_each(struct db *db, int64_t unit_id, invoice_series_visit *visit,
                          void *context, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(db,
                       "SELECT s.unit_id, s.series_no, s.year, s.template_no, u.code, s.symbol, "
                       "s.tax_code, s.state, s.next_no, s.last_on, s.signed_to FROM "
                       "invoice_series s JOIN unit u ON u.unit_id = s.unit_id WHERE "
                       "(CAST($1 AS BIGINT) = 0 OR s.unit_id = $2) ORDER BY s.unit_id, s.year, "
                       "s.series_no",
                       ARGS(v_i64(unit_id), v_i64(unit_id)), &rows, err);
    for (bool more = true; e == OK;) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        struct invoice_series series = {.unit_id = row_i64(rows, 0),
                                        .series_no = row_i64(rows, 1),
                                        .year = row_i64(rows, 2),
                                        .template_no = row_i64(rows, 3),
                                        .unit_code = row_text(rows, 4),
                                        .symbol = row_text(rows, 5),
                                        .tax_code = row_text(rows, 6),
                                        .state = row_text(rows, 7),
                                        .next_no = row_i64(rows, 8),
                                        .last_on = row_text_or_empty(rows, 9),
                                        .signed_to = row_i64(rows, 10)};
        e = visit(context, &series, err);
    }
    return e;
}
