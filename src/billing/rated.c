/* SPDX-License-Identifier: Apache-2.0 */
#include "billing/rated.h"

enum { PACK_VERSION = 1, FLAG_QUANTITY = 1, FLAG_PRICE = 2, FLAG_PERCENT = 4 };

static const char *const kind_codes[RATED_KIND_COUNT] = {"energy", "reactive", "support", "fee"};

struct str rated_kind_code(enum rated_line_kind kind)
{
    ASSERT(kind >= 0 && kind < RATED_KIND_COUNT);
    return str_of(kind_codes[kind]);
}

bool rated_kind_parse(struct str code, enum rated_line_kind *out)
{
    for (int kind = 0; kind < RATED_KIND_COUNT; kind++) {
        if (!str_equal(code, str_of(kind_codes[kind]))) continue;
        *out = (enum rated_line_kind)kind;
        return true;
    }
    return false;
}

static void put_number(struct buf *buf, int64_t value)
{
    uint64_t bits = ((uint64_t)value << 1) ^ (uint64_t)(value >> 63);
    for (; bits >= 0x80; bits >>= 7) buf_add_char(buf, (char)(bits | 0x80));
    buf_add_char(buf, (char)bits);
}

static void put_text(struct buf *buf, struct str text)
{
    put_number(buf, (int64_t)text.n);
    buf_add(buf, text);
}

static void pack_line(struct buf *buf, const struct rated_line *line)
{
    int flags = (line->has_quantity ? FLAG_QUANTITY : 0) | (line->has_price ? FLAG_PRICE : 0) |
                (line->has_percent ? FLAG_PERCENT : 0);
    put_number(buf, line->kind);
    put_number(buf, flags);
    put_text(buf, line->category);
    put_text(buf, line->voltage);
    put_text(buf, line->decision);
    put_text(buf, line->tou);
    put_number(buf, line->tier);
    put_number(buf, line->from_day);
    put_number(buf, line->to_day - line->from_day);
    if (line->has_quantity) put_number(buf, line->quantity_wh);
    if (line->has_price) put_number(buf, line->price_vnd);
    if (line->has_percent) put_number(buf, line->percent_hundredths);
    if (line->has_percent) put_number(buf, line->cosphi_hundredths);
    put_number(buf, line->amount_mvnd);
}

void rated_pack(struct buf *buf, const struct rated_bill *bill)
{
    ASSERT(bill->line_count <= RATED_LINES_MAX);
    buf_add_char(buf, PACK_VERSION);
    put_number(buf, bill->from_day);
    put_number(buf, bill->to_day);
    put_number(buf, bill->total_wh);
    put_number(buf, bill->pre_vat_vnd);
    put_number(buf, bill->vat_ppm);
    put_number(buf, bill->vat_vnd);
    put_number(buf, bill->total_vnd);
    put_number(buf, bill->estimated);
    put_number(buf, bill->closing_no);
    put_number(buf, bill->replaces_version);
    put_text(buf, bill->cause);
    put_number(buf, (int64_t)bill->line_count);
    for (size_t i = 0; i < bill->line_count; i++) pack_line(buf, &bill->lines[i]);
}

/* Reads on after a failure too and stays bad, so that one check at the end suffices. */
struct unpacker {
    struct str rest;
    bool bad;
};

static int64_t get_number(struct unpacker *in)
{
    uint64_t bits = 0;
    for (unsigned shift = 0; shift < 64 && in->rest.n > 0; shift += 7) {
        unsigned char byte = (unsigned char)in->rest.p[0];
        in->rest = str_sub(in->rest, 1, in->rest.n);
        bits |= (uint64_t)(byte & 0x7f) << shift;
        if ((byte & 0x80) == 0) return (int64_t)(bits >> 1) ^ -(int64_t)(bits & 1);
    }
    in->bad = true;
    return 0;
}

static struct str get_text(struct unpacker *in)
{
    int64_t size = get_number(in);
    if (size < 0 || (uint64_t)size > in->rest.n) {
        in->bad = true;
        return S("");
    }
    struct str text = str_sub(in->rest, 0, (size_t)size);
    in->rest = str_sub(in->rest, (size_t)size, in->rest.n);
    return text;
}

static void unpack_line(struct unpacker *in, struct rated_line *line)
{
    int64_t kind = get_number(in);
    if (kind < 0 || kind >= RATED_KIND_COUNT) in->bad = true;
    else line->kind = (enum rated_line_kind)kind;
    int64_t flags = get_number(in);
    line->has_quantity = (flags & FLAG_QUANTITY) != 0;
    line->has_price = (flags & FLAG_PRICE) != 0;
    line->has_percent = (flags & FLAG_PERCENT) != 0;
    line->category = get_text(in);
    line->voltage = get_text(in);
    line->decision = get_text(in);
    line->tou = get_text(in);
    line->tier = get_number(in);
    line->from_day = (int32_t)get_number(in);
    line->to_day = line->from_day + (int32_t)get_number(in);
    if (line->has_quantity) line->quantity_wh = get_number(in);
    if (line->has_price) line->price_vnd = get_number(in);
    if (line->has_percent) line->percent_hundredths = get_number(in);
    if (line->has_percent) line->cosphi_hundredths = get_number(in);
    line->amount_mvnd = get_number(in);
}

static err_t refuse_packed(struct err *err)
{
    err_set(err, E_CHECK, "bill_draft", "Dữ liệu của hóa đơn nháp bị hỏng",
            "The packed draft of a bill is damaged");
    return err_hint(err, "Chạy lại sangden bill run cho tháng này",
                    "Run sangden bill run for this month again");
}

err_t rated_unpack(struct arena *arena, struct str packed, struct rated_bill *out,
                   struct err *err)
{
    struct unpacker in = {.rest = packed};
    if (packed.n == 0 || packed.p[0] != PACK_VERSION) return refuse_packed(err);
    in.rest = str_sub(packed, 1, packed.n);
    struct rated_bill bill = {0};
    bill.from_day = (int32_t)get_number(&in);
    bill.to_day = (int32_t)get_number(&in);
    bill.total_wh = get_number(&in);
    bill.pre_vat_vnd = get_number(&in);
    bill.vat_ppm = get_number(&in);
    bill.vat_vnd = get_number(&in);
    bill.total_vnd = get_number(&in);
    bill.estimated = get_number(&in) == 1;
    bill.closing_no = get_number(&in);
    bill.replaces_version = get_number(&in);
    bill.cause = get_text(&in);
    int64_t count = get_number(&in);
    if (in.bad || count < 0 || count > RATED_LINES_MAX) return refuse_packed(err);
    bill.line_count = (size_t)count;
    bill.lines = ARENA_ARRAY(arena, struct rated_line, bill.line_count);
    if (bill.lines == NULL) return err_memory(err);
    for (size_t i = 0; i < bill.line_count; i++) unpack_line(&in, &bill.lines[i]);
    if (in.bad || in.rest.n > 0) return refuse_packed(err);
    *out = bill;
    return OK;
}

/* Whether two lines price the same thing, so that they may be netted. */
static bool same_place(const struct rated_line *a, const struct rated_line *b)
{
    return a->kind == b->kind && str_equal(a->category, b->category) &&
           str_equal(a->voltage, b->voltage) && str_equal(a->decision, b->decision) &&
           str_equal(a->tou, b->tou) && a->tier == b->tier && a->from_day == b->from_day &&
           a->to_day == b->to_day && a->has_quantity == b->has_quantity &&
           a->has_price == b->has_price && a->price_vnd == b->price_vnd &&
           a->has_percent == b->has_percent && a->percent_hundredths == b->percent_hundredths &&
           a->cosphi_hundredths == b->cosphi_hundredths;
}

bool rated_equal(const struct rated_bill *a, const struct rated_bill *b)
{
    if (a->total_wh != b->total_wh || a->pre_vat_vnd != b->pre_vat_vnd ||
        a->vat_vnd != b->vat_vnd || a->vat_ppm != b->vat_ppm || a->total_vnd != b->total_vnd ||
        a->line_count != b->line_count)
        return false;
    for (size_t i = 0; i < a->line_count; i++) {
        const struct rated_line *x = &a->lines[i], *y = &b->lines[i];
        if (!same_place(x, y) || x->amount_mvnd != y->amount_mvnd ||
            (x->has_quantity && x->quantity_wh != y->quantity_wh))
            return false;
    }
    return true;
}

static void net_line(struct rated_bill *sum, const struct rated_line *line, int sign)
{
    struct rated_line *place = NULL;
    for (size_t i = 0; i < sum->line_count && place == NULL; i++)
        if (same_place(&sum->lines[i], line)) place = &sum->lines[i];
    if (place == NULL) {
        place = &sum->lines[sum->line_count++];
        *place = *line;
        place->quantity_wh = place->amount_mvnd = 0;
    }
    place->quantity_wh += sign * line->quantity_wh;
    place->amount_mvnd += sign * line->amount_mvnd;
}

err_t rated_difference(struct arena *arena, const struct rated_bill *before,
                       const struct rated_bill *after, struct rated_bill *out, struct err *err)
{
    struct rated_bill sum = *after;
    sum.line_count = 0;
    sum.lines = ARENA_ARRAY(arena, struct rated_line, before->line_count + after->line_count);
    if (sum.lines == NULL) return err_memory(err);
    for (size_t i = 0; i < after->line_count; i++) net_line(&sum, &after->lines[i], 1);
    for (size_t i = 0; i < before->line_count; i++) net_line(&sum, &before->lines[i], -1);
    size_t kept = 0;
    for (size_t i = 0; i < sum.line_count; i++)
        if (sum.lines[i].amount_mvnd != 0 || sum.lines[i].quantity_wh != 0)
            sum.lines[kept++] = sum.lines[i];
    sum.line_count = kept;
    if (kept > RATED_LINES_MAX) {
        err_set(err, E_LIMIT, "lines", "Hóa đơn có quá nhiều dòng",
                "The bill has too many lines");
        return err_hint(err, "Lập hóa đơn cho từng phần của kỳ dài này",
                        "Bill this long period in several parts");
    }
    sum.total_wh -= before->total_wh;
    sum.pre_vat_vnd -= before->pre_vat_vnd;
    sum.vat_vnd -= before->vat_vnd;
    sum.total_vnd -= before->total_vnd;
    *out = sum;
    return OK;
}
