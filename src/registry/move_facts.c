/* SPDX-License-Identifier: Apache-2.0 */
/* The dated facts of a customer that moves: carried from one unit into the other. */
#include "base/date.h"
#include "registry/move_int.h"
#include "registry/search_words.h"

/* What is believed now of the first day and of later ones. */
#define BELIEVED_FROM(view, subject, proof, expires) \
    "SELECT kind, state, valid_from, value_i64, value_text, source, " proof ", " expires \
    " FROM " view " WHERE unit_id = $1 AND " subject " = $2 AND valid_to > $3 " \
    "AND known_to = 9223372036854775807 ORDER BY kind, valid_from"
static const char *const believed_sql[] = {
    [SUBJECT_POINT] = BELIEVED_FROM("point_asof", "point_id", "proof", "expires_on"),
    [SUBJECT_AGREEMENT] = BELIEVED_FROM("agreement_asof", "agreement_id", "proof", "expires_on"),
    [SUBJECT_ACCOUNT] = BELIEVED_FROM("account_asof", "account_id", "proof", "expires_on"),
    [SUBJECT_METER] =
        BELIEVED_FROM("meter_asof", "meter_id", "CAST(NULL AS TEXT)", "CAST(NULL AS TEXT)"),
};
static const struct fact_sql *const tables[] = {[SUBJECT_POINT] = &point_fact_sql,
                                                [SUBJECT_AGREEMENT] = &agreement_fact_sql,
                                                [SUBJECT_ACCOUNT] = &account_fact_sql,
                                                [SUBJECT_METER] = &meter_fact_sql};

static bool is_one_of(const char *words, struct str word)
{
    struct str rest = str_of(words), piece;
    while (str_split(&rest, '|', &piece))
        if (str_equal(piece, word)) return true;
    return false;
}

static err_t refuse_later(const struct moving *m, const struct fact_entry *entry, struct err *err)
{
    char memory[DATE_TEXT_BYTES];
    err_set(err, E_STATE, "from", "Từ %.*s đã ghi một %s khác",
            "From %.*s on another %s is recorded", STR_ARG(day_text(entry->valid_from_day, memory)),
            entry->kind->name);
    return err_hint(err, "Chuyển khách hàng từ một ngày sau đó, hoặc rút lại thay đổi đó trước",
                    "Move the customer from a later day, or take that change back first");
}

/* What a value is called in the new unit. */
static err_t translate(const struct moving *m, struct fact_entry *entry, struct err *err)
{
    struct str kind = str_of(entry->kind->name);
    bool later = entry->valid_from_day > m->move->from_day;
    if (entry->state != FACT_SET || entry->kind->type != FACT_REF || str_equal(kind, S("place")))
        return OK;
    if (!is_one_of("agreement|account", kind))
        return move_party(m, entry->value.i64, &entry->value.i64, err);
    if (later) return refuse_later(m, entry, err);
    entry->value.i64 = str_equal(kind, S("account")) ? m->account_id : m->agreement_id;
    return OK;
}

/* One row of what is believed, dated not before the first day. False when nothing is to be written:
 * an end on the first day, or what belongs to the unit. */
static bool read_entry(const struct moving *m, enum registry_subject subject,
                       const struct rows *row, struct fact_entry *out)
{
    size_t count;
    const struct fact_kind *kinds = registry_kinds(subject, &count);
    struct fact_entry entry = {.unit_id = m->move->to_unit_id,
                               .kind = fact_kind_find(kinds, count, row_text(row, 0)),
                               .state = fact_state_of(row_text(row, 1)),
                               .source = arena_str(m->arena, row_text_or_empty(row, 5)),
                               .proof = arena_str(m->arena, row_text_or_empty(row, 6)),
                               .value = {.is_text = !row_is_null(row, 4),
                                         .i64 = row_i64_or(row, 3, 0),
                                         .text = arena_str(m->arena, row_text_or_empty(row, 4))}};
    bool dated = day_parse(row_text(row, 2), &entry.valid_from_day);
    ASSERT(dated);
    if (!row_is_null(row, 7) && !day_parse(row_text(row, 7), &entry.expires_day))
        entry.expires_day = 0;
    if (entry.kind == NULL || is_one_of("book|station|route_order", row_text(row, 0))) return false;
    bool from_the_first = entry.valid_from_day <= m->move->from_day;
    if (from_the_first) entry.valid_from_day = m->move->from_day;
    /* A paper that ran out before the move proves nothing in the new unit. */
    bool ran_out = entry.expires_day != 0 && entry.expires_day < entry.valid_from_day;
    *out = entry;
    return !(from_the_first && entry.state == FACT_END) && !ran_out;
}

err_t move_carry(const struct moving *m, enum registry_subject subject, int64_t old_id,
                 int64_t new_id, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = move_clear(m, m->move->to_unit_id, subject, new_id, NULL, err);
    if (e == OK)
        e = db_query(m->db, believed_sql[subject],
                     ARGS(v_i64(m->move->unit_id), v_i64(old_id), m->day), &rows, err);
    bool row = true;
    while (e == OK && (e = rows_next(rows, &row, err)) == OK && row) {
        struct fact_entry entry;
        if (!read_entry(m, subject, rows, &entry)) continue;
        entry.subject_id = new_id;
        e = translate(m, &entry, err);
        if (e == OK) e = fact_append(m->db, tables[subject], &entry, &m->author, NULL, err);
        if (e == OK) e = search_enter_fact(m->db, m->arena, &entry, err);
    }
    return m->arena->failed ? err_memory(err) : e;
}

err_t move_clear(const struct moving *m, int64_t unit_id, enum registry_subject subject, int64_t id,
                 const char *kinds, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e =
        db_query(m->db, believed_sql[subject], ARGS(v_i64(unit_id), v_i64(id), m->day), &rows, err);
    bool row = true;
    while (e == OK && (e = rows_next(rows, &row, err)) == OK && row) {
        struct registry_change change = {.subject = subject,
                                         .unit_id = unit_id,
                                         .subject_id = id,
                                         .kind = arena_str(m->arena, row_text(rows, 0)),
                                         .from_day = m->move->from_day,
                                         .source = m->move->source};
        bool ended = fact_state_of(row_text(rows, 1)) == FACT_END;
        int32_t since = 0;
        bool dated = day_parse(row_text(rows, 2), &since);
        ASSERT(dated);
        bool later = since > m->move->from_day;
        if (kinds != NULL && !is_one_of(kinds, change.kind)) continue;
        if (ended && !later) continue;
        change.state = later ? FACT_RETRACT : FACT_END;
        if (later) change.from_day = since;
        e = registry_change(m->db, m->arena, &change, &m->author, NULL, err);
    }
    return m->arena->failed ? err_memory(err) : e;
}
