/* SPDX-License-Identifier: Apache-2.0 */
#include "network/fact_write.h"

#include "base/date.h"

/* The last entry of the day: 0 when there is none. */
struct last_entry {
    int64_t entry_no;
    bool same;
    char words[128];
};

static bool same_content(const struct fact_entry *entry, struct str expires,
                         const struct rows *row)
{
    if (!str_equal(row_text(row, 1), fact_state_text(entry->state))) return false;
    if (entry->state != FACT_SET) return true;
    bool same = entry->value.is_text
                    ? !row_is_null(row, 3) && str_equal(row_text(row, 3), entry->value.text)
                    : !row_is_null(row, 2) && row_i64(row, 2) == entry->value.i64;
    return same && (entry->proof.n == 0 || str_equal(row_text_or_empty(row, 4), entry->proof)) &&
           (expires.n == 0 || str_equal(row_text_or_empty(row, 5), expires));
}

static void keep_words(const struct fact_kind *kind, const struct rows *row, char *out,
                       size_t size)
{
    struct buf words;
    buf_init_fixed(&words, out, size);
    struct fact_value there = {.is_text = !row_is_null(row, 3),
                               .i64 = row_i64_or(row, 2, 0),
                               .text = row_text_or_empty(row, 3)};
    if (str_equal(row_text(row, 1), S("set"))) fact_value_write(kind, there, &words);
    else buf_add(&words, row_text(row, 1));
}

static err_t find_last(struct db *db, const struct fact_sql *table,
                       const struct fact_entry *entry, struct str from, struct str expires,
                       struct last_entry *out, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    bool row = false;
    err_t e = db_query(db, table->last_sql,
                       ARGS(v_i64(entry->unit_id), v_i64(entry->subject_id),
                            v_text(str_of(entry->kind->name)), v_text(from)),
                       &rows, err);
    if (e == OK) e = rows_next(rows, &row, err);
    if (e != OK || !row) return e;
    out->entry_no = row_i64(rows, 0);
    out->same = same_content(entry, expires, rows);
    keep_words(entry->kind, rows, out->words, sizeof out->words);
    return OK;
}

static err_t insert(struct db *db, const struct fact_sql *table, const struct fact_entry *entry,
                    const struct fact_author *author, int64_t moment_ms, int64_t entry_no,
                    struct str from, struct str expires, struct err *err)
{
    bool set = entry->state == FACT_SET;
    struct value values[] = {
        v_i64(entry->unit_id),
        v_i64(entry->subject_id),
        v_text(str_of(entry->kind->name)),
        v_text(from),
        v_i64(entry_no),
        v_text(fact_state_text(entry->state)),
        v_i64(moment_ms),
        v_i64(author->actor_id),
        set && !entry->value.is_text ? v_i64(entry->value.i64) : v_null(),
        set && entry->value.is_text ? v_text(entry->value.text) : v_null(),
        v_text(entry->source.p == NULL ? S("") : entry->source),
        v_text_or_null(entry->proof),
        v_text_or_null(expires),
    };
    size_t count = ARRAY_COUNT(values) - (table->has_proof ? 0 : 2);
    return db_run(db, table->insert_sql, (struct args){values, count}, NULL, err);
}

static err_t refuse_conflict(const struct fact_entry *entry, struct str from,
                             const struct last_entry *last, struct err *err)
{
    err_set(err, E_CONFLICT, entry->kind->name,
            "Ngày %.*s đã có %s với giá trị khác: “%s”",
            "%.*s has a %s already, with another value: \"%s\"", STR_ARG(from), entry->kind->name,
            last->words);
    return err_hint(err, "Ghi một ngày hiệu lực khác, hoặc thêm --correct nếu đây là sửa sai",
                    "Give another first day, or add --correct when this is a correction");
}

static err_t refuse_expired(const struct fact_entry *entry, struct str from, struct str expires,
                            struct err *err)
{
    err_set(err, E_INPUT, "expires", "%s hết hạn %.*s, trước ngày đầu %.*s",
            "%s runs out on %.*s, before its first day %.*s", entry->kind->name,
            STR_ARG(expires), STR_ARG(from));
    return err_hint(err, "Sửa ngày hết hạn hoặc ngày có hiệu lực",
                    "Mend the last day or the first day");
}

err_t fact_append(struct db *db, const struct fact_sql *table, const struct fact_entry *entry,
                  const struct fact_author *author, bool *out_changed, struct err *err)
{
    ASSERT(entry->subject_id != 0);
    char from_memory[DATE_TEXT_BYTES], expires_memory[DATE_TEXT_BYTES];
    struct str from = day_text(entry->valid_from_day, from_memory);
    struct str expires = {"", 0};
    if (entry->expires_day != 0) expires = day_text(entry->expires_day, expires_memory);
    if (entry->proof.n > 0 && !table->has_proof) {
        err_set(err, E_INPUT, "proof", "%s không kèm giấy tờ", "%s keeps no proof",
                entry->kind->name);
        return err_hint(err, "Ghi giấy tờ ở nguồn thông tin (--source)",
                        "Name the paper in the source (--source)");
    }
    if (expires.n > 0 && !(table->has_proof && entry->kind->expires)) {
        err_set(err, E_INPUT, "expires", "%s không có ngày hết hạn", "%s has no last day",
                entry->kind->name);
        return err_hint(err, "Bỏ ngày hết hạn; ghi ngày kết thúc bằng một thay đổi mới",
                        "Leave the last day away; record the end as a change of its own");
    }
    if (expires.n > 0 && entry->expires_day < entry->valid_from_day)
        return refuse_expired(entry, from, expires, err);
    struct last_entry last = {.entry_no = 0};
    int64_t moment_ms;
    /* Taken before anything is read: of two writers the second sees what the first wrote. */
    err_t e = fact_moment(db, entry->unit_id, &moment_ms, err);
    if (e == OK) e = find_last(db, table, entry, from, expires, &last, err);
    if (e != OK) return e;
    bool retract = entry->state == FACT_RETRACT;
    if (retract && last.entry_no == 0) {
        err_set(err, E_NOT_FOUND, entry->kind->name, "Ngày %.*s không có %s để rút lại",
                "On %.*s there is no %s to take back", STR_ARG(from), entry->kind->name);
        return err_hint(err, "Xem các ngày đã ghi bằng point show",
                        "See the recorded days with point show");
    }
    bool write = last.entry_no == 0 || !last.same;
    if (last.entry_no != 0 && write && !author->correct && !retract)
        return refuse_conflict(entry, from, &last, err);
    if (write)
        e = insert(db, table, entry, author, moment_ms, last.entry_no + 1, from, expires, err);
    if (e == OK && out_changed != NULL) *out_changed = write;
    return e;
}
