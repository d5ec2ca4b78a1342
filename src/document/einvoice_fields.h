/* SPDX-License-Identifier: Apache-2.0 */
/* The fields of an e-invoice, of a notice about wrong ones and of a summary table as one table
 * (einvoice_fields.def) that feeds checking, writing and reading, so that they cannot disagree.
 *
 *   group    element                              record
 *   HEAD     DLHDon/TTChung                       struct einvoice
 *   RELATED  DLHDon/TTChung/TTHDLQuan             struct einvoice
 *   SELLER   DLHDon/NDHDon/NBan                   struct einvoice_party
 *   BUYER    DLHDon/NDHDon/NMua                   struct einvoice_party
 *   LINE     DLHDon/NDHDon/DSHHDVu/HHDVu          struct einvoice_line
 *   RATE     DLHDon/NDHDon/TToan/THTTLTSuat/LTSuat struct einvoice_rate
 *   SUM      DLHDon/NDHDon/TToan                  struct einvoice
 *   EXTRA    DLHDon/TTKhac/TTin                   struct einvoice_extra
 *   NOTICE   DLTBao                               struct einvoice_notice
 *   WRONG    DLTBao/DSHDon/HDon                   struct einvoice_wrong
 *   TABLE    DLBTHop/TTChung                      struct einvoice_summary
 *   ROW      DLBTHop/NDBTHDLieu/DSDLieu/DLieu     struct summary_row
 *
 * Threads: pure. */
#ifndef SANGDEN_DOCUMENT_EINVOICE_FIELDS_H
#define SANGDEN_DOCUMENT_EINVOICE_FIELDS_H

#include "base/buffer.h"
#include "document/einvoice.h"

enum einvoice_format { EINVOICE_F200, EINVOICE_F201, EINVOICE_F210 };

enum einvoice_group {
    EINVOICE_HEAD,
    EINVOICE_RELATED,
    EINVOICE_SELLER,
    EINVOICE_BUYER,
    EINVOICE_LINE,
    EINVOICE_RATE,
    EINVOICE_SUM,
    EINVOICE_EXTRA,
    EINVOICE_NOTICE,
    EINVOICE_WRONG,
    EINVOICE_TABLE,
    EINVOICE_ROW,
    EINVOICE_GROUPS
};

enum einvoice_kind {
    EINVOICE_MADE,     /* no member: made by the program */
    EINVOICE_TEXT,     /* struct str */
    EINVOICE_TAX_CODE, /* struct str: 10 or 12 digits, or 10 and -001 */
    EINVOICE_DIGITS,   /* struct str: exactly max digits */
    EINVOICE_DAY,      /* int32_t */
    EINVOICE_COUNT,    /* int32_t, above 0 */
    EINVOICE_NUMBER,   /* int64_t, above 0 */
    EINVOICE_KIND,     /* enum einvoice_line_kind */
    EINVOICE_MONEY,    /* int64_t, đồng */
    EINVOICE_AMOUNT,   /* the same in a line: a discount is written with the opposite sign */
    EINVOICE_QUANTITY, /* int64_t, thousandths */
    EINVOICE_RATE_PPM  /* int64_t, parts per million or one of the two below */
};

/* TSuat that is no percentage: not subject to VAT (KCT), not declared (KKKNT). */
enum { EINVOICE_VAT_NOT_SUBJECT = -1, EINVOICE_VAT_NOT_DECLARED = -2 };

enum einvoice_duty { EINVOICE_MUST, EINVOICE_MAY, EINVOICE_OWN };

/* Places in the table: EINVOICE_HEAD_PBan and so on. */
enum einvoice_field_id {
#define FIELD(group, tag, kind, max, duty, first, member) EINVOICE_##group##_##tag,
#include "document/einvoice_fields.def"
#undef FIELD
    EINVOICE_FIELDS
};

/* What one rate of VAT adds up to. */
struct einvoice_rate {
    int64_t vat_ppm, pre_vat_vnd, vat_vnd;
};

struct einvoice_field {
    enum einvoice_field_id id;
    enum einvoice_group group;
    enum einvoice_kind kind;
    enum einvoice_duty duty;
    enum einvoice_format first;
    int32_t max;
    size_t offset; /* of the member in the record of the group */
    struct str tag, open, close;
};

/* The fields of a group in their order. */
const struct einvoice_field *einvoice_group_fields(enum einvoice_group group, size_t *out_count);
/* "NDHDon/NMua": the way to the group's element below DLHDon. */
struct str einvoice_group_path(enum einvoice_group group);

/* The member of a field in a record. */
struct str einvoice_text_of(const struct einvoice_field *field, const void *record);
int64_t einvoice_i64_of(const struct einvoice_field *field, const void *record);
/* Sets it; text only for text kinds, value only for the others. */
void einvoice_set_text(const struct einvoice_field *field, void *record, struct str text);
void einvoice_set_i64(const struct einvoice_field *field, void *record, int64_t value);
bool einvoice_is_text(enum einvoice_kind kind);

/* "8%", "KHAC:03.50%", "KCT", "KKKNT" and back; false when it is none of these. */
void einvoice_rate_add(struct buf *out, int64_t vat_ppm);
NODISCARD bool einvoice_rate_parse(struct str text, int64_t *out_ppm);

#endif
