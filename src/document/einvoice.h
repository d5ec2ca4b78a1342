/* SPDX-License-Identifier: Apache-2.0 */
/* One e-invoice in memory: what is said, before it becomes bytes and after it was read from them.
 *
 *   bill + parties ─► struct einvoice ─► XML (einvoice_write.h) ─► signed (einvoice_sign.h)
 *                          ▲
 *   received file ─────────┘ einvoice_read.h
 *
 * Fields and lengths follow the tax authority's data format; which rules hold is decided by the
 * invoice's own day (einvoice_rules.h). Money is whole đồng here: the line amounts of a bill, exact
 * to a thousandth, become whole đồng by cumulative rounding half up, so that they add up to the sum
 * before tax. Ownership: texts look into whatever they came from. Threads: pure. */
#ifndef SANGDEN_DOCUMENT_EINVOICE_H
#define SANGDEN_DOCUMENT_EINVOICE_H

#include "base/str.h"

enum { EINVOICE_LINES_MAX = 1024, EINVOICE_NUMBER_MAX = 99999999 };

/* What the invoice is to an earlier one. */
enum einvoice_role { EINVOICE_ORIGINAL, EINVOICE_ADJUSTS, EINVOICE_REPLACES };

/* TChat of a line. */
enum einvoice_line_kind {
    EINVOICE_GOODS = 1,
    EINVOICE_PROMOTION,
    EINVOICE_DISCOUNT,
    EINVOICE_NOTE
};

/* The name an invoice has by law: template, symbol, number, day. "1K26TDN 00000123". */
struct einvoice_name {
    int32_t template_no; /* KHMSHDon: 1 VAT invoice */
    struct str symbol;   /* KHHDon: K26TDN */
    int64_t number;      /* SHDon: 1 to 99,999,999, anew each year */
    int32_t day;         /* NLap */
};

struct einvoice_party {
    struct str name, tax_code, address; /* empty where there is none */
    struct str customer_code;           /* MKHang */
    struct str identity_no;             /* CCCDan, from format 2.1.0 on */
    struct str person;                  /* HVTNMHang */
    struct str phone, email, website;
    struct str bank_account, bank_name;
};

struct einvoice_line {
    enum einvoice_line_kind kind;
    struct str code, name, unit; /* MHHDVu, THHDVu, DVTinh */
    bool has_quantity;
    int64_t quantity_milli; /* SLuong in thousandths of the unit */
    int64_t price_milli;    /* DGia in thousandths of a đồng */
    int64_t amount_vnd;     /* ThTien */
    int64_t vat_ppm;        /* TSuat; negative: not subject (KCT) */
};

/* A further field (TTKhac/TTin): meter, readings, period, decision. */
struct einvoice_extra {
    struct str name;  /* TTruong */
    struct str type;  /* KDLieu: string, numeric, date */
    struct str value; /* DLieu */
};

struct einvoice {
    struct einvoice_name name;
    enum einvoice_role role;
    struct einvoice_name related; /* of an adjusting or replacing one */
    struct str related_tax_code;  /* MSTCLQuan, where that is of another seller, from 2.1.0 on */
    struct str reason;            /* why it adjusts or replaces */
    struct str payment_method;    /* HTTToan: "TM/CK" */
    struct str bill_number;       /* the bill it stands for, kept as a further field */
    struct einvoice_party seller, buyer;
    const struct einvoice_line *lines;
    size_t line_count;
    const struct einvoice_extra *extras;
    size_t extra_count;
    int64_t pre_vat_vnd; /* TgTCThue */
    int64_t vat_vnd;     /* TgTThue */
    int64_t vat_ppm;     /* of the whole bill */
    int64_t total_vnd;   /* TgTTTBSo */
};

#endif
