/* SPDX-License-Identifier: Apache-2.0 */
/* One period of one reading book, and what is done with it. */
#include "base/date.h"
#include "base/clock.h"
#include "network/unit_list.h"
#include "web/operations/books.h"
#include "web/operations/closing.h"
#include "web/operations/spikes.h"

enum { USES_A_PAGE = 50, EXCEPTIONS_SHOWN = 100, REASON_MAX_BYTES = 2000 };

static const enum permission sign_permissions[SIGNATURE_COUNT] = {
    PERMISSION_READING_SIGN, PERMISSION_BOOK_SIGN_TEAM, PERMISSION_BOOK_CLOSE};

/* ---- which one ----------------------------------------------------------------------------- */

struct book_asked {
    struct operations at;
    struct book book;
    struct book_period period;
};

/* /van-hanh/so/{unit}/{book}/{month}/{period} */
static err_t find_asked(struct visit *visit, struct book_asked *out)
{
    const struct str *asked = visit->request->segment;
    int64_t unit_id, period_no;
    int32_t month;
    if (!month_parse(asked[2], &month) || !str_to_i64(asked[3], &period_no) || period_no < 1 ||
        period_no > BOOK_PERIODS_MAX)
        return visit_nothing(visit);
    err_t e = unit_require(visit->db, asked[0], &unit_id, visit->err);
    if (e == OK) e = operations_at(visit, unit_id, PERMISSION_READING_READ, &out->at);
    if (e == OK)
        e = book_by_code(visit->db, visit->arena, unit_id, asked[1], &out->book, visit->err);
    if (e == OK && period_no > out->book.periods) return visit_nothing(visit);
    if (e == OK)
        e = book_period_get(visit->db, &out->book, month, (int)period_no, &out->period, visit->err);
    return e;
}

/* ---- the page ------------------------------------------------------------------------------ */

struct gathering {
    struct visit *visit;
    struct book_exception *items;
    size_t count;
};

static err_t gather(void *context, const struct book_exception *item, struct err *err)
{
    struct gathering *g = context;
    (void)err;
    if (g->count > EXCEPTIONS_SHOWN) return OK;
    g->items[g->count] = *item;
    g->items[g->count++].point_code = arena_str(g->visit->arena, item->point_code);
    return OK;
}

static err_t add_exceptions(struct visit *visit, const struct book_asked *asked,
                            struct show_book *page)
{
    struct gathering g = {.visit = visit};
    g.items = ARENA_ARRAY(visit->arena, struct book_exception, EXCEPTIONS_SHOWN + 1);
    if (g.items == NULL) return err_memory(visit->err);
    err_t e = book_exceptions_each(visit->db, &asked->book, &asked->period, EXCEPTIONS_SHOWN + 1,
                                   gather, &g, visit->err);
    page->more_exceptions = g.count > EXCEPTIONS_SHOWN;
    page->exceptions = g.items;
    page->exception_count = page->more_exceptions ? EXCEPTIONS_SHOWN : g.count;
    return e;
}

static struct str case_address(struct visit *visit, const struct book_asked *asked,
                               const struct book_use *use)
{
    const struct spike_case spike = {.month = asked->period.month,
                                     .point_code = use->point_code,
                                     .period_no = asked->period.period_no,
                                     .usage_kind = S("periodic"),
                                     .closing_no = asked->period.closing_no};
    const struct spikes_cut cut = {.book = asked->book.code, .choice = SPIKES_WAITING};
    bool flagged =
        use->spike == SPIKE_TOLD || use->spike == SPIKE_HELD || use->spike == SPIKE_LEADER;
    return flagged ? spikes_case_address(visit, &spike, &cut) : S("");
}

static err_t add_uses(struct visit *visit, const struct book_asked *asked, struct show_book *page)
{
    int64_t after = 0;
    struct book_use *uses;
    size_t count = 0;
    struct str cursor = http_field(&visit->request->query, S("sau"));
    if (cursor.n > 0 && !str_to_i64(cursor, &after)) return visit_nothing(visit);
    err_t e = book_uses(visit->db, visit->arena, &asked->book, &asked->period, after,
                        USES_A_PAGE + 1, &uses, &count, visit->err);
    struct show_book_use *rows = ARENA_ARRAY(visit->arena, struct show_book_use, count);
    if (e != OK) return e;
    if (rows == NULL) return err_memory(visit->err);
    if (after > 0) page->first = page->address;
    if (count > USES_A_PAGE) {
        count = USES_A_PAGE;
        page->after = arena_printf(visit->arena, "%.*s?sau=%lld", STR_ARG(page->address),
                                   (long long)uses[count - 1].point_id);
    }
    for (size_t i = 0; i < count; i++)
        rows[i] = (struct show_book_use){&uses[i], case_address(visit, asked, &uses[i])};
    page->uses = rows;
    page->use_count = count;
    return OK;
}

static struct closing_subject subject_of(const struct book_asked *asked)
{
    return (struct closing_subject){.unit_id = asked->book.unit_id,
                                    .month = month_to_number(asked->period.month),
                                    .book_id = asked->book.book_id,
                                    .period_no = asked->period.period_no};
}

static err_t add_closing(struct visit *visit, const struct book_asked *asked, struct str address,
                         struct show_closing *out)
{
    struct closing_subject subject = subject_of(asked);
    out->address = arena_printf(visit->arena, "%.*s/tien-do", STR_ARG(address));
    return operations_closing(visit, &subject, asked->period.state != BOOK_OPEN, &out->errand);
}

static void offer(const struct book_asked *asked, int32_t today, struct show_book *page)
{
    const bool *may = asked->at.rights.may;
    enum book_state state = asked->period.state;
    page->offered[BOOK_ACT_close] = state == BOOK_OPEN && asked->period.read_day <= today &&
                                    may[PERMISSION_BOOK_CLOSE] &&
                                    !closing_is_open(page->closing.errand);
    page->offered[BOOK_ACT_sign] =
        page->next_signature < SIGNATURE_COUNT && may[sign_permissions[page->next_signature]];
    page->offered[BOOK_ACT_return] =
        (state == BOOK_CLOSED || state == BOOK_SIGNED) && may[PERMISSION_BOOK_RETURN];
}

static enum book_act act_of(struct str word)
{
#define BOOK_ACT(name, done) \
    if (str_equal(word, S(#name))) return BOOK_ACT_##name;
#include "web/operations/book_acts.def"
    return BOOK_ACT_COUNT;
}

static err_t show_asked(struct visit *visit, const struct book_asked *asked, struct show_book *page)
{
    const struct spikes_cut cut = {.book = asked->book.code, .choice = SPIKES_WAITING};
    struct book_step *steps;
    page->book = &asked->book;
    page->period = &asked->period;
    page->address = books_address(visit, asked->at.frame.unit_code, asked->book.code,
                                  asked->period.month, asked->period.period_no);
    page->list = books_list_address(visit, asked->period.month, S(""));
    page->spikes = spikes_queue_address(visit, asked->period.month, &cut);
    err_t e = book_steps(visit->db, visit->arena, &asked->book, &asked->period, &steps,
                         &page->step_count, visit->err);
    if (e != OK) return e;
    page->steps = steps;
    page->next_signature = book_next_signature(&asked->period, steps, page->step_count);
    e = add_closing(visit, asked, page->address, &page->closing);
    if (e != OK) return e;
    offer(asked, visit->today, page);
    e = add_exceptions(visit, asked, page);
    if (e == OK) e = add_uses(visit, asked, page);
    if (e == OK)
        e = book_points_read(visit->db, &asked->book, asked->period.month, &page->read_count,
                             visit->err);
    if (e == OK) e = show_ops_book(&visit->show, &asked->at.frame, page);
    if (e != OK) return e;
    char text[MONTH_TEXT_BYTES];
    struct str what =
        arena_printf(visit->arena, "%.*s %.*s %d", STR_ARG(asked->book.code),
                     STR_ARG(month_text(asked->period.month, text)), asked->period.period_no);
    return operations_note(visit, asked->at.unit_id, S("book.show"), what);
}

err_t operations_book(struct visit *visit)
{
    struct book_asked asked;
    struct show_book page = {.done = act_of(http_field(&visit->request->query, S("vua")))};
    err_t e = find_asked(visit, &asked);
    return e == OK ? show_asked(visit, &asked, &page) : e;
}

/* ---- what is done -------------------------------------------------------------------------- */

/* Signatures and returns concern the closing that stood on the page; 0 is no closing. */
static int64_t seen_closing(struct visit *visit)
{
    int64_t seen = 0;
    return str_to_i64(visit_field(visit, S("chot")), &seen) && seen > 0 ? seen : 0;
}

static err_t require(struct visit *visit, const struct book_asked *asked,
                     enum permission permission)
{
    return actor_require(visit->db, &visit->actor, asked->book.unit_id, permission, visit->err);
}

static err_t close_book(struct visit *visit, const struct book_asked *asked)
{
    struct closing_subject subject = subject_of(asked);
    return closing_place(visit->db, &visit->actor, &subject, clock_now_ms(), visit->err);
}

static err_t sign_book(struct visit *visit, const struct book_asked *asked)
{
    enum signature signature;
    if (!signature_parse(visit_field(visit, S("vai")), &signature)) {
        err_set(visit->err, E_INPUT, "vai", "Chưa rõ chữ ký nào",
                "It is not clear which signature");
        return err_hint(visit->err, "Bấm nút ký trên trang của sổ",
                        "Use the button on the page of the book");
    }
    err_t e = require(visit, asked, sign_permissions[signature]);
    if (e != OK) return e;
    return book_sign(visit->db, &asked->book, asked->period.month, asked->period.period_no,
                     seen_closing(visit), signature, &visit->actor, visit->err);
}

static err_t return_book(struct visit *visit, const struct book_asked *asked)
{
    struct str reason = str_trim(visit_field(visit, S("reason")));
    err_t e = require(visit, asked, PERMISSION_BOOK_RETURN);
    if (e == OK && (reason.n == 0 || reason.n > REASON_MAX_BYTES)) {
        err_set(visit->err, E_INPUT, "reason", "Phải ghi lý do trả lại sổ, ngắn gọn",
                "A return needs its reason, in short");
        return err_hint(visit->err, "Ghi chỉ số nào phải đọc hoặc sửa lại",
                        "Say which readings have to be read or mended");
    }
    if (e != OK) return e;
    return book_return(visit->db, &asked->book, asked->period.month, asked->period.period_no,
                       seen_closing(visit), reason, visit->actor.staff_id, visit->err);
}

static err_t act(struct visit *visit, const struct book_asked *asked, enum book_act what)
{
    switch (what) {
    case BOOK_ACT_close: return close_book(visit, asked);
    case BOOK_ACT_sign: return sign_book(visit, asked);
    case BOOK_ACT_return: return return_book(visit, asked);
    case BOOK_ACT_COUNT: break;
    }
    err_set(visit->err, E_INPUT, "viec", "Chưa chọn việc phải làm", "Nothing to do was chosen");
    return err_hint(visit->err, "Bấm một nút trên trang của sổ",
                    "Use a button on the page of the book");
}

/* A closing is told by its own part of the page. */
static struct str address_behind(struct visit *visit, const struct book_asked *asked,
                                 enum book_act what)
{
    static const char *const words[BOOK_ACT_COUNT] = {
#define BOOK_ACT(name, done) "?vua=" #name,
#include "web/operations/book_acts.def"
    };
    struct str address = books_address(visit, asked->at.frame.unit_code, asked->book.code,
                                       asked->period.month, asked->period.period_no);
    if (what == BOOK_ACT_close) return address;
    ASSERT(what < BOOK_ACT_COUNT);
    return arena_printf(visit->arena, "%.*s%s", STR_ARG(address), words[what]);
}

/* …/tien-do: how far its closing is. */
err_t operations_book_live(struct visit *visit)
{
    struct book_asked asked;
    struct show_closing closing;
    err_t e = find_asked(visit, &asked);
    if (e == OK)
        e = add_closing(visit, &asked,
                        books_address(visit, asked.at.frame.unit_code, asked.book.code,
                                      asked.period.month, asked.period.period_no),
                        &closing);
    return e == OK ? show_ops_closing(&visit->show, &closing) : e;
}

err_t operations_book_act(struct visit *visit)
{
    struct book_asked asked;
    enum book_act what = act_of(visit_field(visit, S("viec")));
    err_t e = find_asked(visit, &asked);
    if (e != OK) return e;
    e = act(visit, &asked, what);
    if (e == OK) return visit_go(visit, address_behind(visit, &asked, what));
    if (!operations_refused(e)) return e;
    struct err refused = *visit->err;
    struct show_book page = {
        .done = BOOK_ACT_COUNT, .reason = visit_field(visit, S("reason")), .refused = &refused};
    visit->response->status = err_http_status(e);
    e = find_asked(visit, &asked);
    return e == OK ? show_asked(visit, &asked, &page) : e;
}
