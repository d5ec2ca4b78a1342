/* SPDX-License-Identifier: Apache-2.0 */
/* signed_files FOLDER COUNT: signs COUNT random e-invoices and a notice with the development key in
 * the folder into good-<n>.xml, and writes the first one changed in every field and in every part
 * of its signature into bad-<place>-<n>.xml. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/file.h"
#include "document/einvoice_devkey.h"
#include "document/einvoice_notice.h"
#include "document/einvoice_sign.h"
#include "document/einvoice_write.h"
#include "einvoices.h"

enum { ARENA_BYTES = 8 << 20, DOCUMENT_BYTES = 1 << 20, NAME_BYTES = 4096 };

static struct arena arena, keys;
static struct buf plain, out;
static struct err err;
static struct signer signer;
static const char *folder;
static int changed;

static void must(err_t e)
{
    if (e == OK) return;
    fprintf(stderr, "%s: %s\n", err.field, err.en.message);
    exit(1);
}

static void write_file(const char *kind, struct str place, int64_t n, struct str text)
{
    char name[NAME_BYTES];
    struct buf path;
    buf_init_fixed(&path, name, sizeof name);
    buf_printf(&path, "%s/%s%.*s-%lld.xml", folder, kind, STR_ARG(place), (long long)n);
    must(file_write(name, text, &err));
}

static void sign(int32_t day, struct str tax_code, const char *role,
                 const struct xml_document *where)
{
    struct einvoice_findings findings;
    struct signing signing = {&signer, vietnam_midnight_ms(day) + INT64_C(30600000), true};
    struct signed_document what = {buf_str(&plain), where, day, tax_code, str_of(role)};
    findings_init(&findings, &arena);
    buf_reset(&out);
    must(document_sign(&signing, &what, &findings, &out, &err));
}

static void make_invoice(uint64_t seed, struct xml_document *where)
{
    struct made made;
    struct einvoice_findings findings;
    arena_reset(&arena);
    buf_reset(&plain);
    findings_init(&findings, &arena);
    if (seed == 0) made_plain(&made);
    else made_random(&made, &arena, seed);
    must(einvoice_write(&made.invoice, S("000201"), &findings, &plain, where, &err));
    sign(made.invoice.name.day, made.invoice.seller.tax_code, "NBan", where);
}

static void make_notice(void)
{
    struct einvoice_findings findings;
    struct xml_document where;
    int32_t day = day_from_civil(2026, 9, 1);
    struct einvoice_wrong wrong = {
        {1, S("K26TDN"), 5, day - 3}, S(""), EINVOICE_NOTICE_EXPLAIN, S("Sai tên & địa chỉ")};
    struct einvoice_notice notice = {.notice_no = 1,
                                     .day = day,
                                     .office_code = S("10100"),
                                     .office_name = S("Thuế Thử"),
                                     .taxpayer = S("HTX Thử"),
                                     .tax_code = S("0100000000"),
                                     .place = S("Xã Thử"),
                                     .wrong = &wrong,
                                     .wrong_count = 1};
    buf_reset(&plain);
    findings_init(&findings, &arena);
    must(einvoice_notice_write(&notice, &findings, &plain, &where, &err));
    sign(day, notice.tax_code, "NNT", &where);
    write_file("notice", S(""), 1, buf_str(&out));
}

/* One byte is changed into another of its kind, so that the file stays sound XML. */
static void change(struct str place, size_t at)
{
    char was = out.p[at];
    out.p[at] = was == '1' || was == 'A' ? (char)(was + 1) : was >= 'A' ? 'A' : '1';
    write_file("bad-", place, changed++, buf_str(&out));
    out.p[at] = was;
}

/* Every text of the document whose tag begins in [from, to). */
static void change_texts(size_t from, size_t to)
{
    for (size_t i = from; i < to; i++) {
        if (out.p[i] != '<' || out.p[i + 1] == '/' || out.p[i + 1] == '?') continue;
        size_t name = i + 1, end = i;
        while (out.p[end] != '>') end++;
        size_t n = 0;
        while (out.p[name + n] != '>' && out.p[name + n] != ' ') n++;
        struct str tag = {out.p + name, n};
        bool free_text = str_equal(tag, S("DLQRCode")) || str_equal(tag, S("X509SubjectName")) ||
                         str_equal(tag, S("X509Certificate"));
        unsigned char first = (unsigned char)out.p[end + 1];
        if (!free_text && first != '<' && first != '&' && first < 0x80) change(tag, end + 1);
    }
}

/* The value of every attribute that is signed. */
static void change_attributes(size_t from, size_t to)
{
    static const char *const words[] = {" Id=\"HD", "Algorithm=\"", "URI=\"#", "Target=\"#"};
    for (size_t w = 0; w < ARRAY_COUNT(words); w++)
        for (size_t i = from; i < to; i++)
            if (strncmp(out.p + i, words[w], strlen(words[w])) == 0)
                change(S("attribute"), i + strlen(words[w]));
}

int main(int count, char **words)
{
    struct xml_document where;
    char path[NAME_BYTES];
    struct buf buf;
    int64_t files = 0;
    if (count != 3 || !str_to_i64(str_of(words[2]), &files)) return 2;
    folder = words[1];
    arena_init(&arena, ARENA_BYTES);
    arena_init(&keys, ARENA_BYTES);
    buf_init(&plain, DOCUMENT_BYTES);
    buf_init(&out, DOCUMENT_BYTES);
    buf_init_fixed(&buf, path, sizeof path);
    buf_printf(&buf, "%s/%s", folder, DEVKEY_FILE);
    must(signer_open(&keys, &(struct signer_source){path, NULL, S("")}, &signer, &err));
    for (int64_t i = 1; i <= files; i++) {
        make_invoice((uint64_t)i, &where);
        write_file("good", S(""), i, buf_str(&out));
    }
    make_notice();
    make_invoice(0, &where);
    write_file("good", S(""), 0, buf_str(&out));
    change_texts(where.data_start, out.n);
    change_attributes(where.data_start, out.n);
    signer_close(&signer);
    return 0;
}
