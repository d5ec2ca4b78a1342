/* SPDX-License-Identifier: Apache-2.0 */
#include "base/text.h"
#include "registry/import_kinds.h"
#include "registry/import_objects.h"
#include "registry/party_words.h"
#include "store/store.h"

#define IMPORT_DEF "registry/import_parties.def"
#include "registry/import_columns.h"

static const size_t compared_columns[] = {COL_kind,  COL_name,  COL_tax_code, COL_identity_no,
                                          COL_phone, COL_email, COL_address};
static const struct import_compared compared = {
    "SELECT party_id, kind, name, tax_code, identity_no, phone, email, address FROM party "
    "WHERE party_id IN (" IMPORT_CODES ") AND unit_id = " IMPORT_CODES_UNIT,
    compared_columns, ARRAY_COUNT(compared_columns)};

static bool only_digits(struct str text)
{
    for (size_t i = 0; i < text.n; i++)
        if (text.p[i] < '0' || text.p[i] > '9') return false;
    return true;
}

/* A number of right digits but one, without a zero in front: a spreadsheet dropped it. */
static void check_zero(struct import *import, struct import_row *row, size_t column,
                       size_t right_length)
{
    struct str text = row->cells[column].text;
    if (text.n + 1 != right_length || text.p[0] == '0' || !only_digits(text)) return;
    struct err why;
    err_set(&why, E_INPUT, columns[column].name, "“%.*s” thiếu một chữ số, có lẽ mất số 0 ở đầu",
            "\"%.*s\" lacks one digit; a zero in front is lost", STR_ARG(text));
    err_hint(&why, "Định dạng cột là văn bản (Text) trong bảng tính rồi ghi lại đủ %zu chữ số",
             "Format the column as text in the spreadsheet and write all %zu digits",
             right_length);
    import_reject(import, row, (int)column, &why);
}

/* Whether a number consists of digits and of what people write between them. */
static bool looks_like_number(struct str text, size_t least, size_t most)
{
    size_t digits = 0;
    for (size_t i = 0; i < text.n; i++) {
        bool digit = text.p[i] >= '0' && text.p[i] <= '9';
        if (!digit && str_find(S("+-. ()"), text.p[i]) == 6) return false;
        digits += digit;
    }
    return digits >= least && digits <= most;
}

/* Earlier systems hold all sorts of things in these columns, so what looks wrong is only told. */
static void check_look(struct import *import, const struct import_row *row, size_t column,
                       bool looks_right)
{
    if (!row->cells[column].given || looks_right) return;
    struct err why;
    err_set(&why, E_INPUT, columns[column].name, "“%.*s” không giống %s%.0s",
            "\"%.*s\" does not look like this: %.0s%s", STR_ARG(row->cells[column].text),
            columns[column].vi, columns[column].en);
    err_hint(&why, "Kiểm tra lại; dòng này vẫn được nhập. Ví dụ: %s",
             "Look at it again; the row is taken nevertheless. Example: %s",
             columns[column].example);
    import_warn(import, row, (int)column, &why);
}

static void check_looks(struct import *import, const struct import_row *row)
{
    struct str email = row->cells[COL_email].text;
    size_t at = str_find(email, '@');
    check_look(import, row, COL_phone, looks_like_number(row->cells[COL_phone].text, 8, 15));
    check_look(import, row, COL_email, at > 0 && at + 1 < email.n);
    check_look(import, row, COL_tax_code,
               looks_like_number(row->cells[COL_tax_code].text, 10, 13));
    check_look(import, row, COL_identity_no,
               row->cells[COL_identity_no].text.n >= 8 && row->cells[COL_identity_no].text.n <= 12);
}

static void check_rows(struct import *import, struct import_row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (rows[i].rejected) continue;
        check_looks(import, &rows[i]);
        check_zero(import, &rows[i], COL_phone, 10);
        check_zero(import, &rows[i], COL_identity_no, 12);
        check_zero(import, &rows[i], COL_tax_code, 10);
    }
}

static err_t folded(struct import *import, const struct import_cell *cell, struct str *out,
                    struct err *err)
{
    *out = (struct str){"", 0};
    return cell->given ? text_fold(&import->batch, cell->text, out, err) : OK;
}

static err_t insert_party(struct import *import, struct bulk *bulk, const struct import_row *row,
                          int64_t unit_id, int64_t party_id, struct err *err)
{
    const struct import_cell *cells = row->cells;
    struct str folded_name;
    err_t e = folded(import, &cells[COL_name], &folded_name, err);
    if (e != OK) return e;
    struct str address = cells[COL_address].given ? cells[COL_address].text : S("");
    return bulk_row(bulk,
                    ARGS(v_i64(unit_id), v_i64(party_id), v_text(cells[COL_code].text),
                         v_text(cells[COL_kind].text), v_text(cells[COL_name].text),
                         v_text(folded_name), import_text_or_null(&cells[COL_tax_code]),
                         import_text_or_null(&cells[COL_identity_no]),
                         import_text_or_null(&cells[COL_phone]),
                         import_text_or_null(&cells[COL_email]), v_text(address),
                         v_i64(import->request->now_ms)),
                    err);
}

static err_t insert_new(struct import *import, const struct import_row *rows, size_t count,
                        const struct import_things *things, struct err *err)
{
    struct bulk *bulk = NULL;
    err_t e = bulk_open(import->db, "party",
                        "unit_id, party_id, code, kind, name, folded_name, tax_code, identity_no, "
                        "phone, email, address, created_at",
                        &bulk, err);
    for (size_t i = 0; e == OK && i < count; i++)
        if (!rows[i].rejected && things->is_new[i])
            e = insert_party(import, bulk, &rows[i], things->unit_ids[i], things->ids[i], err);
    if (e == OK) return bulk_close(bulk, err);
    bulk_drop(bulk);
    return e;
}

/* Words that lead to new parties (party_words.h), in bulk. */
static err_t insert_words(struct import *import, const struct import_row *rows, size_t count,
                          const struct import_things *things, struct err *err)
{
    static const struct {
        size_t column;
        enum search_kind kind;
    } words[] = {{COL_name, SEARCH_name},
                 {COL_phone, SEARCH_phone},
                 {COL_email, SEARCH_email},
                 {COL_tax_code, SEARCH_tax_code},
                 {COL_address, SEARCH_address}};
    struct bulk *bulk = NULL;
    err_t e = search_bulk_open(import->db, &bulk, err);
    for (size_t i = 0; e == OK && i < count; i++) {
        if (rows[i].rejected || !things->is_new[i]) continue;
        for (size_t w = 0; e == OK && w < ARRAY_COUNT(words); w++) {
            const struct import_cell *cell = &rows[i].cells[words[w].column];
            struct search_entry entry = {words[w].kind, cell->given ? cell->text : S(""),
                                         things->unit_ids[i], things->ids[i]};
            e = search_bulk_enter(bulk, &import->batch, &entry, err);
        }
    }
    if (e == OK) return bulk_close(bulk, err);
    bulk_drop(bulk);
    return e;
}

/* A correction replaces what the row gives and keeps the rest; the words follow. */
static err_t correct(struct import *import, const struct import_row *row, int64_t unit_id,
                     int64_t party_id, struct err *err)
{
    const struct import_cell *cells = row->cells;
    struct str name;
    err_t e = folded(import, &cells[COL_name], &name, err);
    if (e == OK) e = party_words_drop(import->db, &import->batch, unit_id, party_id, err);
    if (e != OK) return e;
    e = db_run(import->db,
               "UPDATE party SET kind = $1, name = $2, folded_name = $3, "
               "tax_code = COALESCE($4, tax_code), identity_no = COALESCE($5, identity_no), "
               "phone = COALESCE($6, phone), email = COALESCE($7, email), "
               "address = COALESCE($8, address) WHERE unit_id = $9 AND party_id = $10",
               ARGS(v_text(cells[COL_kind].text), v_text(cells[COL_name].text), v_text(name),
                    import_text_or_null(&cells[COL_tax_code]),
                    import_text_or_null(&cells[COL_identity_no]),
                    import_text_or_null(&cells[COL_phone]),
                    import_text_or_null(&cells[COL_email]),
                    import_text_or_null(&cells[COL_address]), v_i64(unit_id), v_i64(party_id)),
               NULL, err);
    if (e == OK) e = party_words_enter(import->db, &import->batch, unit_id, party_id, err);
    return e;
}

static err_t correct_all(struct import *import, const struct import_row *rows, size_t count,
                         const struct import_things *things, struct err *err)
{
    err_t e = OK;
    for (size_t i = 0; e == OK && i < count; i++) {
        if (rows[i].rejected || !things->differs[i]) continue;
        e = correct(import, &rows[i], things->unit_ids[i], things->ids[i], err);
    }
    return e;
}

static err_t take(struct import *import, struct import_row *rows, size_t count, struct err *err)
{
    struct import_things things;
    check_rows(import, rows, count);
    err_t e = import_things_find(&things, import, rows, count, COL_unit, COL_code, &import_parties,
                                 &compared, S("party"), err);
    if (e == OK) e = insert_new(import, rows, count, &things, err);
    if (e == OK) e = insert_words(import, rows, count, &things, err);
    if (e == OK) e = correct_all(import, rows, count, &things, err);
    if (e == OK) import_count(import, rows, count, things.is_new, things.differs);
    return e;
}

const struct import_kind import_kind_parties = {
    .name = "parties",
    .vi = "Người và tổ chức",
    .en = "People and organisations",
    .columns = columns,
    .column_count = COLUMN_COUNT,
    .key_columns = {COL_code}, /* a row may leave the unit to --unit, so it tells nothing apart */
    .key_column_count = 1,
    .tables = "party, search_directory",
    .take = take,
};
