/* SPDX-License-Identifier: Apache-2.0 */
#include "identity/channel.h"
#include "web/visit_int.h"

/* ---- a page ------------------------------------------------------------------------------ */

/* A refusal is shown with the links and the language of who asked. */
static void keep_for_problem(const struct visit *visit)
{
    struct show *kept = ARENA_NEW(visit->arena, struct show);
    if (kept != NULL) *kept = visit->show;
    visit->request->face = kept;
}

static err_t make_page(struct visit *visit, const struct visit_rule *rule)
{
    bool admitted = false;
    visit_prepare(visit);
    err_t e = visit_admit(visit, rule, &admitted);
    if (e == OK && admitted) e = rule->handle(visit);
    if (e == OK && admitted) visit_answer_keep(visit, rule);
    if (e != OK) keep_for_problem(visit);
    return e;
}

enum { SHOWN = 200 };

/* Who opens the portal is counted by how; what its worker fetches by itself is no visit. */
static void count_channel(const struct visit *visit)
{
    const struct http_request *request = visit->request;
    bool installed = str_equal(request->path, S("/khach-hang/ung-dung"));
    if (visit->login_id == 0 || request->method != HTTP_GET || visit->response->status != SHOWN)
        return;
    if (!installed && !str_equal(request->path, S("/khach-hang"))) return;
    if (str_equal(http_header(request, S("Purpose")), S("prefetch"))) return;
    channel_seen(installed ? CHANNEL_installed : CHANNEL_browser, visit->today);
}

err_t visit_page(struct http_request *request, struct http_response *response, struct err *err)
{
    const struct visit_rule *rule = request->route->data;
    struct visit visit = {
        .request = request, .response = response, .arena = request->arena, .err = err};
    bool again = false;
    err_t e = http_db(request, &visit.db, err);
    /* A page is one picture of the store, and asks for its locks once. */
    if (e == OK && request->method != HTTP_POST) e = db_begin_read(visit.db, err);
    if (e == OK) e = visit_open(&visit);
    if (e == OK) e = visit_answer_again(&visit, rule, &again);
    if (e == OK && !again) e = make_page(&visit, rule);
    if (e == OK) count_channel(&visit);
    if (e == OK && access_late()) {
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

/* A full ring is written by whoever comes, outside the picture of the store that a page is. */
static err_t write_note(struct visit *visit, const struct access_entry *entry)
{
    if (access_try(entry)) return OK;
    visit_end_snapshot(visit);
    return access_note(visit->db, entry, visit->err);
}

err_t visit_note(struct visit *visit, int64_t unit_id, enum access_subject subject,
                 int64_t subject_id, struct str action, struct str reason)
{
    if (visit->actor.staff_id == 0) return OK;
    const struct access_entry entry = {.unit_id = unit_id,
                                       .staff_id = visit->actor.staff_id,
                                       .subject = subject,
                                       .subject_id = subject_id,
                                       .action = action,
                                       .reason = reason,
                                       .address = visit->request->address};
    return write_note(visit, &entry);
}

static bool is_shown(const struct visit *visit, const struct visit_shown *shown)
{
    for (size_t i = 0; i < visit->shown_count && i < VISIT_SHOWN_MAX; i++) {
        const struct visit_shown *before = &visit->shown[i];
        if (before->unit_id == shown->unit_id && before->subject == shown->subject &&
            before->subject_id == shown->subject_id &&
            str_equal(str_of(before->action), str_of(shown->action)))
            return true;
    }
    return false;
}

err_t visit_note_shown(struct visit *visit, const struct visit_shown *shown)
{
    if (is_shown(visit, shown)) return OK;
    if (visit->shown_count < VISIT_SHOWN_MAX) visit->shown[visit->shown_count] = *shown;
    visit->shown_count++;
    const struct access_entry entry = {.unit_id = shown->unit_id,
                                       .login_id = visit->login_id,
                                       .subject = shown->subject,
                                       .subject_id = shown->subject_id,
                                       .action = str_of(shown->action),
                                       .reason = str_of(shown->part),
                                       .address = visit->request->address};
    return write_note(visit, &entry);
}

void visit_file(struct visit *visit, const char *type, struct str file_name, bool attached)
{
    visit->response->type = type;
    struct str line = arena_printf(visit->arena, "%s; filename=\"%.*s\"",
                                   attached ? "attachment" : "inline", STR_ARG(file_name));
    if (line.p != NULL) http_add_header(visit->response, "Content-Disposition", line);
}

err_t(visit_nothing)(struct visit *visit)
{
    err_set(visit->err, E_NOT_FOUND, NULL, "Không có mục này, hoặc không thuộc tài khoản đang dùng",
            "There is no such thing, or it does not belong to this account");
    return err_hint(visit->err, "Bắt đầu từ trang chủ và chọn từ danh sách",
                    "Start from the home page and choose from the list");
}
