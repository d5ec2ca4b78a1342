/* SPDX-License-Identifier: Apache-2.0 */
#include "document/einvoice_findings.h"

#include "base/buffer.h"

void findings_init(struct einvoice_findings *findings, struct arena *arena)
{
    *findings = (struct einvoice_findings){.arena = arena};
}

static void add(struct einvoice_findings *f, struct einvoice_finding one,
                const struct einvoice_words *words, va_list arguments)
{
    size_t *count = one.refused ? &f->refused : &f->warned;
    if (++*count > EINVOICE_FINDINGS_MAX) return;
    struct einvoice_finding *kept = ARENA_NEW(f->arena, struct einvoice_finding);
    if (kept == NULL) return;
    *kept = one;
    kept->vi = arena_vprintf(f->arena, words->vi, arguments);
    kept->en = arena_vprintf(f->arena, words->en, arguments);
    kept->path = arena_str(f->arena, one.path);
    kept->hint_vi = words->hint_vi;
    kept->hint_en = words->hint_en;
    if (f->last == NULL) f->first = kept;
    else f->last->next = kept;
    f->last = kept;
}

void findings_refuse(struct einvoice_findings *findings, const char *code, struct str path,
                     const struct einvoice_words *words, ...)
{
    va_list arguments;
    va_start(arguments, words);
    add(findings, (struct einvoice_finding){.refused = true, .code = code, .path = path}, words,
        arguments);
    va_end(arguments);
}

void findings_warn(struct einvoice_findings *findings, const char *code, struct str path,
                   const struct einvoice_words *words, ...)
{
    va_list arguments;
    va_start(arguments, words);
    add(findings, (struct einvoice_finding){.code = code, .path = path}, words, arguments);
    va_end(arguments);
}

err_t findings_error(const struct einvoice_findings *findings, struct err *err)
{
    const struct einvoice_finding *one = findings->first;
    if (findings->arena->failed) return err_memory(err);
    if (findings->refused == 0) return OK;
    while (!one->refused) one = one->next;
    err_set(err, E_INPUT, NULL, "%s%.0s", "%.0s%s", one->vi.p, one->en.p);
    err_field(err, one->path);
    if (findings->refused > 1)
        err_detail(err, "Còn %zu lỗi khác", "%zu more faults", findings->refused - 1);
    return err_hint(err, "%s%.0s", "%.0s%s", one->hint_vi, one->hint_en);
}
