/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/import_cell.h"

#include "base/date.h"
#include "base/text.h"
#include "registry/price_uses.h"

enum { CODE_MAX_BYTES = 64, TEXT_MAX_BYTES = 1000, CHAIN_MAX_BYTES = 512 };

void import_type_write(const struct import_column *column, struct buf *out)
{
    static const char *const words[] = {"code",   "text",   "date", "time",
                                        "number", "choice", "flag", "decimal"};
    enum cell_type type = column->type;
    const char *choices = column->choices;
    if (type == CELL_FACT) {
        static const enum cell_type same[] = {
            [FACT_REF] = CELL_NUMBER,    [FACT_FLAG] = CELL_FLAG, [FACT_CHOICE] = CELL_CHOICE,
            [FACT_TEXT] = CELL_TEXT,     [FACT_DAY] = CELL_DAY,
            [FACT_DECIMAL] = CELL_FACT,  [FACT_USES] = CELL_TEXT};
        type = same[column->fact->type];
        choices = column->fact->choices;
    }
    buf_add(out, str_of(words[type]));
    if (type == CELL_CHOICE) buf_printf(out, " %s", choices);
}

/* The caller says what would be right. */
static void refuse(const struct import_column *column, struct str text, struct err *err)
{
    err_set(err, E_INPUT, column->name, "“%.*s” không hợp lệ", "\"%.*s\" is not valid",
            STR_ARG(text));
}

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

/* 1.23457E+11: what a spreadsheet makes of a long code. */
static bool is_scientific(struct str text)
{
    size_t i = 0;
    while (i < text.n && (is_digit(text.p[i]) || text.p[i] == '.' || text.p[i] == ',')) i++;
    if (i == 0 || i + 2 >= text.n || (text.p[i] != 'E' && text.p[i] != 'e')) return false;
    if (text.p[i + 1] != '+') return false;
    for (i += 2; i < text.n; i++)
        if (!is_digit(text.p[i])) return false;
    return true;
}

/* Blanks and characters that nobody sees: they come along when codes are pasted, and a code with
 * one is never found again. U+00A0, U+00AD, U+200B to U+200F, U+2028 to U+202F, U+2060, U+FEFF. */
static bool has_blank(struct str text)
{
    for (size_t i = 0; i < text.n; i++) {
        unsigned char c = (unsigned char)text.p[i];
        unsigned char c1 = i + 1 < text.n ? (unsigned char)text.p[i + 1] : 0;
        unsigned char c2 = i + 2 < text.n ? (unsigned char)text.p[i + 2] : 0;
        if (c <= ' ' || c == 0x7F) return true;
        if (c == 0xC2 && (c1 == 0xA0 || c1 == 0xAD)) return true;
        if (c == 0xE2 && c1 == 0x80 && ((c2 >= 0x8B && c2 <= 0x8F) || (c2 >= 0xA8 && c2 <= 0xAF)))
            return true;
        if ((c == 0xE2 && c1 == 0x81 && c2 == 0xA0) || (c == 0xEF && c1 == 0xBB && c2 == 0xBF))
            return true;
    }
    return false;
}

/* "#N/A", "####" or a formula instead of what it should have shown. */
static bool is_formula(struct str text)
{
    return text.p[0] == '=' || text.p[0] == '#';
}

static err_t read_code(struct arena *arena, const struct import_column *column, struct str text,
                       struct import_cell *out, struct err *err)
{
    if (is_scientific(text)) {
        refuse(column, text, err);
        return err_hint(err, "Bảng tính đã đổi mã thành số; định dạng cột này là văn bản (Text) "
                             "rồi ghi lại mã đầy đủ, cả số 0 ở đầu",
                        "The spreadsheet turned the code into a number; format the column as text "
                        "and write the whole code again, leading zeros included");
    }
    if (is_formula(text)) {
        refuse(column, text, err);
        return err_hint(err, "Bảng tính ghi công thức hoặc lỗi thay cho mã; ghi lại mã, định dạng "
                             "cột là văn bản (Text)",
                        "The spreadsheet wrote a formula or an error instead of the code; write "
                        "the code, with the column formatted as text");
    }
    if (has_blank(text) || text.n > CODE_MAX_BYTES) {
        refuse(column, text, err);
        return err_hint(err, "Mã không có khoảng trắng, kể cả ký tự không nhìn thấy, và không dài "
                             "quá %d ký tự; gõ lại mã",
                        "A code has no blanks, invisible ones included, and at most %d characters; "
                        "type it again", CODE_MAX_BYTES);
    }
    struct str normal;
    err_t e = text_nfc(arena, text, &normal, err);
    if (e == OK) out->text = arena_str(arena, normal);
    return e;
}

static err_t read_text(struct arena *arena, const struct import_column *column, struct str text,
                       struct import_cell *out, struct err *err)
{
    if (text.n > TEXT_MAX_BYTES) {
        err_set(err, E_INPUT, column->name, "Văn bản dài %zu byte", "The text has %zu bytes",
                text.n);
        return err_hint(err, "Rút gọn còn không quá %d byte", "Shorten it to at most %d bytes",
                        TEXT_MAX_BYTES);
    }
    struct str normal;
    err_t e = text_nfc(arena, text, &normal, err);
    if (e == OK) out->text = arena_str(arena, normal);
    return e;
}

/* 31/07/2026 or 1/7/2026. */
static bool day_parse_vi(struct str text, int32_t *out)
{
    struct str rest = text, piece;
    int64_t part[3];
    for (size_t i = 0; i < 3; i++) {
        if (!str_split(&rest, '/', &piece) || piece.n == 0 || piece.n > 4) return false;
        if (!str_to_i64(piece, &part[i]) || part[i] < 1) return false;
    }
    if (rest.p != NULL || part[2] < 1900 || part[2] > 2199 || part[1] > 12) return false;
    int32_t month = (int32_t)(part[2] * 12 + part[1] - 1);
    if (part[0] > days_in_month(month)) return false;
    *out = first_day_of_month(month) + (int32_t)part[0] - 1;
    return true;
}

static err_t read_day(struct arena *arena, const struct import_column *column, struct str text,
                      struct import_cell *out, struct err *err)
{
    int32_t day;
    char iso[DATE_TEXT_BYTES];
    if (!day_parse(text, &day) && !day_parse_vi(text, &day)) {
        refuse(column, text, err);
        return err_hint(err, "Ghi ngày theo dạng 2026-07-31 hoặc 31/07/2026",
                        "Write a date as 2026-07-31 or 31/07/2026");
    }
    out->i64 = day;
    out->text = arena_str(arena, day_text(day, iso));
    return OK;
}

/* "2026-07-31 13:05", "2026-07-31" (midnight) or "31/07/2026 13:05", in Vietnam time. */
static bool instant_parse_local(struct str text, int64_t *out_ms)
{
    size_t blank = str_find(text, ' ');
    struct str date = str_sub(text, 0, blank), clock = str_sub(text, blank + 1, text.n);
    int32_t day;
    if (!day_parse(date, &day) && !day_parse_vi(date, &day)) return false;
    *out_ms = vietnam_midnight_ms(day);
    if (blank == text.n) return true;
    struct str rest = clock, piece;
    int64_t hour, minute;
    if (!str_split(&rest, ':', &piece) || !str_to_i64(piece, &hour)) return false;
    if (!str_split(&rest, ':', &piece) || piece.n != 2 || !str_to_i64(piece, &minute))
        return false;
    if (rest.p != NULL || hour < 0 || hour > 23 || minute < 0 || minute > 59) return false;
    *out_ms += (hour * 60 + minute) * 60000;
    return true;
}

static err_t read_instant(const struct import_column *column, struct str text,
                          struct import_cell *out, struct err *err)
{
    if (instant_parse(text, &out->i64) || instant_parse_local(text, &out->i64)) return OK;
    refuse(column, text, err);
    return err_hint(err, "Ghi thời điểm theo dạng 2026-07-31 13:05 (giờ Việt Nam)",
                    "Write a time as 2026-07-31 13:05 (Vietnam time)");
}

static err_t read_number(const struct import_column *column, struct str text,
                         struct import_cell *out, struct err *err)
{
    if (str_to_i64(text, &out->i64) && out->i64 >= column->min && out->i64 <= column->max)
        return OK;
    refuse(column, text, err);
    return err_hint(err, "Ghi số nguyên từ %lld đến %lld", "Write a whole number from %lld to %lld",
                    (long long)column->min, (long long)column->max);
}

static err_t read_choice(struct arena *arena, const struct import_column *column,
                         struct str text, struct import_cell *out, struct err *err)
{
    struct str rest = str_of(column->choices), word;
    while (str_split(&rest, '|', &word))
        if (str_equal(word, text)) {
            out->text = arena_str(arena, text);
            return OK;
        }
    refuse(column, text, err);
    return err_hint(err, "Chọn một trong: %s", "Choose one of: %s", column->choices);
}

static err_t read_flag(const struct import_column *column, struct str text,
                       struct import_cell *out, struct err *err)
{
    bool yes = str_equal(text, S("1")), no = str_equal(text, S("0"));
    out->i64 = yes ? 1 : 0;
    if (yes || no) return OK;
    refuse(column, text, err);
    return err_hint(err, "Ghi 1 (có) hoặc 0 (không)", "Write 1 (yes) or 0 (no)");
}

/* A chain is kept in its one canonical form, so that equal chains are equal texts. */
static err_t read_uses(struct arena *arena, struct str text, struct import_cell *out,
                       struct err *err)
{
    struct price_uses uses;
    err_t e = price_uses_parse(text, &uses, err);
    if (e == OK) e = price_uses_check(&uses, err);
    if (e != OK) return e;
    char memory[CHAIN_MAX_BYTES];
    struct buf canonical;
    buf_init_fixed(&canonical, memory, sizeof memory);
    price_uses_write(&uses, &canonical);
    out->text = arena_str(arena, buf_str(&canonical));
    return OK;
}

static err_t read_fact(struct arena *arena, const struct import_column *column, struct str text,
                       struct import_cell *out, struct err *err)
{
    if (column->fact->type == FACT_USES) return read_uses(arena, text, out, err);
    if (column->fact->type == FACT_DAY) return read_day(arena, column, text, out, err);
    if (column->fact->type == FACT_TEXT) return read_text(arena, column, text, out, err);
    struct fact_value value;
    err_t e = fact_value_read(column->fact, text, &value, err);
    if (e != OK) return e;
    out->i64 = value.i64;
    if (value.is_text) out->text = arena_str(arena, value.text);
    return OK;
}

err_t import_cell_read(struct arena *arena, const struct import_column *column, struct str text,
                       struct import_cell *out, struct err *err)
{
    text = str_trim(text);
    struct import_cell cell = {.given = text.n > 0};
    if (!cell.given) {
        if (!column->required) {
            *out = cell;
            return OK;
        }
        err_set(err, E_INPUT, column->name, "Thiếu giá trị bắt buộc",
                "A required value is missing");
        return err_hint(err, "Điền cột %s, ví dụ %s", "Fill the column %s, for example %s",
                        column->name, column->example);
    }
    err_t e = OK;
    switch (column->type) {
    case CELL_CODE: e = read_code(arena, column, text, &cell, err); break;
    case CELL_TEXT: e = read_text(arena, column, text, &cell, err); break;
    case CELL_DAY: e = read_day(arena, column, text, &cell, err); break;
    case CELL_INSTANT: e = read_instant(column, text, &cell, err); break;
    case CELL_NUMBER: e = read_number(column, text, &cell, err); break;
    case CELL_CHOICE: e = read_choice(arena, column, text, &cell, err); break;
    case CELL_FLAG: e = read_flag(column, text, &cell, err); break;
    case CELL_FACT: e = read_fact(arena, column, text, &cell, err); break;
    }
    if (e != OK) return e;
    if (arena->failed) return err_memory(err);
    *out = cell;
    return OK;
}
