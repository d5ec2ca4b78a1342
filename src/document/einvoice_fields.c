/* SPDX-License-Identifier: Apache-2.0 */
#include "document/einvoice_fields.h"

#include "base/decimal.h"
#include "document/einvoice_notice.h"
#include "document/einvoice_summary.h"

enum { PPM_PER_PERCENT = 10000, PERCENT_PLACES = 2, PPM_PER_HUNDREDTH = 100 };

#define KIND_MADE     EINVOICE_MADE
#define KIND_TEXT     EINVOICE_TEXT
#define KIND_TAX_CODE EINVOICE_TAX_CODE
#define KIND_DIGITS   EINVOICE_DIGITS
#define KIND_DAY      EINVOICE_DAY
#define KIND_COUNT    EINVOICE_COUNT
#define KIND_NUMBER   EINVOICE_NUMBER
#define KIND_KIND     EINVOICE_KIND
#define KIND_MONEY    EINVOICE_MONEY
#define KIND_AMOUNT   EINVOICE_AMOUNT
#define KIND_QUANTITY EINVOICE_QUANTITY
#define KIND_RATE     EINVOICE_RATE_PPM

typedef struct einvoice record_HEAD, record_RELATED, record_SUM;
typedef struct einvoice_party record_SELLER, record_BUYER;
typedef struct einvoice_line record_LINE;
typedef struct einvoice_rate record_RATE;
typedef struct einvoice_extra record_EXTRA;
typedef struct einvoice_notice record_NOTICE;
typedef struct einvoice_wrong record_WRONG;
typedef struct einvoice_summary record_TABLE;
typedef struct summary_row record_ROW;

static const struct einvoice_field fields[EINVOICE_FIELDS] = {
#define FIELD(group_, tag_, kind_, max_, duty_, first_, member_) \
    {.id = EINVOICE_##group_##_##tag_, \
     .group = EINVOICE_##group_, \
     .kind = KIND_##kind_, \
     .duty = EINVOICE_##duty_, \
     .first = EINVOICE_##first_, \
     .max = (max_), \
     .offset = offsetof(record_##group_, member_), \
     .tag = S_INIT(#tag_), \
     .open = S_INIT("<" #tag_ ">"), \
     .close = S_INIT("</" #tag_ ">")},
#include "document/einvoice_fields.def"
#undef FIELD
};

static const enum einvoice_field_id first_of[EINVOICE_GROUPS + 1] = {
    [EINVOICE_HEAD] = EINVOICE_HEAD_PBan,     [EINVOICE_RELATED] = EINVOICE_RELATED_TCHDon,
    [EINVOICE_SELLER] = EINVOICE_SELLER_Ten,  [EINVOICE_BUYER] = EINVOICE_BUYER_Ten,
    [EINVOICE_LINE] = EINVOICE_LINE_TChat,    [EINVOICE_RATE] = EINVOICE_RATE_TSuat,
    [EINVOICE_SUM] = EINVOICE_SUM_TgTCThue,   [EINVOICE_EXTRA] = EINVOICE_EXTRA_TTruong,
    [EINVOICE_NOTICE] = EINVOICE_NOTICE_PBan, [EINVOICE_WRONG] = EINVOICE_WRONG_STT,
    [EINVOICE_TABLE] = EINVOICE_TABLE_PBan,   [EINVOICE_ROW] = EINVOICE_ROW_STT,
    [EINVOICE_GROUPS] = EINVOICE_FIELDS,
};

const struct einvoice_field *einvoice_group_fields(enum einvoice_group group, size_t *out_count)
{
    *out_count = (size_t)(first_of[group + 1] - first_of[group]);
    return &fields[first_of[group]];
}

struct str einvoice_group_path(enum einvoice_group group)
{
    static const struct str paths[EINVOICE_GROUPS] = {
        S_INIT("TTChung"),
        S_INIT("TTChung/TTHDLQuan"),
        S_INIT("NDHDon/NBan"),
        S_INIT("NDHDon/NMua"),
        S_INIT("NDHDon/DSHHDVu/HHDVu"),
        S_INIT("NDHDon/TToan/THTTLTSuat/LTSuat"),
        S_INIT("NDHDon/TToan"),
        S_INIT("TTKhac/TTin"),
        S_INIT("DLTBao"),
        S_INIT("DLTBao/DSHDon/HDon"),
        S_INIT("DLBTHop/TTChung"),
        S_INIT("DLBTHop/NDBTHDLieu/DSDLieu/DLieu"),
    };
    return paths[group];
}

/* ---- members ----------------------------------------------------------------------------- */

bool einvoice_is_text(enum einvoice_kind kind)
{
    return kind == EINVOICE_TEXT || kind == EINVOICE_TAX_CODE || kind == EINVOICE_DIGITS;
}

/* Days and counts are 32 bits wide in memory. */
static bool is_narrow(enum einvoice_kind kind)
{
    return kind == EINVOICE_DAY || kind == EINVOICE_COUNT;
}

struct str einvoice_text_of(const struct einvoice_field *field, const void *record)
{
    ASSERT(einvoice_is_text(field->kind));
    return *(const struct str *)((const char *)record + field->offset);
}

int64_t einvoice_i64_of(const struct einvoice_field *field, const void *record)
{
    const char *at = (const char *)record + field->offset;
    ASSERT(field->kind != EINVOICE_MADE && !einvoice_is_text(field->kind));
    if (field->kind == EINVOICE_KIND) return (int64_t) * (const enum einvoice_line_kind *)at;
    return is_narrow(field->kind) ? *(const int32_t *)at : *(const int64_t *)at;
}

void einvoice_set_text(const struct einvoice_field *field, void *record, struct str text)
{
    ASSERT(einvoice_is_text(field->kind));
    *(struct str *)((char *)record + field->offset) = text;
}

void einvoice_set_i64(const struct einvoice_field *field, void *record, int64_t value)
{
    char *at = (char *)record + field->offset;
    ASSERT(field->kind != EINVOICE_MADE && !einvoice_is_text(field->kind));
    if (field->kind == EINVOICE_KIND)
        *(enum einvoice_line_kind *)at = (enum einvoice_line_kind)value;
    else if (is_narrow(field->kind)) *(int32_t *)at = (int32_t)value;
    else *(int64_t *)at = value;
}

/* ---- rates ------------------------------------------------------------------------------- */

static bool is_named(int64_t vat_ppm)
{
    return vat_ppm == 0 || vat_ppm == 5 * PPM_PER_PERCENT || vat_ppm == 8 * PPM_PER_PERCENT ||
           vat_ppm == 10 * PPM_PER_PERCENT;
}

void einvoice_rate_add(struct buf *out, int64_t vat_ppm)
{
    if (vat_ppm == EINVOICE_VAT_NOT_SUBJECT) {
        buf_add(out, S("KCT"));
    } else if (vat_ppm == EINVOICE_VAT_NOT_DECLARED) {
        buf_add(out, S("KKKNT"));
    } else if (is_named(vat_ppm)) {
        buf_add_i64(out, vat_ppm / PPM_PER_PERCENT);
        buf_add_char(out, '%');
    } else {
        buf_add(out, S("KHAC:"));
        buf_add_padded(out, vat_ppm / PPM_PER_PERCENT, 2);
        buf_add_char(out, '.');
        buf_add_padded(out, vat_ppm % PPM_PER_PERCENT / PPM_PER_HUNDREDTH, 2);
        buf_add_char(out, '%');
    }
}

bool einvoice_rate_parse(struct str text, int64_t *out_ppm)
{
    int64_t hundredths;
    if (str_equal(text, S("KCT"))) *out_ppm = EINVOICE_VAT_NOT_SUBJECT;
    else if (str_equal(text, S("KKKNT"))) *out_ppm = EINVOICE_VAT_NOT_DECLARED;
    else {
        if (str_starts(text, S("KHAC:"))) text = str_sub(text, 5, text.n);
        if (!str_ends(text, S("%"))) return false;
        text = str_sub(text, 0, text.n - 1);
        if (!decimal_parse(text, PERCENT_PLACES, &hundredths)) return false;
        if (hundredths < 0 || hundredths > 100 * 100) return false;
        *out_ppm = hundredths * PPM_PER_HUNDREDTH;
    }
    return true;
}
