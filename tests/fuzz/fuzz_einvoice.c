/* SPDX-License-Identifier: Apache-2.0 */
/* Received e-invoices: whatever the bytes, they are refused with a reason or read the same twice;
 * what fits the rules can be written, and is read from there as it was. */
#include "fuzz.h"

#include "document/einvoice_read.h"
#include "document/einvoice_write.h"

enum { ARENA_BYTES = 64 << 20 };

static void check_refusal(const struct err *err)
{
    ASSERT(err->vi.message[0] != '\0' && err->en.message[0] != '\0');
    ASSERT(err->vi.hint[0] != '\0' && err->en.hint[0] != '\0');
}

static void check_findings(const struct einvoice_findings *findings)
{
    size_t count = 0;
    for (const struct einvoice_finding *f = findings->first; f != NULL; f = f->next) {
        ASSERT(f->code[0] != '\0' && f->vi.n > 0 && f->en.n > 0);
        ASSERT(f->hint_vi[0] != '\0' && f->hint_en[0] != '\0');
        count++;
    }
    ASSERT(count <= 2 * EINVOICE_FINDINGS_MAX);
}

/* What fits the rules survives being written. */
static void check_written(struct arena *arena, const struct einvoice_reading *first)
{
    struct einvoice_findings findings;
    struct einvoice_reading again;
    struct xml_document where;
    struct buf out;
    struct err err;
    findings_init(&findings, arena);
    buf_init(&out, EINVOICE_BYTES_MAX);
    if (einvoice_write(&first->invoice, S(""), &findings, &out, &where, &err) == OK &&
        out.n <= XML_FILE_BYTES_MAX) {
        err_t e = einvoice_read(arena, buf_str(&out), NULL, &again, &err);
        ASSERT(e == OK && again.findings.refused == 0 && !again.proven);
        ASSERT(again.invoice.total_vnd == first->invoice.total_vnd);
        ASSERT(again.invoice.line_count == first->invoice.line_count);
        ASSERT(str_equal(again.invoice.buyer.name, first->invoice.buyer.name));
    }
    buf_release(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str text = {(const char *)data, size};
    struct arena arena;
    static struct einvoice_reading first, second;
    struct err err = {0};
    arena_init(&arena, ARENA_BYTES);
    err_t e = einvoice_read(&arena, text, NULL, &first, &err);
    if (e == OK) {
        ASSERT(einvoice_read(&arena, text, NULL, &second, &err) == OK);
        ASSERT(first.proven == second.proven && first.findings.refused == second.findings.refused);
        ASSERT(!first.proven || first.signature_count > 0);
        check_findings(&first.findings);
        check_written(&arena, &first);
    } else {
        check_refusal(&err);
    }
    arena_release(&arena);
    return 0;
}
