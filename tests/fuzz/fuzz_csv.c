/* SPDX-License-Identifier: Apache-2.0 */
/* The CSV reader against the CSV writer: whatever comes in, every row is read or refused with its
 * place; a row that was read and written again is read the same. */
#include "fuzz.h"

#include "base/csv.h"

enum { COLUMNS = 3, OUTPUT_BYTES = 8 << 20 };

static const struct csv_column columns[COLUMNS] = {
    {"code", true}, {"kwh", false}, {"note", false}};

/* Spreadsheets protect leading zeros by these; the reader takes them off, the writer does not put
 * them on. */
static bool is_protected(struct str field)
{
    return field.n > 0 && (field.p[0] == '=' || field.p[0] == '\'');
}

static bool comes_back(const struct str *fields)
{
    bool any = false;
    for (size_t i = 0; i < COLUMNS; i++) {
        if (is_protected(fields[i])) return false;
        any = any || fields[i].n > 0;
    }
    return any;
}

static void check_again(const struct str *fields)
{
    struct buf text;
    struct err err = {0};
    struct csv_reader *reader = NULL;
    struct str again[COLUMNS];
    bool row = false;
    buf_init(&text, OUTPUT_BYTES);
    buf_add(&text, S("code,kwh,note\n"));
    buf_add_csv_row(&text, fields, COLUMNS);
    if (!text.failed &&
        csv_open_text(buf_str(&text), columns, COLUMNS, &reader, &err) != E_MEMORY) {
        ASSERT(reader != NULL);
        err_t status = csv_next(reader, again, &row, &err);
        ASSERT(status == OK || status == E_LIMIT || status == E_MEMORY);
        ASSERT(status != OK || row);
        for (size_t i = 0; status == OK && i < COLUMNS; i++)
            ASSERT(str_equal(again[i], fields[i]));
    }
    csv_close(reader);
    buf_release(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct err err = {0};
    struct csv_reader *reader = NULL;
    struct str fields[COLUMNS], text = {(const char *)data, size};
    if (csv_open_text(text, columns, COLUMNS, &reader, &err) != OK) {
        ASSERT(reader == NULL && err.code != OK && err.vi.message[0] != '\0');
        return 0;
    }
    bool row = true;
    int64_t last_row = 1;
    while (row) {
        err_t status = csv_next(reader, fields, &row, &err);
        if (status != OK) {
            ASSERT(status == err.code && err.en.message[0] != '\0');
            if (status != E_INPUT) break;
            row = true;
        } else if (row) {
            for (size_t i = 0; i < COLUMNS; i++) {
                size_t bad;
                ASSERT(str_is_utf8(fields[i], &bad));
            }
            if (comes_back(fields)) check_again(fields);
        }
        ASSERT(!row || csv_row(reader) > last_row || status != OK);
        last_row = csv_row(reader);
    }
    csv_close(reader);
    return 0;
}
