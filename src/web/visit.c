/* SPDX-License-Identifier: Apache-2.0 */
#include "web/visit_int.h"

#include "base/clock.h"
#include "base/memory.h"
#include "draw/typeface.h"

enum { KEPT_MS = 10000 };

/* ---- a page ------------------------------------------------------------------------------ */

err_t visit_page(struct http_request *request, struct http_response *response, struct err *err)
{
    const struct visit_rule *rule = request->route->data;
    bool admitted = false;
    struct visit visit = {
        .request = request, .response = response, .arena = request->arena, .err = err};
    err_t e = http_db(request, &visit.db, err);
    /* A page is one picture of the store, and asks for its locks once. */
    if (e == OK && request->method != HTTP_POST) e = db_begin_read(visit.db, err);
    if (e == OK) e = visit_open(&visit);
    if (e == OK) e = visit_admit(&visit, rule, &admitted);
    if (e == OK && admitted) e = rule->handle(&visit);
    if (e == OK && access_due()) {
        visit_end_snapshot(&visit);
        e = access_flush(visit.db, err);
    }
    return e;
}

void visit_end_snapshot(struct visit *visit)
{
    db_rollback(visit->db);
}

struct str visit_field(const struct visit *visit, struct str name)
{
    const struct http_request *request = visit->request;
    return http_field(request->method == HTTP_POST ? &request->form : &request->query, name);
}

err_t visit_go(struct visit *visit, struct str path)
{
    return http_redirect(visit->request, visit->response, path, visit->err);
}

err_t visit_note(struct visit *visit, int64_t unit_id, enum access_subject subject,
                 int64_t subject_id, struct str action, struct str reason)
{
    if (visit->actor.staff_id == 0) return OK;
    if (access_due()) visit_end_snapshot(visit); /* it may have to write */
    const struct access_entry entry = {.unit_id = unit_id,
                                       .staff_id = visit->actor.staff_id,
                                       .subject = subject,
                                       .subject_id = subject_id,
                                       .action = action,
                                       .reason = reason,
                                       .address = visit->request->address};
    return access_note(visit->db, &entry, visit->err);
}

void visit_file(struct visit *visit, const char *type, struct str file_name, bool attached)
{
    visit->response->type = type;
    struct str line = arena_printf(visit->arena, "%s; filename=\"%.*s\"",
                                   attached ? "attachment" : "inline", STR_ARG(file_name));
    if (line.p != NULL) http_add_header(visit->response, "Content-Disposition", line);
}

err_t visit_nothing(struct visit *visit)
{
    err_set(visit->err, E_NOT_FOUND, NULL, "Không có mục này, hoặc không thuộc tài khoản đang dùng",
            "There is no such thing, or it does not belong to this account");
    return err_hint(visit->err, "Bắt đầu từ trang chủ và chọn từ danh sách",
                    "Start from the home page and choose from the list");
}

/* ---- kept beside the connection of the thread -------------------------------------------- */

struct kept {
    struct typeface *typeface;
    struct facts_source *facts;
    int64_t facts_at_ms;
};

void visit_own_release(void *own)
{
    struct kept *kept = own;
    facts_source_close(kept->facts);
    typeface_close(kept->typeface);
    memory_give(kept, sizeof *kept);
}

static struct kept *kept_of(struct visit *visit)
{
    void **own = http_own(visit->request);
    if (*own == NULL) {
        struct kept *kept = memory_take(sizeof *kept);
        if (kept != NULL) *kept = (struct kept){0};
        *own = kept;
    }
    return *own;
}

/* A typeface that ran out of memory stays failed, so it is made anew after a page that failed. */
err_t visit_typeface(struct visit *visit, struct typeface **out)
{
    struct kept *kept = kept_of(visit);
    if (kept == NULL) return err_memory(visit->err);
    err_t e = kept->typeface != NULL ? OK : typeface_open(&kept->typeface, visit->err);
    if (e == OK) *out = kept->typeface;
    return e;
}

err_t visit_facts(struct visit *visit, struct facts_source **out)
{
    struct kept *kept = kept_of(visit);
    int64_t now_ms = clock_monotonic_ns() / 1000000;
    err_t e = OK;
    if (kept == NULL) return err_memory(visit->err);
    if (kept->facts == NULL || now_ms - kept->facts_at_ms > KEPT_MS) {
        const struct facts_options options = {.photo_folder = visit->site->photo_folder,
                                              .portal = visit->site->portal,
                                              .demonstration = visit->site->demonstration};
        facts_source_close(kept->facts);
        kept->facts = NULL;
        kept->facts_at_ms = now_ms;
        e = facts_source_open(visit->db, &options, &kept->facts, visit->err);
    }
    if (e == OK) *out = kept->facts;
    return e;
}
