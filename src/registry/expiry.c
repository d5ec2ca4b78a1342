/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/expiry.h"

#include "base/date.h"
#include "registry/believed.h"
#include "store/store.h"

enum { EXPIRING_MAX = 200000 };

#define EXPIRING(table, subject, of, words)                                                   \
    "SELECT " words " AS subject, o.code, f.kind, f.value_i64, f.value_text, f.valid_from, "  \
    "f.expires_on, f.proof, f.source FROM " table " f JOIN " of " o ON "                      \
    "o.unit_id = f.unit_id AND o." subject " = f." subject " WHERE "                          \
    BELIEVED(table, subject, "f", "$1", "$2")                                                 \
    " AND f.state = 'set' AND f.unit_id = $3 AND f.expires_on < $4 "

/* BELIEVED names the instant before the day; parameters must first appear in their order, so a
 * clause that only names them leads. */
static const char expiring_sql[] =
    "WITH asked(day, known) AS (SELECT CAST($1 AS TEXT), CAST($2 AS BIGINT)) "
    "SELECT * FROM (" EXPIRING("point_fact", "point_id", "usage_point", "0")
    "UNION ALL " EXPIRING("agreement_fact", "agreement_id", "agreement", "1")
    "UNION ALL " EXPIRING("account_fact", "account_id", "account", "2")
    ") x ORDER BY 7, 1, 2, 3";

static int32_t day_of(struct str text)
{
    int32_t day = 0;
    bool read = day_parse(text, &day);
    ASSERT(read); /* the columns are written from days */
    return day;
}

static err_t value_of(struct db *db, struct arena *arena, int64_t unit_id,
                      const struct fact_kind *kind, const struct rows *row, struct str *out,
                      struct err *err)
{
    struct fact_value value = {.is_text = !row_is_null(row, 4), .i64 = row_i64_or(row, 3, 0),
                               .text = arena_str(arena, row_text_or_empty(row, 4))};
    err_t e = registry_code_of(db, arena, unit_id, kind, value.i64, out, err);
    if (e != OK || out->n > 0) return e;
    char memory[1100];
    struct buf words;
    buf_init_fixed(&words, memory, sizeof memory);
    fact_value_write(kind, value, &words);
    *out = arena_str(arena, buf_str(&words));
    return OK;
}

struct expiring_list {
    struct expiring_fact *items;
    size_t count, capacity;
};

static struct expiring_fact *list_place(struct arena *arena, struct expiring_list *list)
{
    if (list->count == list->capacity) {
        size_t capacity = list->capacity == 0 ? 64 : list->capacity * 2;
        struct expiring_fact *items = ARENA_ARRAY(arena, struct expiring_fact, capacity);
        if (items == NULL) return NULL;
        for (size_t i = 0; i < list->count; i++) items[i] = list->items[i];
        list->items = items;
        list->capacity = capacity;
    }
    return &list->items[list->count++];
}

static err_t take_row(struct db *db, struct arena *arena, int64_t unit_id,
                      const struct rows *row, struct expiring_list *list, struct err *err)
{
    size_t count;
    enum registry_subject subject = (enum registry_subject)row_i64(row, 0);
    const struct fact_kind *kinds = registry_kinds(subject, &count);
    const struct fact_kind *kind = fact_kind_find(kinds, count, row_text(row, 2));
    struct str value;
    if (kind == NULL) return OK;
    err_t e = value_of(db, arena, unit_id, kind, row, &value, err);
    if (e != OK) return e;
    struct expiring_fact *fact = list_place(arena, list);
    if (fact == NULL) return err_memory(err);
    *fact = (struct expiring_fact){
        .subject = subject, .code = arena_str(arena, row_text(row, 1)), .kind = kind,
        .value = value, .from_day = day_of(row_text(row, 5)),
        .expires_day = day_of(row_text(row, 6)),
        .proof = arena_str(arena, row_text_or_empty(row, 7)),
        .source = arena_str(arena, row_text_or_empty(row, 8))};
    return arena->failed ? err_memory(err) : OK;
}

err_t facts_expiring(struct db *db, struct arena *arena, int64_t unit_id, int32_t before_day,
                     const struct expiring_fact **out, size_t *out_count, struct err *err)
{
    _Static_assert(SUBJECT_POINT == 0 && SUBJECT_AGREEMENT == 1 && SUBJECT_ACCOUNT == 2,
                   "the query numbers the subjects");
    char memory[DATE_TEXT_BYTES];
    struct value before = v_text(day_text(before_day, memory));
    struct expiring_list list = {0};
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(db, expiring_sql,
                       ARGS(before, v_i64(KNOWN_NOW), v_i64(unit_id), before), &rows, err);
    for (bool more = false; e == OK;) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        if (list.count == EXPIRING_MAX) {
            err_set(err, E_LIMIT, "before", "Quá nhiều dữ kiện hết hạn", "Too many facts expire");
            return err_hint(err, "Chọn ngày sớm hơn", "Choose an earlier day");
        }
        e = take_row(db, arena, unit_id, rows, &list, err);
    }
    if (e != OK) return e;
    *out = list.items;
    *out_count = list.count;
    return OK;
}
