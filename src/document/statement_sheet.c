/* SPDX-License-Identifier: Apache-2.0 */
#include "document/statement_sheet.h"

#include <errno.h>
#include <xlsxwriter.h>

#include "base/date.h"
#include "base/file.h"

enum {
    TITLE_ROWS = 5,
    CELL_BYTES = 1024,
    MVND_PER_VND = 1000,
    WH_PER_KWH = 1000,
    HUNDREDTHS = 100,
    NAME_BYTES = 40
};

enum style {
    STYLE_TITLE,
    STYLE_HEAD,
    STYLE_HEAD_EN,
    STYLE_TEXT,
    STYLE_DAY,
    STYLE_MONEY,
    STYLE_KWH,
    STYLE_EXACT,
    STYLE_SUM,
    STYLE_SUM_KWH,
    STYLE_MARK,
    STYLE_COUNT
};

struct column {
    const char *vi, *en;
    int width;
};

struct sheet {
    const struct account_statement *statement;
    bool demonstration;
    lxw_workbook *book;
    lxw_worksheet *page;
    lxw_format *style[STYLE_COUNT];
    lxw_row_t row;
    lxw_col_t col;
    lxw_error failed; /* the first failure */
};

/* ---- cells ------------------------------------------------------------------------------- */

static void took(struct sheet *s, lxw_error error)
{
    if (s->failed == LXW_NO_ERROR) s->failed = error;
    s->col++;
}

static void put_text(struct sheet *s, struct str text, enum style style)
{
    char memory[CELL_BYTES];
    struct buf cell;
    buf_init_fixed(&cell, memory, sizeof memory);
    buf_add(&cell, str_first(text, sizeof memory - 1));
    took(s, worksheet_write_string(s->page, s->row, s->col, text.n == 0 ? "" : memory,
                                   s->style[style]));
}

/* scaled / divisor; whole đồng and watt-hours are far from where a double loses a unit. */
static void put_number(struct sheet *s, int64_t scaled, int64_t divisor, enum style style)
{
    took(s, worksheet_write_number(s->page, s->row, s->col, (double)scaled / (double)divisor,
                                   s->style[style]));
}

static void put_day(struct sheet *s, int32_t day)
{
    int year, month, day_of_month;
    if (day < 0) {
        s->col++;
        return;
    }
    civil_from_day(day, &year, &month, &day_of_month);
    lxw_datetime when = {.year = year, .month = month, .day = day_of_month};
    took(s, worksheet_write_datetime(s->page, s->row, s->col, &when, s->style[STYLE_DAY]));
}

/* A formula over the rows from first to the last one above, with its value. */
static void put_formula(struct sheet *s, struct buf *formula, int64_t scaled, int64_t divisor,
                        enum style style)
{
    ASSERT(!formula->failed);
    took(s, worksheet_write_formula_num(s->page, s->row, s->col, formula->p, s->style[style],
                                        (double)scaled / (double)divisor));
}

/* Their sum. */
static void put_sum(struct sheet *s, lxw_row_t first, int64_t scaled, int64_t divisor,
                    enum style style)
{
    char formula[CELL_BYTES], from[LXW_MAX_CELL_NAME_LENGTH], to[LXW_MAX_CELL_NAME_LENGTH];
    struct buf text;
    lxw_rowcol_to_cell(from, first, s->col);
    lxw_rowcol_to_cell(to, s->row - 1, s->col);
    buf_init_fixed(&text, formula, sizeof formula);
    buf_printf(&text, "=SUM(%s:%s)", from, to);
    put_formula(s, &text, scaled, divisor, style);
}

/* The sum of those that bear a 1 in another column. */
static void put_sum_of(struct sheet *s, lxw_row_t first, lxw_col_t marks, int64_t scaled,
                       int64_t divisor, enum style style)
{
    char formula[CELL_BYTES], rows[LXW_MAX_CELL_RANGE_LENGTH], which[LXW_MAX_CELL_RANGE_LENGTH];
    struct buf text;
    lxw_rowcol_to_range(rows, first, s->col, s->row - 1, s->col);
    lxw_rowcol_to_range(which, first, marks, s->row - 1, marks);
    buf_init_fixed(&text, formula, sizeof formula);
    buf_printf(&text, "=SUMIF(%s,1,%s)", which, rows);
    put_formula(s, &text, scaled, divisor, style);
}

static void next_row(struct sheet *s)
{
    s->row++;
    s->col = 0;
}

/* ---- head of each sheet ------------------------------------------------------------------ */

static void make_styles(struct sheet *s)
{
    static const struct {
        const char *number;
        bool bold, italic;
    } looks[STYLE_COUNT] = {
        [STYLE_TITLE] = {"@", true, false},         [STYLE_HEAD] = {"@", true, false},
        [STYLE_HEAD_EN] = {"@", false, true},       [STYLE_TEXT] = {"@", false, false},
        [STYLE_DAY] = {"dd/mm/yyyy", false, false}, [STYLE_MONEY] = {"#,##0", false, false},
        [STYLE_KWH] = {"#,##0.###", false, false},  [STYLE_EXACT] = {"#,##0.000", false, false},
        [STYLE_SUM] = {"#,##0", true, false},       [STYLE_SUM_KWH] = {"#,##0.###", true, false},
        [STYLE_MARK] = {"@", true, false}};
    for (int i = 0; i < STYLE_COUNT; i++) {
        s->style[i] = workbook_add_format(s->book);
        format_set_num_format(s->style[i], looks[i].number);
        if (looks[i].bold) format_set_bold(s->style[i]);
        if (looks[i].italic) format_set_italic(s->style[i]);
    }
    format_set_text_wrap(s->style[STYLE_HEAD]);
    format_set_text_wrap(s->style[STYLE_HEAD_EN]);
    format_set_font_color(s->style[STYLE_MARK], LXW_COLOR_RED);
}

/* A format with places that may be left out leaves a lone comma behind a whole number. */
static enum style whole_or(int64_t scaled, int64_t unit, enum style whole, enum style parted)
{
    return scaled % unit == 0 ? whole : parted;
}

static void put_line(struct sheet *s, enum style style, struct buf *text)
{
    put_text(s, buf_str(text), style);
    next_row(s);
    buf_reset(text);
}

/* Who, when, and what it is; the first line says what it is not. */
static void write_title(struct sheet *s, const char *vi, const char *en)
{
    const struct account_statement *st = s->statement;
    char memory[CELL_BYTES];
    struct buf text;
    buf_init_fixed(&text, memory, sizeof memory);
    if (s->demonstration)
        buf_add(&text, S("DỮ LIỆU TRÌNH DIỄN, KHÔNG PHẢI CHỨNG TỪ THẬT / DEMONSTRATION DATA"));
    put_line(s, STYLE_MARK, &text);
    buf_printf(&text, "%s / %s", vi, en);
    put_line(s, STYLE_TITLE, &text);
    buf_printf(&text, "Tài khoản / Account: %.*s · %.*s", STR_ARG(st->account_code),
               STR_ARG(st->payer_name));
    put_line(s, STYLE_TEXT, &text);
    buf_printf(&text, "Đơn vị / Unit: %.*s · %.*s", STR_ARG(st->unit_code), STR_ARG(st->unit_name));
    put_line(s, STYLE_TEXT, &text);
    buf_add(&text, S("Tháng / Months: "));
    buf_add_month_vi(&text, st->order.first_month);
    buf_add(&text, S(" – "));
    buf_add_month_vi(&text, st->order.last_month);
    buf_add(&text, S("; lập ngày / made on "));
    buf_add_day_vi(&text, st->order.made_day);
    put_line(s, STYLE_TEXT, &text);
}

static bool begin_sheet(struct sheet *s, const char *name, const char *title_vi,
                        const char *title_en, const struct column *columns, size_t count)
{
    s->page = workbook_add_worksheet(s->book, name);
    if (s->page == NULL) return false;
    s->row = 0;
    s->col = 0;
    worksheet_set_landscape(s->page);
    worksheet_set_paper(s->page, 9); /* A4 */
    worksheet_fit_to_pages(s->page, 1, 0);
    worksheet_freeze_panes(s->page, TITLE_ROWS + 2, 0);
    worksheet_repeat_rows(s->page, TITLE_ROWS, TITLE_ROWS + 1);
    worksheet_set_footer(s->page, "&C&P/&N");
    for (size_t i = 0; i < count; i++)
        worksheet_set_column(s->page, (lxw_col_t)i, (lxw_col_t)i, columns[i].width, NULL);
    write_title(s, title_vi, title_en);
    for (size_t i = 0; i < count; i++) put_text(s, str_of(columns[i].vi), STYLE_HEAD);
    next_row(s);
    for (size_t i = 0; i < count; i++) put_text(s, str_of(columns[i].en), STYLE_HEAD_EN);
    next_row(s);
    return true;
}

/* ---- bills ------------------------------------------------------------------------------- */

static const struct column bill_columns[] = {{"Số hóa đơn", "Bill number", 30},
                                             {"Hóa đơn điện tử", "E-invoice", 20},
                                             {"Loại", "Kind", 14},
                                             {"Khách hàng", "Customer", 16},
                                             {"Điểm đo", "Usage point", 18},
                                             {"Địa chỉ", "Address", 34},
                                             {"Từ ngày", "From", 11},
                                             {"Đến ngày", "To", 11},
                                             {"Số ngày", "Days", 8},
                                             {"kWh", "kWh", 12},
                                             {"Tiền điện", "Before tax", 14},
                                             {"Thuế GTGT", "VAT", 13},
                                             {"Cộng", "Total", 14},
                                             {"Hạn thanh toán", "Due", 12},
                                             {"Đã thanh toán", "Settled", 14},
                                             {"Còn lại", "Left", 14},
                                             {"Tính vào tổng", "In the sums", 12}};
enum { COUNTED_COLUMN = ARRAY_COUNT(bill_columns) - 1 };

static void write_bill(struct sheet *s, const struct statement_bill *bill)
{
    put_text(s, bill->number, STYLE_TEXT);
    put_text(s, bill->invoice, STYLE_TEXT);
    put_text(s, bill_kind_vi(bill->key.kind), STYLE_TEXT);
    put_text(s, bill->agreement_code, STYLE_TEXT);
    put_text(s, bill->point_code, STYLE_TEXT);
    put_text(s, bill->address, STYLE_TEXT);
    put_day(s, bill->from_day);
    put_day(s, bill->to_day);
    if (bill->has_days) put_number(s, bill->to_day - bill->from_day, 1, STYLE_MONEY);
    else s->col++;
    put_number(s, bill->total_wh, WH_PER_KWH,
               whole_or(bill->total_wh, WH_PER_KWH, STYLE_MONEY, STYLE_KWH));
    put_number(s, bill->pre_vat_vnd, 1, STYLE_MONEY);
    put_number(s, bill->vat_vnd, 1, STYLE_MONEY);
    put_number(s, bill->total_vnd, 1, STYLE_MONEY);
    put_day(s, bill->due_day);
    put_number(s, bill->settled_vnd, 1, STYLE_MONEY);
    put_number(s, bill->left_vnd, 1, STYLE_MONEY);
    put_number(s, !bill->taken_back, 1, STYLE_MONEY); /* 0: a replacement took it back */
    next_row(s);
}

static bool write_bills(struct sheet *s)
{
    const struct account_statement *st = s->statement;
    if (!begin_sheet(s, "Hóa đơn", "BẢNG KÊ HÓA ĐƠN TIỀN ĐIỆN", "STATEMENT OF BILLS", bill_columns,
                     ARRAY_COUNT(bill_columns)))
        return false;
    lxw_row_t first = s->row;
    for (size_t i = 0; i < st->bill_count; i++) write_bill(s, &st->bills[i]);
    if (st->bill_count == 0) return true;
    put_text(s, S("Tổng cộng / Total"), STYLE_TITLE);
    s->col = 9;
    put_sum_of(s, first, COUNTED_COLUMN, st->total_wh, WH_PER_KWH,
               whole_or(st->total_wh, WH_PER_KWH, STYLE_SUM, STYLE_SUM_KWH));
    put_sum_of(s, first, COUNTED_COLUMN, st->pre_vat_vnd, 1, STYLE_SUM);
    put_sum_of(s, first, COUNTED_COLUMN, st->vat_vnd, 1, STYLE_SUM);
    put_sum_of(s, first, COUNTED_COLUMN, st->total_vnd, 1, STYLE_SUM);
    s->col++;
    put_sum_of(s, first, COUNTED_COLUMN, st->settled_vnd, 1, STYLE_SUM);
    put_sum(s, first, st->left_vnd, 1, STYLE_SUM);
    next_row(s);
    return true;
}

/* ---- lines ------------------------------------------------------------------------------- */

static const struct column line_columns[] = {{"Số hóa đơn", "Bill number", 30},
                                             {"Điểm đo", "Usage point", 18},
                                             {"Khoản", "Kind", 16},
                                             {"Nhóm giá", "Category", 12},
                                             {"Cấp điện áp", "Voltage", 12},
                                             {"Bậc", "Block", 7},
                                             {"Giờ", "Time of use", 14},
                                             {"Từ ngày", "From", 11},
                                             {"Đến ngày", "To", 11},
                                             {"kWh", "kWh", 12},
                                             {"Đơn giá", "Price", 10},
                                             {"Tỷ lệ %", "Per cent", 10},
                                             {"Thành tiền", "Amount", 16},
                                             {"Căn cứ", "Decision", 16}};

static struct str line_kind(enum rated_line_kind kind)
{
    static const struct str words[RATED_KIND_COUNT] = {[RATED_ENERGY] = S_INIT("Điện năng"),
                                                       [RATED_REACTIVE] =
                                                           S_INIT("Công suất phản kháng"),
                                                       [RATED_SUPPORT] = S_INIT("Hỗ trợ giảm giá"),
                                                       [RATED_FEE] = S_INIT("Phí dịch vụ")};
    return words[kind];
}

static struct str line_time(struct str tou)
{
    if (str_equal(tou, S("normal"))) return S("Bình thường");
    if (str_equal(tou, S("peak"))) return S("Cao điểm");
    return str_equal(tou, S("offpeak")) ? S("Thấp điểm") : tou;
}

static err_t write_line(void *context, const struct statement_bill *bill,
                        const struct rated_line *line, struct err *err)
{
    struct sheet *s = context;
    (void)err;
    put_text(s, bill->number, STYLE_TEXT);
    put_text(s, bill->point_code, STYLE_TEXT);
    put_text(s, line_kind(line->kind), STYLE_TEXT);
    put_text(s, line->category, STYLE_TEXT);
    put_text(s, line->voltage, STYLE_TEXT);
    if (line->tier > 0) put_number(s, line->tier, 1, STYLE_MONEY);
    else s->col++;
    put_text(s, line_time(line->tou), STYLE_TEXT);
    put_day(s, line->from_day);
    put_day(s, line->to_day);
    if (line->has_quantity)
        put_number(s, line->quantity_wh, WH_PER_KWH,
                   whole_or(line->quantity_wh, WH_PER_KWH, STYLE_MONEY, STYLE_KWH));
    else s->col++;
    if (line->has_price) put_number(s, line->price_vnd, 1, STYLE_MONEY);
    else s->col++;
    if (line->has_percent)
        put_number(s, line->percent_hundredths, HUNDREDTHS,
                   whole_or(line->percent_hundredths, HUNDREDTHS, STYLE_MONEY, STYLE_KWH));
    else s->col++;
    put_number(s, line->amount_mvnd, MVND_PER_VND, STYLE_EXACT);
    put_text(s, line->decision, STYLE_TEXT);
    next_row(s);
    return OK;
}

static err_t write_lines(struct sheet *s, struct db *db, struct err *err)
{
    if (!begin_sheet(s, "Chi tiết", "CHI TIẾT HÓA ĐƠN", "LINES OF THE BILLS", line_columns,
                     ARRAY_COUNT(line_columns)))
        return err_memory(err);
    return statement_lines_each(db, s->statement, write_line, s, err);
}

/* ---- entries ----------------------------------------------------------------------------- */

static const struct column entry_columns[] = {
    {"Ngày", "Day", 11},          {"Nội dung", "What", 30},
    {"Chứng từ", "Document", 32}, {"Thanh toán bằng", "Settled by", 26},
    {"Phát sinh nợ", "Owed", 15}, {"Phát sinh có", "Paid", 15},
    {"Số dư", "Balance", 15}};

static void write_balance(struct sheet *s, int32_t day, struct str what, int64_t balance_vnd)
{
    put_day(s, day);
    put_text(s, what, STYLE_TITLE);
    s->col = 6;
    put_number(s, balance_vnd, 1, STYLE_SUM);
    next_row(s);
}

static void write_entry(struct sheet *s, const struct statement_entry *entry)
{
    put_day(s, entry->day);
    put_text(s,
             entry->by_reference.n > 0 ? S("Thanh toán, cấn trừ") : statement_kind_vi(entry->kind),
             STYLE_TEXT);
    put_text(s, entry->reference, STYLE_TEXT);
    put_text(s, entry->by_reference, STYLE_TEXT);
    put_number(s, entry->amount_vnd > 0 ? entry->amount_vnd : 0, 1, STYLE_MONEY);
    put_number(s, entry->amount_vnd < 0 ? -entry->amount_vnd : 0, 1, STYLE_MONEY);
    put_number(s, entry->balance_vnd, 1, STYLE_MONEY);
    next_row(s);
}

static bool write_entries(struct sheet *s)
{
    const struct account_statement *st = s->statement;
    int64_t owed_vnd = 0, paid_vnd = 0;
    if (!begin_sheet(s, "Công nợ", "CÔNG NỢ VÀ THANH TOÁN", "DEBTS AND PAYMENTS", entry_columns,
                     ARRAY_COUNT(entry_columns)))
        return false;
    write_balance(s, first_day_of_month(st->order.first_month), S("Số dư đầu kỳ / Opening"),
                  st->opening_vnd);
    lxw_row_t first = s->row;
    for (size_t i = 0; i < st->entry_count; i++) {
        write_entry(s, &st->entries[i]);
        owed_vnd += st->entries[i].amount_vnd > 0 ? st->entries[i].amount_vnd : 0;
        paid_vnd += st->entries[i].amount_vnd < 0 ? -st->entries[i].amount_vnd : 0;
    }
    if (st->entry_count > 0) {
        put_text(s, S("Cộng phát sinh / Sum"), STYLE_TITLE);
        s->col = 4;
        put_sum(s, first, owed_vnd, 1, STYLE_SUM);
        put_sum(s, first, paid_vnd, 1, STYLE_SUM);
        next_row(s);
    }
    write_balance(s, first_day_of_month(st->order.last_month + 1) - 1, S("Số dư cuối kỳ / Closing"),
                  st->closing_vnd);
    if (st->deposit_vnd > 0)
        write_balance(s, st->order.made_day, S("Tiền bảo đảm đang giữ / Deposit held"),
                      st->deposit_vnd);
    return true;
}

/* ---- the file ---------------------------------------------------------------------------- */

static err_t refuse(lxw_error failure, const char *path, struct err *err)
{
    int why = errno;
    if (failure == LXW_ERROR_WORKSHEET_INDEX_OUT_OF_RANGE) {
        err_set(err, E_LIMIT, "from", "Bảng kê có nhiều dòng hơn một trang tính chứa được",
                "The statement has more rows than a sheet can hold");
        return err_hint(err, "Chọn ít tháng hơn bằng --from và --to",
                        "Choose fewer months with --from and --to");
    }
    if (failure == LXW_ERROR_MEMORY_MALLOC_FAILED) return err_memory(err);
    return file_error(err, path, why > 0 ? why : EIO);
}

/* The lines of the book itself: its making bears the day of the statement, so that the same
 * statement gives the same bytes. */
static void set_properties(struct sheet *s)
{
    lxw_doc_properties properties = {
        .title = "Bảng kê hóa đơn tiền điện",
        .company = s->demonstration ? "DEMONSTRATION" : "",
        .created = (time_t)(vietnam_midnight_ms(s->statement->order.made_day) / 1000)};
    took(s, workbook_set_properties(s->book, &properties));
}

err_t statement_sheet_write(struct db *db, const struct account_statement *statement,
                            bool demonstration, const char *path, struct err *err)
{
    struct sheet s = {.statement = statement, .demonstration = demonstration};
    lxw_workbook_options options = {.constant_memory = LXW_TRUE};
    errno = 0;
    s.book = workbook_new_opt(path, &options);
    if (s.book == NULL) return err_memory(err);
    make_styles(&s);
    set_properties(&s);
    err_t e = write_bills(&s) ? OK : err_memory(err);
    if (e == OK) e = write_lines(&s, db, err);
    if (e == OK && !write_entries(&s)) e = err_memory(err);
    errno = 0;
    lxw_error closed = workbook_close(s.book);
    if (e != OK) return e;
    if (s.failed != LXW_NO_ERROR) return refuse(s.failed, path, err);
    return closed == LXW_NO_ERROR ? OK : refuse(closed, path, err);
}
