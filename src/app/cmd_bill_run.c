/* SPDX-License-Identifier: Apache-2.0 */
/* bill run: drafts for closed books, and the dry run of a book or a point. */
#include "app/bill_call.h"
#include "app/listing.h"
#include "base/clock.h"
#include "billing/problem.h"
#include "registry/registry_view.h"
#include "store/store.h"

enum { KWH_PLACES = 3 };

static struct run_order order_of(const struct call *call, const struct actor *actor)
{
    return (struct run_order){.month = call_month_number(call),
                              .unit_code = call_text(call, "unit"),
                              .book_code = call_text(call, "book"),
                              .business_day = call_day(call, "date"),
                              .actor_id = actor->staff_id,
                              .os_user = actor->os_user,
                              .now_ms = clock_now_ms()};
}

/* ---- dry run ----------------------------------------------------------------------------- */

/* One draft that a run would make; kept until the computation has ended, because naming its point
 * asks the database again. */
struct tried {
    struct tried *next;
    struct preview preview;
};

struct showing {
    struct call *call;
    struct tried *first, **end;
};

static const struct table_column columns[] = {
    {"Điểm đo", ALIGN_LEFT}, {"Trạng thái", ALIGN_LEFT}, {"kWh", ALIGN_RIGHT},
    {"Thành tiền", ALIGN_RIGHT}, {"Lý do", ALIGN_LEFT}, {"Cách xử lý", ALIGN_LEFT},
};

static err_t keep_preview(void *context, const struct preview *preview, struct err *err)
{
    struct showing *s = context;
    struct arena *arena = s->call->arena;
    struct tried *tried = arena_take(arena, sizeof *tried);
    if (tried == NULL) return err_memory(err);
    *tried = (struct tried){.preview = *preview};
    tried->preview.state = arena_str(arena, preview->state);
    tried->preview.problem = arena_str(arena, preview->problem);
    tried->preview.request = arena_str(arena, preview->request);
    if (arena->failed) return err_memory(err);
    *s->end = tried;
    s->end = &tried->next;
    return OK;
}

static struct str state_vi(struct str state)
{
    return str_equal(state, S("ready")) ? S("tính được")
           : str_equal(state, S("held")) ? S("bị giữ")
                                         : S("không tính được");
}

static void preview_json(struct listing *l, const struct preview *preview, struct str point_code,
                         enum problem problem, struct str concerns)
{
    const struct problem_text *text = problem_text(problem);
    struct json_writer *w = &l->w;
    listing_item(l);
    json_text(w, S("point"), point_code);
    json_i64(w, S("point_id"), preview->key.point_id);
    json_text(w, S("kind"), bill_kind_code(preview->key.kind));
    json_text(w, S("state"), preview->state);
    json_decimal(w, S("kwh"), preview->total_wh, KWH_PLACES);
    json_i64(w, S("total"), preview->total_vnd);
    if (preview->request.n > 0) json_raw(w, S("request"), preview->request);
    if (problem != PROBLEM_NONE) {
        json_text(w, S("problem"), str_of(text->code));
        json_text(w, S("concerns"), concerns.p == NULL ? S("") : concerns);
        json_text(w, S("reason_vi"), str_of(text->vi));
        json_text(w, S("remedy_vi"), str_of(text->remedy_vi));
        json_text(w, S("reason_en"), str_of(text->en));
        json_text(w, S("remedy_en"), str_of(text->remedy_en));
    }
    listing_item_end(l);
}

static void show_preview(struct listing *l, const struct preview *preview, struct str point_code)
{
    struct str concerns = {0};
    enum problem problem = preview->problem.n == 0
                               ? PROBLEM_NONE
                               : problem_parse(preview->problem, &concerns);
    const struct problem_text *text = problem_text(problem);
    if (l->call->json) {
        preview_json(l, preview, point_code, problem, concerns);
        return;
    }
    table_text(&l->table, point_code);
    table_text(&l->table, state_vi(preview->state));
    table_decimal(&l->table, preview->total_wh, KWH_PLACES);
    table_vnd(&l->table, preview->total_vnd);
    table_text(&l->table, concerns.n > 0 ? concerns : str_of(text->vi));
    table_text(&l->table, str_of(text->remedy_vi));
}

static err_t show_all(struct showing *s, struct db *db)
{
    struct call *call = s->call;
    struct listing l;
    err_t e = OK;
    listing_begin(&l, call, LISTING_WHOLE, columns, ARRAY_COUNT(columns));
    for (const struct tried *tried = s->first; tried != NULL && e == OK; tried = tried->next) {
        const struct bill_key *key = &tried->preview.key;
        struct str code;
        e = db_get_text(db, call->arena,
                        "SELECT code FROM usage_point WHERE unit_id = $1 AND point_id = $2",
                        ARGS(v_i64(key->unit_id), v_i64(key->point_id)), &code, call->err);
        if (e == OK) show_preview(&l, &tried->preview, code);
    }
    return listing_end(&l, e);
}

static err_t refuse_nothing(struct call *call)
{
    err_set(call->err, E_STATE, "month", "Không có sản lượng đã chốt nào chờ tính",
            "There is no closed use that waits to be computed");
    return err_hint(call->err,
                    "Đóng sổ trước; sổ nào đã phát hành thì xem bằng sangden bill list, điểm nào "
                    "còn thiếu bằng sangden bill unbilled",
                    "Close the book first; see what is issued with sangden bill list, what is "
                    "missing with sangden bill unbilled");
}

static err_t dry_run(struct call *call, struct db *db, const struct run_order *order)
{
    struct showing s = {.call = call};
    int64_t unit_id, point_id = 0;
    err_t e = OK;
    s.end = &s.first;
    if (call_given(call, "point"))
        e = point_by_code(db, call_text(call, "point"), &unit_id, &point_id, call->err);
    if (e == OK) e = run_preview(db, order, point_id, keep_preview, &s, call->err);
    if (e == OK && s.first == NULL) return refuse_nothing(call);
    return e == OK ? show_all(&s, db) : e;
}

/* ---- run --------------------------------------------------------------------------------- */

static err_t refuse_point(struct call *call)
{
    err_set(call->err, E_USAGE, "point", "--point chỉ dùng cùng --dry-run",
            "--point goes with --dry-run only");
    return err_hint(call->err, "Thêm --dry-run để xem thử hóa đơn của một điểm đo",
                    "Add --dry-run to see the bill of one usage point");
}

/* A mistyped book must not look like one without drafts. */
static err_t require_book(struct call *call, struct db *db, const struct run_order *order)
{
    int64_t found = 0;
    if (order->book_code.n == 0) return OK;
    err_t e = db_get_i64(db, "SELECT count(*) FROM book b JOIN unit u ON u.unit_id = b.unit_id "
                             "WHERE b.code = $1 AND ($2 = '' OR u.code = $3)",
                         ARGS(v_text(order->book_code), v_text(order->unit_code),
                              v_text(order->unit_code)), &found, call->err);
    if (e != OK || found > 0) return e;
    err_set(call->err, E_NOT_FOUND, "book", "Không có sổ %.*s", "There is no book %.*s",
            STR_ARG(order->book_code));
    return err_hint(call->err, "Xem các sổ bằng sangden book list",
                    "See the books with sangden book list");
}

static err_t run(struct call *call)
{
    struct db *db;
    struct actor actor;
    struct run_ticket ticket;
    if (call_given(call, "point") && !call_given(call, "dry-run")) return refuse_point(call);
    err_t e = call_actor(call, &actor);
    if (e == OK) e = call_db(call, &db);
    if (e != OK) return e;
    struct run_order order = order_of(call, &actor);
    e = require_book(call, db, &order);
    if (e != OK) return e;
    if (call_given(call, "dry-run")) {
        e = call_require_units(call, db, &actor, order.unit_code, PERMISSION_BILL_READ);
        return e != OK ? e : dry_run(call, db, &order);
    }
    e = call_require_units(call, db, &actor, order.unit_code, PERMISSION_BILL_RUN);
    if (e == OK) e = run_start(db, &order, &ticket, call->err);
    if (e == OK) e = call_work(call, &ticket, &actor, "Tính hóa đơn");
    return e != OK ? e : call_print_counts(call, &ticket);
}

static const struct option_spec options[] = {
    BILL_MONTH_OPTION,
    BILL_UNIT_OPTION,
    {"book", OPTION_TEXT, false, "S", "chỉ một sổ ghi chỉ số", "one reading book only"},
    {"point", OPTION_TEXT, false, "P", "chỉ một điểm đo (cùng --dry-run)",
     "one usage point only (with --dry-run)"},
    {"dry-run", OPTION_FLAG, false, NULL, "xem thử, không ghi gì", "show, write nothing"},
    {"date", OPTION_DAY, false, "YYYY-MM-DD",
     "ngày nghiệp vụ của lần tính (mặc định: sau ngày đọc cuối cùng của các sổ)",
     "business date of the run (default: the day after the last reading day of the books)"},
    BILL_WORKERS_OPTION,
    BILL_LEASE_OPTION,
};

const struct command command_bill_run = {
    .name = "bill run",
    .store = STORE_WRITES,
    .help_vi = "Tính hóa đơn nháp cho các sổ đã chốt; bị ngắt thì chạy lại để làm tiếp",
    .help_en = "Draft the bills of closed books; when interrupted, run it again to go on",
    .options = options,
    .option_count = ARRAY_COUNT(options),
    .run = run,
};
