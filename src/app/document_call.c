/* SPDX-License-Identifier: Apache-2.0 */
#include "app/document_call.h"

#include "app/facts_call.h"
#include "base/file.h"
#include "base/memory.h"
#include "document/bill_document.h"
#include "document/invoice_view.h"

enum { DOCUMENT_ARENA_BYTES = 512 * 1024 * 1024 };

struct documents {
    const struct call *call;
    struct db *db;
    struct facts_source *source;
    struct typeface *typeface;
    struct arena arena; /* of one document */
    struct document_form form;
};

struct document_form document_form(const struct call *call)
{
    return (struct document_form){.english = call_given(call, "english"),
                                  .large = call_given(call, "large"),
                                  .photo_folder = call_text(call, "photos")};
}

/* A photo may be missing; a store of photos that was named and is not there is a mistake. */
static err_t find_folder(struct str folder, struct err *err)
{
    if (folder.n == 0 || file_exists(folder.p)) return OK;
    err_set(err, E_INPUT, "photos", "Không có kho ảnh này", "There is no such photo store");
    err_detail(err, "%.*s", "%.*s", STR_ARG(folder));
    return err_hint(err, "Kiểm tra đường dẫn, hoặc bỏ --photos",
                    "Check the path, or leave --photos out");
}

err_t documents_open(const struct call *call, struct db *db, const struct document_form *form,
                     struct documents **out, struct err *err)
{
    err_t found = find_folder(form->photo_folder, err);
    if (found != OK) return found;
    struct documents *documents = memory_take(sizeof *documents);
    if (documents == NULL) return err_memory(err);
    *documents = (struct documents){.call = call, .db = db, .form = *form};
    arena_init(&documents->arena, DOCUMENT_ARENA_BYTES);
    struct facts_options options = call_facts_options(call);
    if (form->photo_folder.n > 0) options.photo_folder = form->photo_folder;
    err_t e = facts_source_open(db, &options, &documents->source, err);
    if (e == OK) e = typeface_open(&documents->typeface, err);
    if (e == OK) *out = documents;
    else documents_close(documents);
    return e;
}

void documents_close(struct documents *documents)
{
    if (documents == NULL) return;
    facts_source_close(documents->source);
    typeface_close(documents->typeface);
    arena_release(&documents->arena);
    memory_give(documents, sizeof *documents);
}

static err_t draw(struct documents *documents, struct bill_facts *facts, struct buf *out,
                  struct err *err)
{
    err_t e = call_mask_facts(documents->call, documents->db, &documents->arena, facts, err);
    if (e != OK) return e;
    return bill_document(documents->typeface, &documents->arena, facts, documents->form.english,
                         documents->form.large, out, err);
}

/* The number of the bill behind the name of an invoice, or what was given. */
static err_t number_of(struct documents *documents, struct str name, struct str *out,
                       struct err *err)
{
    char memory[BILL_NUMBER_BYTES];
    struct invoice_row row;
    struct str symbol;
    int64_t template_no, invoice_no;
    *out = name;
    if (!invoice_name_parse(name, &template_no, &symbol, &invoice_no)) return OK;
    err_t e = invoice_find(documents->db, &documents->arena, name, S(""), &row, err);
    if (e == OK) *out = arena_str(&documents->arena, bill_number(row.unit_code, &row.key, memory));
    return e;
}

err_t documents_bill(struct documents *documents, struct str name, struct buf *out, struct err *err)
{
    struct bill_facts facts;
    struct str number;
    arena_reset(&documents->arena);
    err_t e = number_of(documents, name, &number, err);
    if (e == OK) e = bill_facts_load(documents->source, &documents->arena, number, &facts, err);
    return e == OK ? draw(documents, &facts, out, err) : e;
}

err_t documents_row(struct documents *documents, const struct bill_row *row, struct buf *out,
                    struct err *err)
{
    struct bill_facts facts;
    arena_reset(&documents->arena);
    err_t e = bill_facts_of(documents->source, &documents->arena, row, &facts, err);
    return e == OK ? draw(documents, &facts, out, err) : e;
}
