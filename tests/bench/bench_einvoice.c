/* SPDX-License-Identifier: Apache-2.0 */
/* E-invoices on one core: checked and written without a signature; signed as well. Beside the
 * latter the bare RSA-2048 signatures of the same key by the same library, taken in turns so that
 * a busy machine weighs on both. */
#include <openssl/evp.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/date.h"
#include "base/file.h"
#include "bench.h"
#include "document/einvoice_devkey.h"
#include "document/einvoice_sign.h"
#include "document/einvoice_write.h"

enum {
    LINES = 6,
    INVOICES = 20000,
    SIGNATURES = 100,
    ROUNDS = 5,
    TURNS = 40,
    ARENA_BYTES = 1 << 20,
    DOCUMENT_BYTES = 1 << 20,
    TARGET_PER_SECOND = 20000
};

struct work {
    struct einvoice invoice;
    struct einvoice_line lines[LINES];
    struct einvoice_extra extras[3];
    struct signer signer;
    struct arena arena;
    struct buf plain, out;
    struct xml_document where;
    int64_t checksum;
};

/* 461 kWh over six tiers. */
static void make(struct work *w)
{
    static const int64_t kwh[LINES] = {50, 50, 100, 100, 100, 61};
    static const int64_t price[LINES] = {1984, 2050, 2380, 2998, 3350, 3460};
    w->invoice =
        (struct einvoice){.name = {1, S("K26TDN"), 0, day_from_civil(2026, 8, 5)},
                          .payment_method = S("TM/CK"),
                          .bill_number = S("PD01-000001-001-2026-07-N-1"),
                          .seller = {.name = S("Hợp tác xã điện Thử Nghiệm"),
                                     .tax_code = S("0100000000"),
                                     .address = S("Số 1, đường Thử Nghiệm, Xã Thử & Tỉnh Mẫu"),
                                     .phone = S("19000000"),
                                     .bank_account = S("0000000000000"),
                                     .bank_name = S("Ngân hàng Thử Nghiệm")},
                          .buyer = {.name = S("Nguyễn Văn Thử"),
                                    .address = S("Thôn 1, Xã Thử, Tỉnh Mẫu"),
                                    .customer_code = S("PD00000000001")},
                          .lines = w->lines,
                          .line_count = LINES,
                          .extras = w->extras,
                          .extra_count = 3,
                          .vat_ppm = 80000};
    for (int i = 0; i < LINES; i++) {
        w->lines[i] = (struct einvoice_line){.kind = EINVOICE_GOODS,
                                             .code = S("SH"),
                                             .name = S("Điện sinh hoạt, bậc"),
                                             .unit = S("kWh"),
                                             .has_quantity = true,
                                             .quantity_milli = kwh[i] * 1000,
                                             .price_milli = price[i] * 1000,
                                             .amount_vnd = kwh[i] * price[i],
                                             .vat_ppm = 80000};
        w->invoice.pre_vat_vnd += kwh[i] * price[i];
    }
    w->extras[0] = (struct einvoice_extra){S("MaCongTo"), S("string"), S("TEST-0001")};
    w->extras[1] = (struct einvoice_extra){S("ChiSoCu"), S("numeric"), S("11804")};
    w->extras[2] = (struct einvoice_extra){S("ChiSoMoi"), S("numeric"), S("12265")};
    w->invoice.vat_vnd = (w->invoice.pre_vat_vnd * 8 + 50) / 100;
    w->invoice.total_vnd = w->invoice.pre_vat_vnd + w->invoice.vat_vnd;
}

static void write_one(struct work *w, int64_t number)
{
    struct err err;
    struct einvoice_findings findings;
    arena_reset(&w->arena);
    buf_reset(&w->plain);
    findings_init(&findings, &w->arena);
    w->invoice.name.number = number;
    err_t e =
        einvoice_write(&w->invoice, S("00020101021226"), &findings, &w->plain, &w->where, &err);
    ASSERT(e == OK);
    w->checksum += (int64_t)w->plain.n;
}

static void write_all(void *context)
{
    for (int64_t i = 1; i <= INVOICES; i++) write_one(context, i);
}

static void sign_all(void *context)
{
    struct work *w = context;
    struct err err;
    struct signing signing = {&w->signer, vietnam_midnight_ms(w->invoice.name.day), true};
    for (int64_t i = 1; i <= SIGNATURES; i++) {
        struct einvoice_findings findings;
        write_one(w, i);
        findings_init(&findings, &w->arena);
        buf_reset(&w->out);
        struct signed_document what = {buf_str(&w->plain), &w->where, w->invoice.name.day,
                                       w->invoice.seller.tax_code, S("NBan")};
        err_t e = document_sign(&signing, &what, &findings, &w->out, &err);
        ASSERT(e == OK);
        w->checksum += (int64_t)w->out.n;
    }
}

static void sign_bare(void *context)
{
    struct work *w = context;
    unsigned char digest[32] = {0}, value[512];
    EVP_PKEY_CTX *rsa = EVP_PKEY_CTX_new(w->signer.key, NULL);
    bool good =
        EVP_PKEY_sign_init(rsa) == 1 && EVP_PKEY_CTX_set_signature_md(rsa, EVP_sha256()) == 1;
    for (int i = 0; i < SIGNATURES && good; i++) {
        size_t size = sizeof value;
        digest[0] = (unsigned char)i;
        good = EVP_PKEY_sign(rsa, value, &size, digest, sizeof digest) == 1;
        w->checksum += value[0];
    }
    ASSERT(good);
    EVP_PKEY_CTX_free(rsa);
}

static void open_signer(struct work *w, struct arena *arena)
{
    static char folder[] = "/tmp/bench-einvoice-XXXXXX";
    char path[FILE_PATH_MAX_BYTES];
    struct buf buf;
    struct err err;
    bool made = mkdtemp(folder) != NULL;
    ASSERT(made);
    err_t e = devkey_make(folder, S("0100000000"), &err);
    ASSERT(e == OK);
    buf_init_fixed(&buf, path, sizeof path);
    buf_printf(&buf, "%s/" DEVKEY_FILE, folder);
    e = signer_open(arena, &(struct signer_source){path, NULL, S("")}, &w->signer, &err);
    ASSERT(e == OK);
    unlink(path);
    buf_reset(&buf);
    buf_printf(&buf, "%s/" DEVKEY_CERTIFICATE_FILE, folder);
    unlink(path);
    rmdir(folder);
}

int main(void)
{
    static struct work w;
    struct arena keys;
    int64_t signed_ns = INT64_MAX, bare_ns = INT64_MAX;
    arena_init(&keys, ARENA_BYTES);
    arena_init(&w.arena, ARENA_BYTES);
    buf_init(&w.plain, DOCUMENT_BYTES);
    buf_init(&w.out, DOCUMENT_BYTES);
    make(&w);
    open_signer(&w, &keys);
    int64_t written = bench_per_second(INVOICES, bench_best_ns(ROUNDS, write_all, &w));
    for (int i = 0; i < TURNS; i++) {
        int64_t one = bench_best_ns(1, sign_all, &w), two = bench_best_ns(1, sign_bare, &w);
        signed_ns = one < signed_ns ? one : signed_ns;
        bare_ns = two < bare_ns ? two : bare_ns;
    }
    bench_print("e-invoice checked and written, six lines, no signature, one core", written,
                "invoices/s", TARGET_PER_SECOND, "the target");
    bench_print("e-invoice written and signed, RSA 2048, one core",
                bench_per_second(SIGNATURES, signed_ns), "invoices/s",
                bench_per_second(SIGNATURES, bare_ns), "bare signatures of OpenSSL");
    signer_close(&w.signer);
    buf_release(&w.plain);
    buf_release(&w.out);
    arena_release(&w.arena);
    arena_release(&keys);
    return 0;
}
