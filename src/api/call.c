/* SPDX-License-Identifier: Apache-2.0 */
/* What handlers ask of a call: rights, lists, conditions. */
#include "api/call.h"

#include <string.h>

#include "api/tag.h"
#include "base/date.h"
#include "network/unit_list.h"
#include "registry/agreement_view.h"

/* ---- lists -------------------------------------------------------------------------------- */

int64_t api_rows(const struct api_call *call)
{
    return call->page.limit + 1;
}

void *api_add(struct api_call *call, struct args keys)
{
    struct api_page *page = &call->page;
    size_t bytes = call->operation->answer->bytes;
    if ((int64_t)page->count == page->limit) {
        page->more = true;
        return NULL;
    }
    if (page->rows == NULL) page->rows = arena_take_array(call->arena, (size_t)page->limit, bytes);
    if (page->rows == NULL) return NULL;
    ASSERT(keys.count == strlen(call->operation->keys));
    for (size_t i = 0; i < keys.count; i++) {
        page->last[i] = keys.values[i];
        if (keys.values[i].type == VALUE_TEXT)
            page->last[i].str = arena_str(call->arena, keys.values[i].str);
    }
    return page->rows + page->count++ * bytes;
}

/* ---- rights ------------------------------------------------------------------------------- */

static enum permission permission_of(const struct api_call *call)
{
    ASSERT(call->operation->permission != API_NO_PERMISSION);
    return (enum permission)call->operation->permission;
}

err_t api_months(struct api_call *call, int64_t from, int64_t to, int64_t *out_first,
                 int64_t *out_last)
{
    enum { MONTHS_BACK = 23 };
    int32_t last = to != 0 ? month_from_number(to) : month_of_day(call->caller.today);
    int32_t first = from != 0 ? month_from_number(from) : last - MONTHS_BACK;
    if (first > last || last - first > MONTHS_BACK) {
        err_set(call->err, E_INPUT, "from",
                "Từ tháng phải đứng trước đến tháng, nhiều nhất 24 tháng",
                "The months must be in order, and at most 24");
        return err_hint(call->err, "Hỏi từng khoảng 24 tháng", "Ask for 24 months at a time");
    }
    *out_first = month_to_number(first);
    *out_last = month_to_number(last);
    return OK;
}

err_t api_nothing(struct api_call *call)
{
    err_set(call->err, E_NOT_FOUND, NULL, "Không có mục này, hoặc người hỏi không được xem",
            "There is no such thing, or who asks may not see it");
    return err_hint(call->err, "Kiểm tra mã; nếu mã đúng, hỏi đơn vị quản lý về quyền xem",
                    "Check the code; if it is right, ask the unit for the right to see it");
}

err_t api_hidden(struct api_call *call, err_t e)
{
    return e == E_NOT_FOUND || e == E_INPUT ? api_nothing(call) : e;
}

static bool is_noted(const struct api_call *call, const struct access_entry *entry)
{
    for (const struct api_note *note = call->notes; note != NULL; note = note->next)
        if (note->entry.subject == entry->subject && note->entry.subject_id == entry->subject_id)
            return true;
    return false;
}

/* Of staff and partners, whom the log names otherwise. */
static const enum login_role NO_PART = LOGIN_ROLE_COUNT;

/* Kept until no query is open any more: writing may be refused before. what: of the operation's id,
 * as much as the log is to name. part: of a customer. */
static err_t add_note(struct api_call *call, int64_t unit_id, enum access_subject subject,
                      int64_t subject_id, enum login_role part, struct str what)
{
    struct access_entry entry = {.unit_id = unit_id, .subject = subject, .subject_id = subject_id};
    struct api_note *note = ARENA_NEW(call->arena, struct api_note);
    if (note == NULL) return err_memory(call->err);
    entry.action = arena_printf(call->arena, "%.*s.api", STR_ARG(what));
    entry.staff_id = call->caller.actor.staff_id;
    entry.address = call->request->address;
    if (call->caller.kind == CALLER_PARTNER) entry.reason = call->caller.partner.name;
    if (call->caller.kind == CALLER_CUSTOMER) {
        entry.login_id = call->caller.login_id;
        entry.reason = str_of(login_role_name(part));
    }
    *note = (struct api_note){call->notes, entry};
    if (!is_noted(call, &entry)) call->notes = note;
    return OK;
}

static err_t note(struct api_call *call, int64_t unit_id, enum access_subject subject,
                  int64_t subject_id, enum login_role part)
{
    struct str id = str_of(call->operation->id);
    return add_note(call, unit_id, subject, subject_id, part, str_sub(id, 0, str_find(id, '.')));
}

/* Whether the customer may see this of an agreement. What is shown of it stands in the log, the
 * looks of its holder like those of others (decision 123). */
static err_t customer_may(struct api_call *call, int64_t unit_id, int64_t agreement_id,
                          enum login_right right, bool shown, bool *out)
{
    enum login_role part = LOGIN_ROLE_COUNT;
    bool any = false;
    err_t e = login_role_of(call->db, call->caller.login_id, unit_id, agreement_id,
                            call->caller.today, &part, &any, call->err);
    if (e != OK) return e;
    *out = any && login_role_may(part, right);
    return any && (shown || *out) ? note(call, unit_id, ACCESS_AGREEMENT, agreement_id, part) : OK;
}

err_t api_unit(struct api_call *call, struct str code, int64_t *out_unit_id)
{
    err_t e = unit_require(call->db, code, out_unit_id, call->err);
    if (e == OK)
        e = caller_require(call->db, &call->caller, *out_unit_id, permission_of(call), call->err);
    if (e != OK || (call->operation->flags & API_OF_MANY) == 0) return e;
    return add_note(call, *out_unit_id, ACCESS_AGREEMENT, ACCESS_MANY, NO_PART,
                    str_of(call->operation->id));
}

err_t api_agreement(struct api_call *call, int64_t unit_id, int64_t agreement_id,
                    enum login_right right)
{
    const struct caller *caller = &call->caller;
    bool may = false, own = caller->kind == CALLER_CUSTOMER;
    err_t e = OK;
    if (!own) e = caller_may(call->db, caller, unit_id, permission_of(call), &may, call->err);
    else if (call->operation->customers && agreement_id != 0)
        e = customer_may(call, unit_id, agreement_id, right, false, &may);
    if (e != OK) return e;
    if (!may) return api_nothing(call);
    if (own || agreement_id == 0) return OK;
    return note(call, unit_id, ACCESS_AGREEMENT, agreement_id, NO_PART);
}

static err_t reads_customers(struct api_call *call, int64_t unit_id, bool *out)
{
    struct api_opened *opened = &call->opened;
    err_t e = OK;
    if (!opened->known || opened->unit_id != unit_id) {
        *opened = (struct api_opened){.unit_id = unit_id};
        e = caller_may(call->db, &call->caller, unit_id, PERMISSION_CUSTOMER_READ, &opened->may,
                       call->err);
        opened->known = e == OK;
    }
    *out = opened->may;
    return e;
}

static err_t open_for(struct api_call *call, int64_t unit_id, enum access_subject subject,
                      int64_t subject_id, bool *out)
{
    bool open = false;
    err_t e = reads_customers(call, unit_id, &open);
    if (e == OK && open) e = note(call, unit_id, subject, subject_id, NO_PART);
    if (e == OK) *out = open;
    return e;
}

err_t api_open(struct api_call *call, int64_t unit_id, int64_t agreement_id, bool *out)
{
    const struct caller *caller = &call->caller;
    *out = false;
    if (agreement_id == 0) return OK;
    if (caller->kind != CALLER_CUSTOMER)
        return open_for(call, unit_id, ACCESS_AGREEMENT, agreement_id, out);
    return customer_may(call, unit_id, agreement_id, LOGIN_SEES_PERSONAL, true, out);
}

err_t api_open_point(struct api_call *call, int64_t unit_id, int64_t point_id, bool *out)
{
    *out = false;
    return open_for(call, unit_id, ACCESS_POINT, point_id, out);
}

err_t api_holder_since(struct api_call *call, int64_t unit_id, int64_t agreement_id,
                       int32_t *out_day)
{
    int32_t day = 0;
    err_t e = OK;
    if (call->caller.kind == CALLER_CUSTOMER)
        e = agreement_holder_since(call->db, unit_id, agreement_id, call->caller.today, &day,
                                   call->err);
    if (e == OK) *out_day = day;
    return e;
}

/* ---- conditional changes ------------------------------------------------------------------ */

static err_t refuse_stale(struct api_call *call)
{
    call->status = 412;
    err_set(call->err, E_CONFLICT, "If-Match", "Mục này đã được người khác thay đổi",
            "Somebody else has changed this meanwhile");
    return err_hint(call->err, "Đọc lại mục, xem điều đã đổi, rồi gửi với ETag mới",
                    "Read it again, look at what changed, then send with the new ETag");
}

err_t api_match(struct api_call *call, const struct api_schema *schema, const void *row)
{
    struct str given = http_header(call->request, S("If-Match")), piece;
    char tag[TAG_BYTES];
    err_t e = tag_of_row(schema, row, tag, call->err);
    if (e != OK) return e;
    while (str_split(&given, ',', &piece))
        if (str_equal(str_trim(piece), str_of(tag))) return OK;
    return refuse_stale(call);
}
