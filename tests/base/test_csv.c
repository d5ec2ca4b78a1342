/* SPDX-License-Identifier: Apache-2.0 */
/* CSV: what spreadsheets write is read, what is wrong is refused with its place, bad rows do not
 * hide the rows behind them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/csv.h"
#include "base/file.h"
#include "base/memory.h"

static const struct csv_column columns[] = {
    {"code", true}, {"name", true}, {"kwh", false}};
enum { CODE, NAME, KWH, COLUMNS };

struct reading {
    struct csv_reader *reader;
    struct str field[COLUMNS];
    struct err err;
};

static void open_text(struct reading *r, const char *text)
{
    *r = (struct reading){.err.code = OK};
    err_t e = csv_open_text(str_of(text), columns, COLUMNS, &r->reader, &r->err);
    assert_int_equal(e, OK);
}

static void expect_row(struct reading *r, int64_t row, const char *code, const char *name,
                       const char *kwh)
{
    bool there = false;
    assert_int_equal(csv_next(r->reader, r->field, &there, &r->err), OK);
    assert_true(there);
    assert_int_equal(csv_row(r->reader), row);
    assert_true(str_equal(r->field[CODE], str_of(code)));
    assert_true(str_equal(r->field[NAME], str_of(name)));
    assert_true(str_equal(r->field[KWH], str_of(kwh)));
}

static void expect_end(struct reading *r)
{
    bool there = true;
    assert_int_equal(csv_next(r->reader, r->field, &there, &r->err), OK);
    assert_false(there);
    csv_close(r->reader);
}

static void expect_bad(struct reading *r, err_t code, const char *message, const char *detail)
{
    bool there = false;
    assert_int_equal(csv_next(r->reader, r->field, &there, &r->err), code);
    assert_non_null(strstr(r->err.en.message, message));
    assert_non_null(strstr(r->err.en.detail, detail));
    assert_true(r->err.vi.message[0] != '\0' && r->err.vi.hint[0] != '\0');
}

static void refuse_header(const char *text, const char *message, const char *name)
{
    struct csv_reader *reader = NULL;
    struct err err = {.code = OK};
    assert_int_equal(csv_open_text(str_of(text), columns, COLUMNS, &reader, &err), E_INPUT);
    assert_null(reader);
    assert_non_null(strstr(err.en.message, message));
    assert_non_null(strstr(err.en.message, name));
    assert_true(err.vi.hint[0] != '\0');
}

static void columns_come_in_any_order(void **state)
{
    (void)state;
    struct reading r;
    open_text(&r, "name,kwh,code\nLan,250,PD1\n");
    assert_true(csv_has(r.reader, KWH));
    expect_row(&r, 2, "PD1", "Lan", "250");
    expect_end(&r);
    open_text(&r, " Name , CODE \r\nLan,PD1\r\n");
    assert_false(csv_has(r.reader, KWH));
    expect_row(&r, 2, "PD1", "Lan", "");
    expect_end(&r);
}

static void separators_are_found_in_the_header(void **state)
{
    (void)state;
    struct reading r;
    open_text(&r, "code;name;kwh\nPD1;Lan, Hoa;1,5\n");
    expect_row(&r, 2, "PD1", "Lan, Hoa", "1,5");
    expect_end(&r);
    open_text(&r, "code\tname\nPD1\tLan; Hoa\n");
    expect_row(&r, 2, "PD1", "Lan; Hoa", "");
    expect_end(&r);
    open_text(&r, "\"code\";\"name\"\n1;2\n");
    expect_row(&r, 2, "1", "2", "");
    expect_end(&r);
    open_text(&r, "sep=;\ncode;name\n1;2\n");
    expect_row(&r, 3, "1", "2", "");
    expect_end(&r);
}

static void quotes_hold_anything(void **state)
{
    (void)state;
    struct reading r;
    open_text(&r, "\xEF\xBB\xBF" "code,name\r\n"
                  "1,\"Quán \"\"Ba, Tư\"\"\"\r\n"
                  "2,\"hai\r\ndòng\"\r\n"
                  "3,\"\"\r\n"
                  "4,cuối");
    expect_row(&r, 2, "1", "Quán \"Ba, Tư\"", "");
    expect_row(&r, 3, "2", "hai\r\ndòng", "");
    expect_row(&r, 4, "3", "", "");
    assert_true(str_equal(csv_raw(r.reader), S("3,\"\"")));
    expect_row(&r, 5, "4", "cuối", "");
    expect_end(&r);
}

static void leading_zeros_survive(void **state)
{
    (void)state;
    struct reading r;
    open_text(&r, "code,name\n00123,a\n=\"00124\",b\n'00125,c\n\"=\"\"00126\"\"\",d\n\"'00127\",e\n"
                  "'Tài,'\n=\"1,2\",f\n");
    expect_row(&r, 2, "00123", "a", "");
    expect_row(&r, 3, "00124", "b", "");
    expect_row(&r, 4, "00125", "c", "");
    expect_row(&r, 5, "00126", "d", "");
    expect_row(&r, 6, "00127", "e", "");
    expect_row(&r, 7, "'Tài", "'", "");
    expect_row(&r, 8, "1,2", "f", "");
    expect_end(&r);
}

static void empty_rows_and_columns_are_passed_over(void **state)
{
    (void)state;
    struct reading r;
    open_text(&r, "code,name,,\n\n1,a,,\n,,,\n2,b\n\n");
    expect_row(&r, 3, "1", "a", "");
    expect_row(&r, 5, "2", "b", "");
    expect_end(&r);
}

static void headers_are_refused_by_name(void **state)
{
    (void)state;
    refuse_header("code,name,volt\n", "Unknown columns", "volt");
    refuse_header("code,name,Code\n", "Repeated columns", "Code");
    refuse_header("name,kwh\n", "Missing columns", "code");
    refuse_header("", "no row of column names", "");
    refuse_header("\n", "no row of column names", "");
    refuse_header("\xFF\xFE" "c\n", "UTF-16", "");
}

static void bad_rows_do_not_hide_the_next(void **state)
{
    (void)state;
    struct reading r;
    open_text(&r, "code,name\n1\n2,b,c\n3,a\"b\n4,\"a\"b\n5,\xC3(\n6,ok\n7,\"open\n8,x\n");
    expect_bad(&r, E_INPUT, "has 1 cells, not 2", "Row 2");
    expect_bad(&r, E_INPUT, "outside the named columns", "Row 3, column 3");
    expect_bad(&r, E_INPUT, "quote", "Row 4, column 2");
    expect_bad(&r, E_INPUT, "quote", "Row 5, column 2");
    expect_bad(&r, E_INPUT, "UTF-8", "Row 6, byte 3");
    expect_row(&r, 7, "6", "ok", "");
    expect_bad(&r, E_INPUT, "quote", "Row 8, column 2");
    expect_end(&r);
}

static void a_nul_byte_is_refused(void **state)
{
    (void)state;
    struct reading r = {.err.code = OK};
    assert_int_equal(csv_open_text(S("code,name\n1,a\0b\n"), columns, COLUMNS, &r.reader, &r.err),
                     OK);
    expect_bad(&r, E_INPUT, "UTF-8", "Row 2, byte 4");
    expect_end(&r);
}

static void cells_have_places(void **state)
{
    (void)state;
    struct reading r;
    open_text(&r, "name,code\nLan,PD 1\n");
    expect_row(&r, 2, "PD 1", "Lan", "");
    err_set(&r.err, E_INPUT, NULL, "Mã không đúng", "The code is wrong");
    assert_int_equal(csv_place(r.reader, CODE, &r.err), E_INPUT);
    assert_string_equal(r.err.field, "code");
    assert_string_equal(r.err.en.detail, "Row 2, column 2: “PD 1”");
    assert_string_equal(r.err.vi.detail, "Dòng 2, cột 2: “PD 1”");
    assert_int_equal(csv_place(r.reader, KWH, &r.err), E_INPUT);
    assert_non_null(strstr(r.err.en.detail, "does not have this column"));
    expect_end(&r);
}

static void a_row_has_a_limit(void **state)
{
    (void)state;
    struct buf text;
    buf_init(&text, 4 * CSV_ROW_MAX_BYTES);
    buf_add(&text, S("code,name\n1,\""));
    while (text.n < 2 * CSV_ROW_MAX_BYTES) buf_add(&text, S("0123456789\n"));
    struct reading r;
    open_text(&r, text.p);
    expect_bad(&r, E_LIMIT, "longer than", "Row 2");
    expect_end(&r);
    buf_release(&text);
}

/* The same rows through a file in windows as in one piece; every row must come once. */
static void files_are_read_in_windows(void **state)
{
    (void)state;
    enum { ROWS = 60000 };
    char path[] = "csv-test-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    struct buf text;
    struct err err = {.code = OK};
    buf_init(&text, 16 * 1024 * 1024);
    buf_add(&text, S("code,name,kwh\n"));
    for (int i = 0; i < ROWS; i++) {
        if (i % 7 == 0) buf_printf(&text, "%d,\"tên, \"\"%d\"\"\n%d\",5\r\n", i, i, i);
        else buf_printf(&text, "%d,tên %d,%d\n", i, i, i);
    }
    assert_false(text.failed);
    assert_int_equal(file_write(path, buf_str(&text), &err), OK);
    struct csv_reader *reader = NULL;
    assert_int_equal(csv_open_file(path, columns, COLUMNS, &reader, &err), OK);
    struct str field[COLUMNS];
    bool there = false;
    for (int64_t i = 0; i < ROWS; i++) {
        int64_t code = -1;
        assert_int_equal(csv_next(reader, field, &there, &err), OK);
        assert_true(there && str_to_i64(field[CODE], &code));
        assert_int_equal(code, i);
        assert_int_equal(csv_row(reader), i + 2);
    }
    assert_int_equal(csv_next(reader, field, &there, &err), OK);
    assert_false(there);
    assert_int_equal(csv_bytes(reader), (int64_t)text.n);
    char seen[HASH_TEXT_BYTES], expected[HASH_TEXT_BYTES];
    struct hash whole = hash_of(buf_str(&text));
    assert_true(str_equal(csv_sha256(reader, seen), hash_text(&whole, expected)));
    csv_close(reader);
    close(fd);
    unlink(path);
    buf_release(&text);
    assert_int_equal(csv_open_file("/nowhere/x.csv", columns, COLUMNS, &reader, &err), E_IO);
}

/* What the writer writes the reader reads back, for fields of awkward characters. */
static void writing_and_reading_are_inverse(void **state)
{
    (void)state;
    static const char alphabet[] = "a0,;\t\"\n =' ";
    struct random_state chance;
    random_state_init(&chance, 7);
    for (int round = 0; round < 3000; round++) {
        char text[2][8];
        struct str field[2];
        for (int f = 0; f < 2; f++) {
            size_t n = (size_t)random_next_below(&chance, 6);
            for (size_t i = 0; i < n; i++)
                text[f][i] = alphabet[random_next_below(&chance, sizeof alphabet - 1)];
            field[f] = (struct str){text[f], n};
        }
        bool formula = field[1].n >= 3 && str_starts(field[1], S("=\"")) &&
                       str_ends(field[1], S("\""));
        bool apostrophe = field[1].n >= 2 && text[1][0] == '\'' && text[1][1] == '0';
        if (formula || apostrophe) continue; /* read as what a spreadsheet means by them */
        field[0] = S("key");
        struct buf out;
        char place[128];
        buf_init_fixed(&out, place, sizeof place);
        buf_add(&out, S("code,name\n"));
        buf_add_csv_row(&out, field, 2);
        struct reading r = {.err.code = OK};
        assert_int_equal(csv_open_text(buf_str(&out), columns, COLUMNS, &r.reader, &r.err), OK);
        bool there = false;
        assert_int_equal(csv_next(r.reader, r.field, &there, &r.err), OK);
        assert_true(there && str_equal(r.field[NAME], field[1]));
        expect_end(&r);
    }
}

static void no_memory_is_an_error(void **state)
{
    (void)state;
    for (uint64_t n = 1; n < 6; n++) {
        struct reading r = {.err.code = OK};
        bool there = false;
        memory_fail_after(n);
        err_t e = csv_open_text(S("code,name\n1,\"a\"\n"), columns, COLUMNS, &r.reader, &r.err);
        if (e == OK) e = csv_next(r.reader, r.field, &there, &r.err);
        memory_fail_after(0);
        if (n <= 3) assert_int_equal(e, E_MEMORY);
        else assert_true(e == OK && there);
        csv_close(r.reader);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_come_in_any_order),
        cmocka_unit_test(separators_are_found_in_the_header),
        cmocka_unit_test(quotes_hold_anything),
        cmocka_unit_test(leading_zeros_survive),
        cmocka_unit_test(empty_rows_and_columns_are_passed_over),
        cmocka_unit_test(headers_are_refused_by_name),
        cmocka_unit_test(bad_rows_do_not_hide_the_next),
        cmocka_unit_test(a_nul_byte_is_refused),
        cmocka_unit_test(cells_have_places),
        cmocka_unit_test(a_row_has_a_limit),
        cmocka_unit_test(files_are_read_in_windows),
        cmocka_unit_test(writing_and_reading_are_inverse),
        cmocka_unit_test(no_memory_is_an_error),
    };
    return cmocka_run_group_tests_name("csv", tests, NULL, NULL);
}
