/* SPDX-License-Identifier: Apache-2.0 */
#include "document/fixture.h"

#include <pwd.h>
#include <string.h>
#include <unistd.h>

#include "base/date.h"
#include "base/json_write.h"
#include "billing/adjust.h"
#include "billing/fee_bill.h"
#include "billing/run.h"
#include "identity/staff.h"
#include "metering/history.h"

enum { UNIT = 1, BOOK = 1, RECORDED_AT = 1000, ACTOR = 1, LEASE_MS = 60000, NOW_MS = 2000,
       ARENA_BYTES = 16 * 1024 * 1024, POINTS = 16, PLACES = 3, TEXT_BYTES = 4096,
       CODE_BYTES = 32 };

const struct document_case document_cases[] = {
    {"household", "PD0100-26071-1-1-K1", "a household with 24 months of use"},
    {"tier-six", "PD0100-26071-2-2-K1", "all six tiers, read by photo"},
    {"price-by-days", "PD0100-25051-3-3-K1", "prices change, split by days"},
    {"price-by-reading", "PD0100-25051-4-4-K1", "prices change, split by a reading"},
    {"households", "PD0100-26071-5-5-K1", "three households and a lodger since this month"},
    {"business", "PD0100-26071-6-6-K1", "three registers, a low power factor"},
    {"estimate", "PD0100-26071-7-7-K1", "the meter could not be read"},
    {"spike", "PD0100-26071-8-8-K1", "use rose 2.1 times and was verified"},
    {"adjustment", "PD0100-26071-9-9-D2", "a reading was corrected: the difference"},
    {"replacement", "PD0100-26071-10-10-T2", "two households: the whole bill anew"},
    {"final", "PD0100-26070-11-11-C1", "the contract ended, tiers by days"},
    {"supplement", "PD0100-26070-12-12-B1", "use that was not measured"},
    {"fee", "PD0100-26070-13-13-P1", "disconnection and reconnection"},
    {"zero", "PD0100-26071-14-14-K1", "nothing used"},
    {"support", "PD0100-20051-15-15-K1", "support of May 2020"},
    {"exchange", "PD0100-26071-16-16-K1", "the meter was exchanged inside the period"},
};
const size_t document_case_count = ARRAY_COUNT(document_cases);

/* ---- what was used ----------------------------------------------------------------------- */

/* A period of a point. kWh of KT, or of BT, CD, TD where the second is not -1. */
struct period {
    int64_t point, month, period_no;
    const char *from, *to;
    int64_t kwh[PLACES];
    int64_t kvarh; /* -1: not measured */
    const char *kind, *source, *prorate, *spike; /* NULL: periodic, manual, none, none */
    int64_t before_kwh, before_days;             /* 0: not known */
    const char *split_on; /* read on this price-change day … */
    int64_t split_kwh;    /* … with so much used before it */
    int64_t old_meter_kwh; /* of a meter exchanged inside the period, 0: none */
    bool estimated;
};

#define JUNE  202606, 1, "2026-05-31", "2026-06-30"
#define JULY  202607, 1, "2026-06-30", "2026-07-31"
#define KT(n) {(n), -1, -1}, -1

static const struct period periods[] = {
    {15, 202004, 1, "2020-03-31", "2020-04-30", KT(180), .before_kwh = 0},
    {15, 202005, 1, "2020-04-30", "2020-05-31", KT(320), .before_kwh = 180, .before_days = 30},
    {3, 202504, 1, "2025-03-31", "2025-04-30", KT(230), .before_kwh = 0},
    {4, 202504, 1, "2025-03-31", "2025-04-30", KT(240), .before_kwh = 0},
    {3, 202505, 1, "2025-04-30", "2025-05-31", KT(250), .before_kwh = 230, .before_days = 30},
    {4, 202505, 1, "2025-04-30", "2025-05-31", KT(260), .before_kwh = 240, .before_days = 30,
     .split_on = "2025-05-10", .split_kwh = 90},
    {1, 202507, 1, "2025-06-30", "2025-07-31", KT(215), .before_kwh = 0},
    {2, 202507, 1, "2025-06-30", "2025-07-31", KT(430), .before_kwh = 0, .source = "photo"},
    {1, JUNE, KT(186), .before_kwh = 170, .before_days = 31},
    {2, JUNE, KT(365), .before_kwh = 340, .before_days = 31, .source = "photo"},
    {5, JUNE, KT(620), .before_kwh = 0},
    {6, JUNE, {4200, 900, 700}, 2600, .source = "remote", .before_kwh = 0},
    {7, JUNE, KT(211), .before_kwh = 0},
    {8, JUNE, KT(120), .before_kwh = 0},
    {9, JUNE, KT(260), .before_kwh = 0},
    {10, JUNE, KT(240), .before_kwh = 0},
    {11, JUNE, KT(150), .before_kwh = 0},
    {12, JUNE, KT(175), .before_kwh = 0},
    {14, JUNE, KT(35), .before_kwh = 0},
    {16, JUNE, KT(205), .before_kwh = 0},
    {1, JULY, KT(228), .before_kwh = 186, .before_days = 30},
    {2, JULY, KT(461), .before_kwh = 365, .before_days = 30, .source = "photo"},
    {5, JULY, KT(665), .before_kwh = 620, .before_days = 30},
    {6, JULY, {4350, 980, 760}, 4700, .source = "remote", .before_kwh = 5800, .before_days = 30},
    {7, JULY, KT(217), .estimated = true, .source = "calculated", .before_kwh = 211,
     .before_days = 30},
    {8, JULY, KT(260), .spike = "held", .before_kwh = 120, .before_days = 30},
    {9, JULY, KT(300), .before_kwh = 260, .before_days = 30},
    {10, JULY, KT(300), .before_kwh = 240, .before_days = 30},
    {11, 202607, 0, "2026-06-30", "2026-07-12", KT(66), .kind = "final",
     .prorate = "contract_end", .before_kwh = 150, .before_days = 30},
    {12, JULY, KT(190), .before_kwh = 175, .before_days = 30},
    {14, JULY, KT(0), .before_kwh = 35, .before_days = 30},
    {16, JULY, KT(231), .old_meter_kwh = 102, .before_kwh = 205, .before_days = 30},
};

static const int64_t months[] = {202004, 202005, 202504, 202505, 202507, 202606, 202607};

struct making {
    struct db *db;
    struct err *err;
    struct arena arena;
    struct actor first, second;
    int64_t index_kwh[POINTS + 1][PLACES + 1]; /* what the registers show; VC the last */
};

static err_t run(struct making *m, const char *sql, struct args args)
{
    return db_run(m->db, sql, args, NULL, m->err);
}

static int32_t day(const char *text)
{
    int32_t out = 0;
    bool read = day_parse(str_of(text), &out);
    ASSERT(read);
    return out;
}

static struct str code_of(const char *prefix, int64_t number, char out[CODE_BYTES])
{
    struct buf buf;
    buf_init_fixed(&buf, out, CODE_BYTES);
    buf_printf(&buf, "%s%011lld", prefix, (long long)number);
    return buf_str(&buf);
}

/* ---- who --------------------------------------------------------------------------------- */

static err_t fact(struct making *m, int64_t n, const char *kind, const char *from,
                  struct value i64, struct value text)
{
    return run(m, "INSERT INTO point_fact (unit_id, point_id, kind, valid_from, entry_no, state, "
                  "recorded_at, actor_id, value_i64, value_text) VALUES (1, $1, $2, $3, 1, 'set', "
                  "1000, 1, $4, $5)",
               ARGS(v_i64(n), v_text(str_of(kind)), v_text(str_of(from)), i64, text));
}

static err_t write_party(struct making *m, int64_t n)
{
    char code[CODE_BYTES], name[128];
    struct buf words;
    buf_init_fixed(&words, name, sizeof name);
    if (n == 6) buf_add(&words, S("Công ty TNHH Thử nghiệm (dữ liệu thử)"));
    else buf_printf(&words, "Khách hàng thử số %lld", (long long)n);
    err_t e = run(m, "INSERT INTO party (unit_id, party_id, code, kind, name, folded_name, "
                     "tax_code, address, created_at) VALUES (1, $1, $2, $3, $4, 'khach hang thu', "
                     "$5, 'Số 1, phố Thử nghiệm', 1000)",
                  ARGS(v_i64(n), v_text(code_of("KH", n, code)),
                       v_text(n == 6 ? S("organisation") : S("person")), v_text(buf_str(&words)),
                       n == 6 ? v_text(S("0100000000")) : v_null()));
    if (e == OK)
        e = run(m, "INSERT INTO agreement_fact (unit_id, agreement_id, kind, valid_from, entry_no, "
                   "state, recorded_at, actor_id, value_i64) VALUES (1, $1, 'holder', "
                   "'2015-01-01', 1, 'set', 1000, 1, $2)",
                ARGS(v_i64(n), v_i64(n)));
    return e;
}

static err_t write_terms(struct making *m, int64_t n)
{
    char street[64];
    struct buf buf;
    buf_init_fixed(&buf, street, sizeof street);
    buf_printf(&buf, "Nhà %lld, ngõ Thử nghiệm", (long long)n);
    err_t e = fact(m, n, "agreement", "2015-01-01", v_i64(n), v_null());
    if (e == OK) e = fact(m, n, "book", "2015-01-01", v_i64(BOOK), v_null());
    if (e == OK) e = fact(m, n, "address", "2015-01-01", v_null(), v_text(buf_str(&buf)));
    if (e == OK)
        e = fact(m, n, "uses", "2015-01-01", v_null(),
                 v_text(n == 6 ? S("KD:LT6:100%") : S("SH:-:100%")));
    if (e == OK && n == 5) e = fact(m, n, "households", "2015-01-01", v_i64(8), v_null());
    if (e == OK && n == 5) e = fact(m, n, "households", "2026-07-01", v_i64(13), v_null());
    if (e == OK && n == 6) e = fact(m, n, "demand_w", "2015-01-01", v_i64(80000), v_null());
    return e;
}

static err_t write_customer(struct making *m, int64_t n)
{
    char account[CODE_BYTES], agreement[CODE_BYTES], point[CODE_BYTES];
    err_t e = run(m, "INSERT INTO account (unit_id, account_id, code, created_at) VALUES (1, $1, "
                     "$2, 1000)", ARGS(v_i64(n), v_text(code_of("TK", n, account))));
    if (e == OK)
        e = run(m, "INSERT INTO agreement (unit_id, agreement_id, code, created_at) VALUES (1, $1, "
                   "$2, 1000)", ARGS(v_i64(n), v_text(code_of("PD", n, agreement))));
    if (e == OK)
        e = run(m, "INSERT INTO usage_point (unit_id, point_id, code, created_at) VALUES (1, $1, "
                   "$2, 1000)", ARGS(v_i64(n), v_text(code_of("DD", n, point))));
    if (e == OK)
        e = run(m, "INSERT INTO agreement_directory (code, unit_id, agreement_id) VALUES ($1, 1, "
                   "$2)", ARGS(v_text(code_of("PD", n, agreement)), v_i64(n)));
    if (e == OK)
        e = run(m, "INSERT INTO point_directory (code, unit_id, point_id) VALUES ($1, 1, $2)",
                ARGS(v_text(code_of("DD", n, point)), v_i64(n)));
    if (e == OK)
        e = run(m, "INSERT INTO agreement_fact (unit_id, agreement_id, kind, valid_from, entry_no, "
                   "state, recorded_at, actor_id, value_i64) VALUES (1, $1, 'account', "
                   "'2015-01-01', 1, 'set', 1000, 1, $2)", ARGS(v_i64(n), v_i64(n)));
    if (e == OK) e = write_party(m, n);
    return e == OK ? write_terms(m, n) : e;
}

/* Installation n of meter n at point n; the meter that replaced it at point 16 is 17. */
static err_t write_meter(struct making *m, int64_t n, int64_t point, const char *hung,
                         const char *removed)
{
    char serial[CODE_BYTES];
    struct value at = removed == NULL ? v_null() : v_i64(vietnam_midnight_ms(day(removed)));
    err_t e = run(m, "INSERT INTO meter (unit_id, meter_id, serial, type, phases, registers, "
                     "digits, decimals, electronic, remote, created_at) VALUES (1, $1, $2, "
                     "'VSE11', $3, $4, 6, 1, 1, 0, 1000)",
                  ARGS(v_i64(n), v_text(code_of("", 2600000 + n, serial)),
                       v_i64(n == 6 ? 3 : 1),
                       v_text(n == 6 ? S("BT/CD/TD+VC") : S("KT"))));
    if (e == OK)
        e = run(m, "INSERT INTO installation (unit_id, installation_id, point_id, meter_id, role, "
                   "multiplier, hung_at, removed_at, recorded_at, removal_recorded_at, actor_id) "
                   "VALUES (1, $1, $2, $3, 'active', $4, $5, $6, 1000, $7, 1)",
                ARGS(v_i64(n), v_i64(point), v_i64(n), v_i64(n == 6 ? 20 : 1),
                     v_i64(vietnam_midnight_ms(day(hung))), at, at));
    return e;
}

static err_t write_registry(struct making *m)
{
    err_t e = db_begin(m->db, m->err);
    if (e == OK)
        e = run(m, "INSERT INTO unit (unit_id, code, name, opened_on, created_at) VALUES (1, "
                   "'PD0100', 'Điện lực Thử nghiệm', '2010-01-01', 1)", NO_ARGS);
    if (e == OK)
        e = run(m, "INSERT INTO book (unit_id, book_id, code, name, periods, reading_day, "
                   "created_at) VALUES (1, 1, 'S0001', 'Sổ thử', 1, 31, 1000)", NO_ARGS);
    for (int64_t n = 1; n <= POINTS && e == OK; n++) {
        e = write_customer(m, n);
        if (e == OK) e = write_meter(m, n, n, "2015-01-01", n == 16 ? "2026-07-14" : NULL);
        for (int i = 0; i <= PLACES; i++) m->index_kwh[n][i] = 1000 * n + 200 * i;
    }
    if (e == OK) e = write_meter(m, 17, 16, "2026-07-14", NULL);
    return e == OK ? db_commit(m->db, m->err) : e;
}

static err_t write_seller(struct making *m)
{
    static const char *const facts[][2] = {
        {"legal_name", "Công ty Điện lực Thử nghiệm"}, {"tax_code", "0100000000-001"},
        {"address", "Số 1, phố Thử nghiệm, phường Mẫu"}, {"hotline", "19000000"},
        {"email", "cskh@example.vn"}, {"website", "https://example.vn"},
        {"bank_bin", "970400"}, {"bank_name", "Ngân hàng Mẫu"},
        {"bank_account", "0011001234567"}, {"signing_place", "Hà Nội"}};
    err_t e = db_begin(m->db, m->err);
    for (size_t i = 0; i < ARRAY_COUNT(facts) && e == OK; i++)
        e = run(m, "INSERT INTO seller_fact (unit_id, kind, valid_from, entry_no, state, "
                   "recorded_at, actor_id, value_text) VALUES (1, $1, '2015-01-01', 1, 'set', "
                   "1000, 1, $2)",
                ARGS(v_text(str_of(facts[i][0])), v_text(str_of(facts[i][1]))));
    unsigned char secret[32];
    memset(secret, 7, sizeof secret);
    if (e == OK)
        e = run(m, "INSERT INTO verification_key (key_no, secret, created_at) VALUES (1, $1, 1000)",
                ARGS(v_blob((struct str){(const char *)secret, sizeof secret})));
    return e == OK ? db_commit(m->db, m->err) : e;
}

static err_t add_leader(struct making *m, const char *code, enum role role)
{
    int64_t staff_id;
    struct staff_entry entry = {.code = str_of(code), .name = S("Trần Thị Kiểm"),
                                .from_day = 16000};
    struct role_change change = {.code = str_of(code), .role = role, .unit_id = UNIT,
                                 .from_day = 16001};
    err_t e = db_begin(m->db, m->err);
    if (e == OK) e = staff_add(m->db, &m->first, &entry, &staff_id, m->err);
    if (e == OK) e = staff_change_role(m->db, &m->first, &change, m->err);
    return e == OK ? db_commit(m->db, m->err) : e;
}

/* Whoever runs the test reads what it made, as the founder of the store. */
static struct str os_user(void)
{
    const struct passwd *user = getpwuid(geteuid());
    return user != NULL ? str_of(user->pw_name) : S("");
}

static err_t write_staff(struct making *m)
{
    int64_t staff_id;
    err_t e = db_begin(m->db, m->err);
    if (e == OK)
        e = staff_found(m->db, S("NV01"), S("Lê Văn Thử"), os_user(), 15000, &staff_id, m->err);
    if (e == OK) e = db_commit(m->db, m->err);
    if (e == OK)
        e = actor_resolve(m->db, &m->arena, S("NV01"), S(""), 20680, &m->first, m->err);
    if (e == OK) e = add_leader(m, "NV02", ROLE_billing_leader);
    if (e == OK) e = add_leader(m, "NV03", ROLE_team_leader);
    return e == OK ? actor_resolve(m->db, &m->arena, S("NV02"), S(""), 20680, &m->second, m->err)
                   : e;
}

/* The months before the first bills, with a gap in January 2026. */
static err_t write_history(struct making *m, int64_t point, int64_t kwh)
{
    char memory[HISTORY_MONTH_BYTES * 24 + 1];
    struct buf packed;
    int32_t first = month_from_number(202408);
    buf_init_fixed(&packed, memory, sizeof memory);
    for (int32_t i = 0; i < 22; i++) {
        static const int64_t season[] = {60, 55, 60, 70, 85, 100, 118, 120, 105, 80, 65, 58};
        int32_t month = first + i;
        if (month == month_from_number(202601)) continue;
        history_add(&packed, month, days_in_month(month), kwh * 1000 * season[month % 12]);
    }
    err_t e = db_begin(m->db, m->err);
    if (e == OK)
        e = run(m, "INSERT INTO point_history (unit_id, point_id, months) VALUES (1, $1, $2)",
                ARGS(v_i64(point), v_blob(buf_str(&packed))));
    return e == OK ? db_commit(m->db, m->err) : e;
}

/* ---- closed use -------------------------------------------------------------------------- */

static void add_pair(struct json_writer *w, const struct period *p, int64_t installation,
                     struct str reg, const char *from, int64_t from_kwh, const char *to,
                     int64_t kwh, int64_t multiplier)
{
    json_object(w, JSON_ITEM);
    json_i64(w, S("installation"), installation);
    json_text(w, S("register"), reg);
    json_i64(w, S("multiplier"), multiplier);
    json_text(w, S("from_on"), str_of(from));
    json_decimal(w, S("from"), from_kwh * 1000, 3);
    json_text(w, S("to_on"), str_of(to));
    json_decimal(w, S("to"), from_kwh * 1000 + kwh * 1000 / multiplier, 3);
    json_text(w, S("source"), str_of(p->source == NULL ? "manual" : p->source));
    json_decimal(w, S("kwh"), kwh * 1000, 3);
    json_end(w);
}

static void add_pairs(struct making *m, struct json_writer *w, const struct period *p)
{
    static const struct str names[] = {S_INIT("BT"), S_INIT("CD"), S_INIT("TD"), S_INIT("VC")};
    int64_t *index = m->index_kwh[p->point];
    if (p->kwh[1] < 0 && p->old_meter_kwh > 0) {
        add_pair(w, p, 16, S("KT"), p->from, index[0], "2026-07-14", p->old_meter_kwh, 1);
        add_pair(w, p, 17, S("KT"), "2026-07-14", 0, p->to, p->kwh[0] - p->old_meter_kwh, 1);
    } else if (p->kwh[1] < 0) {
        add_pair(w, p, p->point, S("KT"), p->from, index[0], p->to, p->kwh[0], 1);
        index[0] += p->kwh[0];
    }
    for (int i = 0; p->kwh[1] >= 0 && i < PLACES; i++) {
        add_pair(w, p, p->point, names[i], p->from, index[i], p->to, p->kwh[i], 20);
        index[i] += p->kwh[i] / 20;
    }
    if (p->kvarh < 0) return;
    add_pair(w, p, p->point, S("VC"), p->from, index[PLACES], p->to, p->kvarh, 20);
    index[PLACES] += p->kvarh / 20;
}

static void add_split(struct making *m, struct json_writer *w, const struct period *p)
{
    int64_t index = (m->index_kwh[p->point][0] - p->kwh[0] + p->split_kwh) * 1000;
    json_array(w, S("read_on_change"));
    json_object(w, JSON_ITEM);
    json_text(w, S("date"), str_of(p->split_on));
    json_object(w, S("usage"));
    json_decimal(w, S("kwh"), p->split_kwh * 1000, 3);
    json_end(w);
    json_end(w);
    json_end(w);
    json_array(w, S("change_readings"));
    json_object(w, JSON_ITEM);
    json_text(w, S("date"), str_of(p->split_on));
    json_object(w, S("index"));
    json_decimal(w, S("KT"), index, 3);
    json_end(w);
    json_text(w, S("source"), S("manual"));
    json_object(w, S("metered"));
    json_decimal(w, S("KT"), p->split_kwh * 1000, 3);
    json_end(w);
    json_end(w);
    json_end(w);
}

static void write_detail(struct making *m, const struct period *p, struct buf *out)
{
    struct json_writer w;
    json_writer_init(&w, out);
    json_object(&w, JSON_ITEM);
    json_array(&w, S("pairs"));
    if (!p->estimated) add_pairs(m, &w, p);
    json_end(&w);
    if (p->estimated) json_decimal(&w, S("agreed"), p->kwh[0] * 1000, 3);
    if (p->split_on != NULL) add_split(m, &w, p);
    json_end(&w);
}

static struct value kwh_or_null(int64_t kwh)
{
    return kwh < 0 ? v_null() : v_i64(kwh * 1000);
}

static err_t write_use(struct making *m, const struct period *p)
{
    char memory[TEXT_BYTES];
    struct buf detail;
    bool three = p->kwh[1] >= 0;
    int64_t total = three ? p->kwh[0] + p->kwh[1] + p->kwh[2] : p->kwh[0];
    buf_init_fixed(&detail, memory, sizeof memory);
    write_detail(m, p, &detail);
    return run(m,
               "INSERT INTO usage (unit_id, book_id, month, period_no, point_id, kind, closing_no, "
               "agreement_id, from_on, to_on, total_wh, normal_wh, peak_wh, offpeak_wh, "
               "reactive_varh, metered_wh, estimated, prorate, spike, before_wh, before_days, "
               "carry, detail) VALUES (1, 1, $1, $2, $3, $4, 1, $5, $6, $7, $8, $9, $10, $11, $12, "
               "$13, $14, $15, $16, $17, $18, '{}', $19)",
               ARGS(v_i64(p->month), v_i64(p->period_no), v_i64(p->point),
                    v_text(str_of(p->kind == NULL ? "periodic" : p->kind)), v_i64(p->point),
                    v_text(str_of(p->from)), v_text(str_of(p->to)), v_i64(total * 1000),
                    three ? v_i64(p->kwh[0] * 1000) : v_null(), kwh_or_null(p->kwh[1]),
                    kwh_or_null(p->kwh[2]), kwh_or_null(p->kvarh), v_i64(total * 1000),
                    v_i64(p->estimated), v_text_or_null(str_of(p->prorate)),
                    v_text(str_of(p->spike == NULL ? "none" : p->spike)),
                    p->before_days == 0 ? v_null() : v_i64(p->before_kwh * 1000),
                    p->before_days == 0 ? v_null() : v_i64(p->before_days),
                    v_text(buf_str(&detail))));
}

static err_t write_month(struct making *m, int64_t month)
{
    char read_on[DATE_TEXT_BYTES];
    struct str last = day_text(first_day_of_month(month_from_number(month) + 1) - 1, read_on);
    err_t e = db_begin(m->db, m->err);
    for (int64_t period_no = 0; period_no <= 1 && e == OK; period_no++)
        e = run(m, "INSERT INTO book_period (unit_id, book_id, month, period_no, read_on, state, "
                   "closing_no) VALUES (1, 1, $1, $2, $3, 'signed', 1)",
                ARGS(v_i64(month), v_i64(period_no), v_text(last)));
    for (size_t i = 0; i < ARRAY_COUNT(periods) && e == OK; i++)
        if (periods[i].month == month) e = write_use(m, &periods[i]);
    return e == OK ? db_commit(m->db, m->err) : e;
}

/* ---- evidence ---------------------------------------------------------------------------- */

/* Someone confirmed the rise of point 8; the second text names a person and must not be shown. */
static err_t write_spike(struct making *m)
{
    int64_t at = vietnam_midnight_ms(day("2026-08-01")) + 9 * 3600 * 1000;
    err_t e = run(m, "INSERT INTO spike_case (unit_id, month, book_id, period_no, point_id, "
                     "usage_kind, closing_no, new_wh, new_days, before_wh, before_days, ratio_ppm, "
                     "score, holds, leader_only, state, escalate_on, last_on, found_at) VALUES (1, "
                     "202607, 1, 1, 8, 'periodic', 1, 260000, 31, 120000, 30, 2096774, 100, 1, 0, "
                     "'released', '2026-08-03', '2026-08-05', $1)", ARGS(v_i64(at)));
    static const char *const steps[][2] = {
        {"order_check", "Trần Thị Kiểm đã gọi khách hàng"},
        {"confirm", "ảnh công tơ và chỉ số đọc lại khớp nhau"}};
    for (int64_t i = 0; i < 2 && e == OK; i++)
        e = run(m, "INSERT INTO spike_step (unit_id, month, book_id, period_no, point_id, "
                   "usage_kind, closing_no, step_no, step, evidence, reason, actor_id, at) VALUES "
                   "(1, 202607, 1, 1, 8, 'periodic', 1, $1, $2, $3, 'dùng thêm máy lạnh', "
                   "(SELECT staff_id FROM staff WHERE code = 'NV03'), $4)",
                ARGS(v_i64(i + 1), v_text(str_of(steps[i][0])), v_text(str_of(steps[i][1])),
                     v_i64(at)));
    return e;
}

static err_t write_evidence(struct making *m)
{
    err_t e = db_begin(m->db, m->err);
    if (e == OK) e = write_spike(m);
    if (e == OK)
        e = run(m, "INSERT INTO estimate (unit_id, estimate_id, point_id, kind, register, from_on, "
                   "to_on, energy_wh, ground, state, proposed_by, proposed_at, decided_by, "
                   "decided_at) VALUES (1, 1, 7, 'provisional', 'KT', '2026-06-30', '2026-07-31', "
                   "217000, 'Nhà khóa cửa khi ghi chỉ số', 'approved', 1, 1000, 2, 2000)", NO_ARGS);
    if (e == OK)
        e = run(m, "INSERT INTO photo (unit_id, month, point_id, sha256, installation_id, book_id, "
                   "serial, read_on, bytes, width, height, taken_at, received_at, offline, "
                   "mismatch, actor_id) VALUES (1, 202607, 2, $1, 2, 1, '2600002', '2026-07-31', "
                   "51000, 960, 720, $2, $3, 0, 0, 1)",
                ARGS(v_text(S("00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff")),
                     v_i64(vietnam_midnight_ms(day("2026-07-31")) + 8 * 3600 * 1000),
                     v_i64(vietnam_midnight_ms(day("2026-07-31")) + 9 * 3600 * 1000)));
    return e == OK ? db_commit(m->db, m->err) : e;
}

/* ---- bills ------------------------------------------------------------------------------- */

static err_t bill_month(struct making *m, int64_t month)
{
    struct run_ticket ticket;
    struct run_order order = {.month = month, .business_day = -1, .actor_id = ACTOR,
                              .now_ms = NOW_MS};
    err_t e = run_start(m->db, &order, &ticket, m->err);
    if (e == OK) e = run_work(m->db, &ticket, LEASE_MS, NULL, NULL, m->err);
    if (e == OK) e = run_close(m->db, &ticket, &m->first, NOW_MS, m->err);
    if (e == OK) e = issue_start(m->db, ticket.run_id, S(""), &ticket, m->err);
    if (e == OK) e = run_work(m->db, &ticket, LEASE_MS, NULL, NULL, m->err);
    return e == OK ? run_close(m->db, &ticket, &m->first, NOW_MS, m->err) : e;
}

static err_t correct(struct making *m, struct adjust_order order)
{
    struct adjustment adjustment;
    order.now_ms = NOW_MS + 1000;
    err_t e = adjust_propose(m->db, &m->first, &m->arena, &order, &adjustment, m->err);
    return e == OK ? adjust_release(m->db, &m->second, &m->arena, str_of(adjustment.number),
                                    day("2026-08-10"), m->err)
                   : e;
}

static err_t bill_fee(struct making *m)
{
    struct fee_proposal proposal;
    struct fee_order order = {.point_code = S("DD00000000013"), .code = S("reconnection"),
                              .day = day("2026-07-20"), .voltage = S("LE038"),
                              .residential = true, .ground = S("Phiếu công tác 12/2026")};
    err_t e = fee_bill_propose(m->db, &m->first, &m->arena, &order, &proposal, m->err);
    return e == OK ? adjust_release(m->db, &m->second, &m->arena, str_of(proposal.number),
                                    day("2026-08-01"), m->err)
                   : e;
}

/* What an inspection found for the days of the July bill of point 12, in the next run of July. */
static err_t bill_supplement(struct making *m)
{
    err_t e = db_begin(m->db, m->err);
    if (e == OK)
        e = run(m, "INSERT INTO usage (unit_id, book_id, month, period_no, point_id, kind, "
                   "closing_no, agreement_id, from_on, to_on, total_wh, metered_wh, estimated, "
                   "spike, carry, detail) VALUES (1, 1, 202607, 0, 12, 'supplement', 1, 12, "
                   "'2026-06-30', '2026-07-31', 50000, 50000, 0, 'none', '{}', $1)",
                ARGS(v_text(S("{\"cause\":\"not_measured\",\"ground\":\"Biên bản kiểm tra "
                              "25/2026\"}"))));
    if (e == OK) e = db_commit(m->db, m->err);
    return e == OK ? bill_month(m, 202607) : e;
}

static err_t make(struct making *m)
{
    err_t e = write_registry(m);
    if (e == OK) e = write_seller(m);
    if (e == OK) e = write_staff(m);
    if (e == OK) e = write_history(m, 1, 2);
    if (e == OK) e = write_history(m, 2, 4);
    if (e == OK) e = write_evidence(m);
    for (size_t i = 0; i < ARRAY_COUNT(months) && e == OK; i++) {
        e = write_month(m, months[i]);
        if (e == OK) e = bill_month(m, months[i]);
    }
    if (e == OK) e = bill_supplement(m);
    if (e == OK)
        e = correct(m, (struct adjust_order){.number = S("PD0100-26071-9-9-K1"),
                                             .cause = S("reading"),
                                             .usage = S("{\"kwh\":\"280\"}")});
    if (e == OK) {
        e = db_begin(m->db, m->err);
        if (e == OK) e = fact(m, 10, "households", "2026-06-30", v_i64(8), v_null());
        if (e == OK) e = db_commit(m->db, m->err);
    }
    if (e == OK)
        e = correct(m, (struct adjust_order){.number = S("PD0100-26071-10-10-K1"),
                                             .cause = S("households"), .replace = true});
    return e == OK ? bill_fee(m) : e;
}

err_t documents_make(struct db *db, struct err *err)
{
    struct making m = {.db = db, .err = err};
    arena_init(&m.arena, ARENA_BYTES);
    err_t e = make(&m);
    arena_release(&m.arena);
    return e;
}
