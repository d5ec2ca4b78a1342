/* SPDX-License-Identifier: Apache-2.0 */
/* Writes every page with test data, in both languages, for the browser tests and for looking at:
 *
 *   fill_pages TARGET FOLDER      FOLDER/vi/bill-tier-six.html, FOLDER/en/…, FOLDER/tai-nguyen/…
 *
 * A page with another state of the world is one line of make_pages. */
#include <stdio.h>

#include "base/date.h"
#include "base/file.h"
#include "document/fixture.h"
#include "draw/typeface.h"
#include "web/assets.h"
#include "web/filling.h"
#include "web/pages.h"

enum {
    ARENA_BYTES = 256 << 20,
    PAGE_BYTES = 4 << 20,
    PATH_BYTES = 1024,
    CODE_MINUTES = 5,
    DEVICE_DAYS = 90
};

static err_t put(struct filling *f, const char *below, struct str name, const char *ending,
                 struct str content)
{
    char path[PATH_BYTES];
    struct buf buf;
    buf_init_fixed(&buf, path, sizeof path);
    buf_printf(&buf, "%s/%s", f->folder, below);
    err_t e = folder_make(path, &f->err);
    buf_printf(&buf, "/%.*s%s", STR_ARG(name), ending);
    return e == OK ? file_write_soon(path, content, &f->err) : e;
}

err_t end_page(struct filling *f, err_t made, const char *name)
{
    err_t e = made;
    if (e == OK)
        e = put(f, f->show.english ? "en" : "vi", str_of(name), ".html", buf_str(&f->page));
    buf_reset(&f->page);
    return e;
}

static err_t facts_of(struct filling *f, const char *number, struct bill_facts *out)
{
    return bill_facts_load(f->source, &f->arena, str_of(number), out, &f->err);
}

/* ---- pages of customers ------------------------------------------------------------------ */

static err_t make_code(struct filling *f, const struct bill_facts *facts, const char *name)
{
    err_t e = payment_code_svg(&f->show, facts);
    if (e == OK) e = put(f, "code", str_of(name), ".svg", buf_str(&f->page));
    buf_reset(&f->page);
    return e;
}

static err_t make_bill(struct filling *f, const struct document_case *document)
{
    char name[PATH_BYTES], address[PATH_BYTES];
    struct buf buf, code;
    struct bill_facts facts;
    buf_init_fixed(&buf, name, sizeof name);
    buf_printf(&buf, "bill-%s", document->name);
    buf_init_fixed(&code, address, sizeof address);
    buf_printf(&code, "/code/%s.svg", name);
    err_t e = facts_of(f, document->number, &facts);
    if (e != OK) return e;
    if (!f->show.english && facts.payment_qr.n > 0) e = make_code(f, &facts, name);
    if (e != OK) return e;
    const struct show_bill bill = {.facts = &facts,
                                   .code = buf_str(&code),
                                   .today = f->today,
                                   .bills = S("/khach-hang/hoa-don"),
                                   .pdf = S("/khach-hang/hoa-don/1.pdf"),
                                   .xml = S("/khach-hang/hoa-don/1.xml"),
                                   .wrong = S("/khach-hang/hoa-don/1/hoi")};
    return end_page(f, show_bill(&f->show, &bill), name);
}

static err_t make_bills(struct filling *f)
{
    const struct show_bills_row rows[] = {{S("Tiền điện tháng 7/2026"), S("/khach-hang/hoa-don/3"),
                                           461000, 1388405, 1388405, f->today + 3, false},
                                          {S("Phí ngừng và cấp điện trở lại ngày 20/07/2026"),
                                           S("/khach-hang/hoa-don/2"), 0, 105840, 105840,
                                           f->today - 3, true},
                                          {S("Tiền điện tháng 6/2026"), S("/khach-hang/hoa-don/1"),
                                           365000, 1033830, 0, f->today - 30, false}};
    const struct show_bills some = {.rows = rows,
                                    .row_count = ARRAY_COUNT(rows),
                                    .before = S("?before=9"),
                                    .after = S("?after=1"),
                                    .left = true,
                                    .today = f->today};
    const struct show_bills none = {.earlier = S("?truoc-khi-chuyen=1"), .today = f->today};
    err_t e = end_page(f, show_bills(&f->show, &some), "bills");
    return e == OK ? end_page(f, show_bills(&f->show, &none), "bills-none") : e;
}

static err_t make_home(struct filling *f, const char *name, const char *number, int32_t today)
{
    struct bill_facts facts;
    err_t e = number == NULL ? OK : facts_of(f, number, &facts);
    if (e != OK) return e;
    const struct show_home home = {.last = number == NULL ? NULL : &facts,
                                   .so_far = {number != NULL, today, 312000, 812000},
                                   .name = number == NULL ? S("Khách hàng thử số 0")
                                                          : facts.customer.name,
                                   .address = S("Nhà 12, ngõ 3, phố Thử nghiệm, phường Mẫu"),
                                   .bill = S("/khach-hang/hoa-don/1"),
                                   .pay = S("/khach-hang/hoa-don/1#pay"),
                                   .level = {WARNING_MONEY, 1000000},
                                   .may_set_level = true,
                                   .today = today};
    return end_page(f, show_home(&f->show, &home), name);
}

static err_t make_verify(struct filling *f, const char *name, bool asked, struct str code,
                         const struct err *refused)
{
    struct verification answer = {0};
    const struct show_verify verify = {.asked = asked,
                                       .number = asked ? S("PD0100-26071-2-2-K1") : S(""),
                                       .code = code,
                                       .answer = &answer,
                                       .refused = refused};
    err_t e = OK;
    if (asked) e = verification_prove(f->db, &f->arena, verify.number, code, &answer, &f->err);
    return e == OK ? end_page(f, show_verify(&f->show, &verify), name) : e;
}

static err_t make_verifications(struct filling *f)
{
    struct bill_facts facts;
    struct err refused = {0};
    err_set(&refused, E_INPUT, "number", "Số hóa đơn có bốn dấu gạch", "A number has four dashes");
    err_hint(&refused, "Chép lại cả dòng từ hóa đơn", "Copy the whole line from the bill");
    err_t e = facts_of(f, "PD0100-26071-2-2-K1", &facts);
    if (e == OK) e = make_verify(f, "verify", false, S(""), NULL);
    if (e == OK) e = make_verify(f, "verify-genuine", true, facts.code, NULL);
    if (e == OK) e = make_verify(f, "verify-wrong", true, S("1K7M-Q2ZD-8XVA"), NULL);
    return e == OK ? make_verify(f, "verify-refused", false, S(""), &refused) : e;
}

/* ---- signing in -------------------------------------------------------------------------- */

static err_t make_sign_in(struct filling *f)
{
    struct err unknown = {0}, wrong = {0};
    const struct show_code code = {
        .sent_to = S("···678"), .minutes = CODE_MINUTES, .remember_days = DEVICE_DAYS};
    const struct show_sign_in fresh = {.typed = S("")};
    const struct show_sign_in refused = {.typed = S("09<script>"), .refused = &unknown};
    const struct show_sign_in locked = {.typed = S("NV01"), .refused = &wrong};
    err_set(&unknown, E_INPUT, "who", "Không đọc được số điện thoại này",
            "This is no phone number");
    err_hint(&unknown, "Nhập mười số, ví dụ 0912345678", "Enter ten digits, such as 0912345678");
    err_set(&wrong, E_FORBIDDEN, "", "Mã nhân viên hoặc mật khẩu không đúng",
            "Staff code or password are wrong");
    err_hint(&wrong, "Nhập lại cả hai", "Enter both again");
    err_t e = end_page(f, show_sign_in(&f->show, &fresh), "sign-in");
    if (e == OK) e = end_page(f, show_sign_in(&f->show, &refused), "sign-in-refused");
    if (e == OK) e = end_page(f, show_sign_in_first(&f->show, &fresh), "sign-in-first");
    if (e == OK)
        e = end_page(f, show_sign_in_call_back(&f->show, false, &fresh), "sign-in-call-back");
    if (e == OK)
        e = end_page(f, show_sign_in_call_back(&f->show, true, &fresh), "sign-in-call-back-done");
    if (e == OK) e = end_page(f, show_sign_in_code(&f->show, &code), "sign-in-code");
    if (e == OK)
        e = end_page(f,
                     show_sign_in_done(&f->show, &(struct show_done){.device = S("Chrome, Android"),
                                                                     .days = DEVICE_DAYS,
                                                                     .onward = S("/khach-hang")}),
                     "sign-in-done");
    if (e == OK) e = end_page(f, show_sign_in_staff(&f->show, false, &locked), "staff");
    return e == OK ? end_page(f, show_sign_in_staff(&f->show, true, &fresh), "staff-second") : e;
}

/* ---- what pages to come are made of ------------------------------------------------------ */

static void add_events(struct buf *out, bool english)
{
    buf_add(out, S("<ol class=\"timeline\">"));
    component_event(out, english,
                    &(struct component_event){.at = 1785477900000,
                                              .title = S("Ghi chỉ số 24.361"),
                                              .detail = S("461 kWh"),
                                              .who = S("NV01")});
    component_event(out, english,
                    &(struct component_event){.at = 1785564300000, .title = S("Lập hóa đơn")});
    buf_add(out, S("</ol>"));
}

static void add_rows(struct buf *out, bool english)
{
    const struct component_table table = {.caption = S("Hóa đơn")};
    component_table_open(out, english, &table);
    buf_add(out, S("<thead><tr><th scope=\"col\">A</th><th scope=\"col\" class=\"n\">B</th></tr>"
                   "</thead><tbody><tr><td><a href=\"/\">PD00000000001</a></td>"
                   "<td class=\"n\">1.388.405 đ</td></tr></tbody>"));
    component_table_close(out, english, &table);
    component_pager(out, english,
                    &(struct component_pager){.before = S("/?before=1"), .after = S("/?after=2")});
}

static void add_parts(struct buf *out, bool english)
{
    static const char *const kinds[] = {"good", "attention", "danger", "due"};
    buf_add(out, S("<h1>Thành phần</h1><p>"));
    for (size_t i = 0; i < ARRAY_COUNT(kinds); i++) {
        const struct component_status status = {.kind = str_of(kinds[i])};
        component_status_open(out, english, &status);
        buf_add(out, S("Đã ghi"));
        component_status_close(out, english, &status);
        buf_add(out, S(" "));
    }
    buf_add(out, S("</p>"));
    add_rows(out, english);
    add_events(out, english);
    component_empty(out, english,
                    &(struct component_empty){S("Không có gì chờ"), S("Danh sách trống.")});
}

static err_t make_parts(struct filling *f)
{
    const bool english = f->show.english;
    const struct component_link links[] = {
        {.words = TEXT_nav_home, .address = S("/ban-lam-viec"), .current = true},
        {.words = TEXT_bills, .address = S("/van-hanh")}};
    const struct component_visit visit = {.other_language = S("/x?lang=en"), .token = S("t")};
    const struct component_desk desk = {.title = S("Bàn làm việc"),
                                        .visit = visit,
                                        .links = links,
                                        .links_count = ARRAY_COUNT(links),
                                        .sought = S("\"><b>Nguyễn")};
    const struct component_operations operations = {
        .title = S("Vận hành"), .visit = visit, .links = links, .links_count = ARRAY_COUNT(links)};
    component_desk_open(&f->page, english, &desk);
    add_parts(&f->page, english);
    component_desk_close(&f->page, english, &desk);
    err_t e = end_page(f, OK, "desk");
    if (e != OK) return e;
    component_operations_open(&f->page, english, &operations);
    add_parts(&f->page, english);
    component_operations_close(&f->page, english, &operations);
    return end_page(f, OK, "operations");
}

/* ---- all --------------------------------------------------------------------------------- */

static err_t make_errors(struct filling *f)
{
    static const int statuses[] = {400, 403, 404, 405, 413, 429, 500, 503};
    err_t e = OK;
    for (size_t i = 0; i < ARRAY_COUNT(statuses) && e == OK; i++) {
        char name[PATH_BYTES];
        struct buf buf;
        buf_init_fixed(&buf, name, sizeof name);
        buf_printf(&buf, "error-%d", statuses[i]);
        struct show_problem problem = {.status = statuses[i],
                                       .reference = statuses[i] >= 500 ? S("7f3a-19c2") : S("")};
        e = end_page(f, show_error(&f->show, &problem), name);
    }
    return e;
}

/* The account of the staff: enrolling, recovery codes, passwords, where it is signed in. */
static err_t make_account(struct filling *f)
{
    static const struct str codes[] = {S_INIT("A1B2-C3D4-E5F6"), S_INIT("G7H8-J9K0-M1N2")};
    const struct show_session sessions[] = {
        {.agent = S("Firefox, Debian"),
         .address = S("203.0.113.7"),
         .hash = S("aa"),
         .this_one = true,
         .remembered = true},
        {.agent = S("Chrome, Android"), .address = S("203.0.113.8"), .hash = S("bb")}};
    const struct show_device devices[] = {
        {.agent = S("Firefox, Debian"), .hash = S("cc"), .since_ms = 1785477900000}};
    const struct show_account account = {.code = S("NV01"),
                                         .name = S("Nhân viên thử"),
                                         .home = S("/van-hanh"),
                                         .enrolled = true,
                                         .recovery_left = 9,
                                         .sessions = sessions,
                                         .session_count = ARRAY_COUNT(sessions),
                                         .devices = devices,
                                         .device_count = ARRAY_COUNT(devices)};
    const struct show_sign_in fresh = {.typed = S("")};
    err_t e = end_page(f, show_sign_in_contact(&f->show, S("2026-11"), &fresh), "sign-in-contact");
    if (e == OK)
        e = end_page(f,
                     show_enrol(&f->show, S("JBSWY3DPEHPK3PXP"),
                                S("otpauth://totp/test?secret=JBSWY3DPEHPK3PXP"), NULL),
                     "enrol");
    if (e == OK)
        e = end_page(f, show_recovery(&f->show, codes, ARRAY_COUNT(codes), S("/van-hanh")),
                     "recovery");
    if (e == OK) e = end_page(f, show_set_up(&f->show, S("NV01"), NULL), "set-up");
    if (e == OK) e = end_page(f, show_password(&f->show, NULL), "password");
    if (e == OK) e = end_page(f, show_renew(&f->show, NULL), "renew");
    return e == OK ? end_page(f, show_account(&f->show, &account), "account") : e;
}

static err_t make_pages(struct filling *f)
{
    const int32_t soon = day_from_civil(2026, 8, 5), late = day_from_civil(2026, 9, 2);
    err_t e = OK;
    f->today = soon;
    f->show.signed_in = true;
    for (size_t i = 0; i < document_case_count && e == OK; i++)
        e = make_bill(f, &document_cases[i]);
    if (e == OK) e = make_bills(f);
    if (e == OK) e = make_home(f, "home", "PD0100-26071-2-2-K1", soon);
    if (e == OK) e = make_home(f, "home-late", "PD0100-26071-1-1-K1", late);
    if (e == OK) e = make_home(f, "home-first", NULL, soon);
    if (e == OK) e = make_portal(f);
    f->show.signed_in = false;
    if (e == OK) e = make_verifications(f);
    if (e == OK) e = make_sign_in(f);
    f->show.signed_in = true;
    if (e == OK) e = make_desk(f);
    f->show.signed_in = false;
    if (e == OK) e = make_account(f);
    if (e == OK) e = end_page(f, show_help(&f->show), "help");
    if (e == OK) e = make_errors(f);
    return e == OK ? make_parts(f) : e;
}

static err_t put_assets(struct filling *f)
{
    err_t e = OK;
    for (size_t i = 0; i < web_asset_count && e == OK; i++)
        e = put(f, "tai-nguyen", web_assets[i].name, "", web_assets[i].bytes);
    return e;
}

static err_t fill(struct filling *f, const char *target)
{
    const struct facts_options options = {.portal = S("/")};
    err_t e = db_open(str_of(target), DB_CREATE, &f->db, &f->err);
    if (e == OK) e = store_migrate(f->db, &f->err);
    if (e == OK) e = documents_make(f->db, &f->err);
    if (e == OK) e = facts_source_open(f->db, &options, &f->source, &f->err);
    if (e == OK) e = typeface_open(&f->typeface, &f->err);
    if (e == OK) e = put_assets(f);
    for (int english = 0; english < 2 && e == OK; english++) {
        f->show = (struct show){.arena = &f->arena,
                                .typeface = f->typeface,
                                .english = english == 1,
                                .token = S("0123456789abcdef"),
                                .other_language = english == 1 ? S("?lang=vi") : S("?lang=en"),
                                .hotline = S("19000000"),
                                .email = S("cskh@example.vn"),
                                .out = &f->page,
                                .err = &f->err};
        e = make_pages(f);
    }
    return e;
}

int main(int argc, char **argv)
{
    static struct filling f;
    if (argc != 3) return 2;
    f.folder = argv[2];
    arena_init(&f.arena, ARENA_BYTES);
    buf_init(&f.page, PAGE_BYTES);
    err_t e = fill(&f, argv[1]);
    if (e != OK) fprintf(stderr, "%s: %s\n%s\n", f.err.field, f.err.en.message, f.err.en.detail);
    facts_source_close(f.source);
    typeface_close(f.typeface);
    db_close(f.db);
    buf_release(&f.page);
    arena_release(&f.arena);
    return e == OK ? 0 : 1;
}
