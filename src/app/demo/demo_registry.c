/* SPDX-License-Identifier: Apache-2.0 */
/* Who and where: the files of a district as an earlier system would hand them over. */
#include "app/demo/demo.h"
#include "app/demo/demo_names.h"
#include "base/clock.h"
#include "base/csv.h"
#include "base/date.h"
#include "registry/import_kinds.h"
#include "store/store.h"

enum { STATION_CUSTOMERS = 120, FILE_BYTES_MAX = 256 * 1024 * 1024 };

/* One file in the making. */
struct file {
    struct demo *demo;
    struct buf csv;
};

static void cell(struct file *file, struct str text)
{
    if (file->csv.n > 0 && file->csv.p[file->csv.n - 1] != '\n') buf_add_char(&file->csv, ',');
    buf_add_csv(&file->csv, text);
}

static void cell_i64(struct file *file, int64_t value)
{
    char text[24];
    struct buf buf;
    buf_init_fixed(&buf, text, sizeof text);
    buf_add_i64(&buf, value);
    cell(file, buf_str(&buf));
}

static void cell_day(struct file *file, int32_t day)
{
    char text[DATE_TEXT_BYTES];
    cell(file, day_text(day, text));
}

static void row(struct file *file)
{
    buf_add_char(&file->csv, '\n');
}

/* Every file begins with a cell that is never empty: cell() could not tell it from none. */
static void header(struct file *file, struct str columns)
{
    buf_reset(&file->csv);
    buf_add(&file->csv, columns);
    row(file);
}

static void keep_first(void *context, const struct import_finding *finding)
{
    struct err *first = context;
    if (!finding->warning && first->code == OK) *first = *finding->err;
}

static err_t take(struct file *file, const struct import_kind *kind, struct err *err)
{
    bool shared =
        kind == &import_kind_units || kind == &import_kind_sellers || kind == &import_kind_places;
    struct err first = {0};
    struct import_counts counts;
    struct import_request request = {
        .kind = kind,
        .text = buf_str(&file->csv),
        .unit_code = shared ? S("") : str_of(file->demo->unit.code),
        .source = S("dữ liệu trình diễn"),
        .actor_id = file->demo->staff.clerk,
        .now_ms = clock_now_ms(),
        .context = &first,
        .found = keep_first,
    };
    if (file->csv.failed) return err_memory(err);
    err_t e = import_run(file->demo->db, &request, &counts, err);
    if (e == E_INPUT && first.code != OK) *err = first;
    return e;
}

static err_t take_units(struct file *file, struct err *err)
{
    struct demo *demo = file->demo;
    header(file, S("code,level,name,parent,customer_prefix,from"));
    const char *from = "2020-01-01";
    buf_printf(&file->csv, "PZ,corporation,Tổng công ty mẫu (dữ liệu trình diễn),,,%s\n", from);
    buf_printf(&file->csv, "PZC,company,Công ty điện lực mẫu (dữ liệu trình diễn),PZ,,%s\n", from);
    buf_printf(&file->csv, "D%s,district_power,Điện lực mẫu %ld (dữ liệu trình diễn),PZC,,%s\n",
               demo->unit.code, (long)demo->unit.number, from);
    buf_printf(&file->csv, "%s,unit,Đơn vị mẫu %ld (dữ liệu trình diễn),D%s,%s,%s\n",
               demo->unit.code, (long)demo->unit.number, demo->unit.code, demo->unit.code, from);
    return take(file, &import_kind_units, err);
}

/* Numbers that nobody has: tax code, account and telephone of zeros and the number of the unit. */
static err_t take_sellers(struct file *file, struct err *err)
{
    const struct demo *demo = file->demo;
    long number = (long)demo->unit.number;
    header(file, S("unit,legal_name,tax_code,address,hotline,email,website,bank_bin,bank_name,"
                   "bank_account,signing_place,tax_office_code,tax_office,from"));
    buf_printf(&file->csv,
               "%s,Công ty điện lực mẫu (dữ liệu trình diễn),0000000000-%03ld,"
               "\"Số 1, đường mẫu, tỉnh mẫu\",19000000,cskh@example.com,https://example.com,"
               "000000,Ngân hàng mẫu,0000%06ld,Tỉnh mẫu,00000,Thuế cơ sở mẫu,2020-01-01\n",
               demo->unit.code, number % 1000, number);
    return take(file, &import_kind_sellers, err);
}

static err_t take_places(struct file *file, struct err *err)
{
    header(file, S("code,level,name,parent,class,price_area,from"));
    buf_add(&file->csv, S("TM,province,Tỉnh mẫu,,,,2020-01-01\n"));
    for (int i = 0; i < DEMO_COMMUNES; i++) {
        bool township = demo_commune_is_township(i);
        buf_printf(&file->csv, "TM%02d,commune,%.*s,TM,%s,%s,2020-01-01\n", i + 1,
                   STR_ARG(demo_commune(i)), township ? "township" : "commune",
                   township ? "township" : "commune");
    }
    return take(file, &import_kind_places, err);
}

static err_t take_network(struct file *file, struct err *err)
{
    header(file, S("kind,code,name,parent_kind,parent,rated_kva,voltage,owner,place,"
                   "normal_state,from"));
    buf_add(&file->csv, S("substation,E1.1,Trạm 110 kV mẫu,,,40000,110/22,unit,,,2020-01-01\n"));
    for (int i = 0; i < 4; i++)
        buf_printf(&file->csv, "feeder,47%d,Lộ 47%d mẫu,substation,E1.1,,22,unit,,,2020-01-01\n",
                   i + 1, i + 1);
    int64_t stations = (file->demo->unit.customers + STATION_CUSTOMERS - 1) / STATION_CUSTOMERS;
    for (int64_t i = 0; i < stations; i++) {
        buf_printf(&file->csv,
                   "station,T%04d,Trạm mẫu %d,feeder,47%d,%d,22/0.4,unit,TM%02d,"
                   "closed,2020-01-01\n",
                   (int)i + 1, (int)i + 1, (int)(i % 4) + 1, i % 3 == 0 ? 400 : 250,
                   (int)(i % DEMO_COMMUNES) + 1);
    }
    return take(file, &import_kind_network, err);
}

static err_t take_parties(struct file *file, struct err *err)
{
    header(file, S("code,kind,name,phone,address"));
    for (int64_t i = 0; i < file->demo->unit.customers; i++) {
        struct demo_customer customer = demo_customer_of(file->demo, i);
        char code[DEMO_CODE_BYTES], memory[256];
        struct buf text;
        demo_agreement_code(file->demo, i, code);
        cell(file, str_of(code));
        bool person = customer.kind <= DEMO_SHOP || customer.kind == DEMO_SOLAR;
        cell(file, person ? S("person") : S("organisation"));
        buf_init_fixed(&text, memory, sizeof memory);
        demo_name(&customer, &text);
        cell(file, buf_str(&text));
        buf_reset(&text);
        demo_phone(&customer, &text);
        cell(file, buf_str(&text));
        buf_reset(&text);
        demo_address(&customer, &text);
        cell(file, buf_str(&text));
        row(file);
    }
    return take(file, &import_kind_parties, err);
}

/* Masts share one account; everybody else pays alone. */
static void account_code(const struct demo *demo, const struct demo_customer *customer,
                         char out[DEMO_CODE_BYTES])
{
    struct buf buf;
    demo_agreement_code(demo, customer->index, out);
    if (customer->kind != DEMO_MAST) return;
    buf_init_fixed(&buf, out, DEMO_CODE_BYTES);
    buf_printf(&buf, "%s-VT", demo->unit.code);
}

static err_t take_accounts(struct file *file, struct err *err)
{
    bool masts = false;
    header(file, S("code,payer,from"));
    for (int64_t i = 0; i < file->demo->unit.customers; i++) {
        struct demo_customer customer = demo_customer_of(file->demo, i);
        if (customer.kind == DEMO_MAST && masts) continue;
        masts = masts || customer.kind == DEMO_MAST;
        char code[DEMO_CODE_BYTES], payer[DEMO_CODE_BYTES];
        account_code(file->demo, &customer, code);
        demo_agreement_code(file->demo, i, payer);
        cell(file, str_of(code));
        cell(file, str_of(payer));
        cell_day(file, customer.supply_from_day);
        row(file);
    }
    return take(file, &import_kind_accounts, err);
}

static err_t take_agreements(struct file *file, struct err *err)
{
    header(file, S("code,account,holder,from,purpose,sensitive"));
    for (int64_t i = 0; i < file->demo->unit.customers; i++) {
        struct demo_customer customer = demo_customer_of(file->demo, i);
        char code[DEMO_CODE_BYTES], account[DEMO_CODE_BYTES];
        demo_agreement_code(file->demo, i, code);
        account_code(file->demo, &customer, account);
        cell(file, str_of(code));
        cell(file, str_of(account));
        cell(file, str_of(code));
        cell_day(file, customer.supply_from_day);
        cell(file, customer.kind <= DEMO_LODGING ? S("sinh hoạt") : S("ngoài sinh hoạt"));
        cell(file, customer.kind == DEMO_SCHOOL ? S("school") : S(""));
        row(file);
    }
    return take(file, &import_kind_agreements, err);
}

static err_t take_books(struct file *file, struct err *err)
{
    header(file, S("code,name,periods,reading_day"));
    for (int64_t i = 0; i < file->demo->unit.customers; i += DEMO_BOOK_CUSTOMERS) {
        char code[DEMO_CODE_BYTES];
        int year, month, day_of_month;
        demo_book_code(i, code);
        civil_from_day(demo_reading_day(i, file->demo->first_month), &year, &month, &day_of_month);
        buf_printf(&file->csv, "%s,Sổ mẫu %d,1,%d\n", code, (int)(i / DEMO_BOOK_CUSTOMERS) + 1,
                   day_of_month);
    }
    return take(file, &import_kind_books, err);
}

static err_t take_points(struct file *file, struct err *err)
{
    header(file, S("code,agreement,book,route_order,place,address,station,phase,demand_kw,"
                   "unmetered_kwh,from"));
    for (int64_t i = 0; i < file->demo->unit.customers; i++) {
        struct demo_customer customer = demo_customer_of(file->demo, i);
        char code[DEMO_CODE_BYTES], memory[256];
        struct buf text;
        demo_point_code(file->demo, i, code);
        cell(file, str_of(code));
        demo_agreement_code(file->demo, i, code);
        cell(file, str_of(code));
        demo_book_code(i, code);
        cell(file, str_of(code));
        cell_i64(file, i % DEMO_BOOK_CUSTOMERS + 1);
        buf_init_fixed(&text, memory, sizeof memory);
        buf_printf(&text, "TM%02d", (int)(i / STATION_CUSTOMERS % DEMO_COMMUNES) + 1);
        cell(file, buf_str(&text));
        buf_reset(&text);
        demo_address(&customer, &text);
        cell(file, buf_str(&text));
        buf_reset(&text);
        buf_printf(&text, "T%04d", (int)(i / STATION_CUSTOMERS) + 1);
        cell(file, buf_str(&text));
        cell(file, customer.multiplier > 1 ? S("ABC") : str_sub(S("ABC"), (size_t)i % 3, 1));
        cell(file, customer.three_registers ? S("160") : S(""));
        cell(file, demo_has_meter(&customer) ? S("") : S("900"));
        cell_day(file, customer.supply_from_day);
        row(file);
    }
    return take(file, &import_kind_points, err);
}

static struct str uses_of(enum demo_kind kind)
{
    switch (kind) {
    case DEMO_SHOP:
    case DEMO_MAST: return S("KD:LT6:100%");
    case DEMO_WORKSHOP: return S("SX:LT6:100%");
    case DEMO_OFFICE: return S("HC_CS:LT6:70%;KD:LT6:30%");
    case DEMO_SCHOOL: return S("HC_BV:LT6:100%");
    case DEMO_THREE_PRICE: return S("SX:22_110:100%");
    case DEMO_STREET_LIGHT: return S("HC_CS:LT6:100%");
    case DEMO_COOPERATIVE: return S("BB_NT_SH:-:92%;BB_NT_KHAC:-:8%");
    default: return S("SH:-:100%");
    }
}

static err_t take_uses(struct file *file, struct err *err)
{
    header(file, S("point,uses,from,proof"));
    for (int64_t i = 0; i < file->demo->unit.customers; i++) {
        struct demo_customer customer = demo_customer_of(file->demo, i);
        char code[DEMO_CODE_BYTES];
        demo_point_code(file->demo, i, code);
        cell(file, str_of(code));
        cell(file, uses_of(customer.kind));
        cell_day(file, customer.supply_from_day);
        cell(file, S("biên bản áp giá mẫu"));
        row(file);
    }
    return take(file, &import_kind_uses, err);
}

static err_t take_households(struct file *file, struct err *err)
{
    header(file, S("point,households,lodgers_undeclared,from,proof"));
    for (int64_t i = 0; i < file->demo->unit.customers; i++) {
        struct demo_customer customer = demo_customer_of(file->demo, i);
        if (customer.household_quarters == 4 && !customer.lodgers_undeclared) continue;
        char code[DEMO_CODE_BYTES], memory[24];
        struct buf text;
        demo_point_code(file->demo, i, code);
        cell(file, str_of(code));
        buf_init_fixed(&text, memory, sizeof memory);
        buf_printf(&text, "%ld.%02ld", (long)(customer.household_quarters / 4),
                   (long)(customer.household_quarters % 4 * 25));
        cell(file, buf_str(&text));
        cell(file, customer.lodgers_undeclared ? S("1") : S("0"));
        cell_day(file, customer.supply_from_day);
        cell(file, S("giấy xác nhận mẫu"));
        row(file);
    }
    return take(file, &import_kind_households, err);
}

static void meter_row(struct file *file, const struct demo_customer *customer, int generation)
{
    char serial[DEMO_CODE_BYTES], point[DEMO_CODE_BYTES], date[DATE_TEXT_BYTES];
    demo_meter_serial(file->demo, customer->index, generation, serial);
    demo_point_code(file->demo, customer->index, point);
    bool large = customer->multiplier > 1;
    buf_printf(&file->csv, "%s,MAU,%s,%d,%s,%d,%d,%d,%d,%s,%ld,", serial,
               customer->electronic ? "DT01M" : "CV140", large ? 3 : 1,
               customer->three_registers ? "BT/CD/TD+VC" : "KT", demo_digits(customer),
               demo_decimals(customer), customer->electronic, customer->electronic, point,
               (long)customer->multiplier);
    if (generation == 1)
        buf_printf(&file->csv, "%s 10:30,\n", day_text(customer->exchange_day, date).p);
    else if (customer->exchange_day == 0)
        buf_printf(&file->csv, "%s 00:00,\n", day_text(customer->supply_from_day, date).p);
    else {
        buf_printf(&file->csv, "%s 00:00,", day_text(customer->supply_from_day, date).p);
        buf_printf(&file->csv, "%s 10:00\n", day_text(customer->exchange_day, date).p);
    }
}

static err_t take_meters(struct file *file, struct err *err)
{
    err_t e = OK;
    for (int generation = 0; generation < 2 && e == OK; generation++) {
        header(file, S("serial,maker,type,phases,registers,digits,decimals,electronic,remote,"
                       "point,multiplier,hung_at,removed_at"));
        for (int64_t i = 0; i < file->demo->unit.customers; i++) {
            struct demo_customer customer = demo_customer_of(file->demo, i);
            if (!demo_has_meter(&customer) || (generation == 1 && customer.exchange_day == 0))
                continue;
            meter_row(file, &customer, generation);
        }
        e = take(file, &import_kind_meters, err);
    }
    return e;
}

/* Roofs: the other direction of a point is a point of its own, in no book and without agreement. */
static err_t take_roofs(struct file *file, struct err *err)
{
    size_t count = 0;
    header(file, S("code,export_of,from"));
    for (int64_t i = 0; i < file->demo->unit.customers; i++) {
        struct demo_customer customer = demo_customer_of(file->demo, i);
        char code[DEMO_CODE_BYTES];
        if (!customer.roof) continue;
        count++;
        demo_export_code(file->demo, i, code);
        cell(file, str_of(code));
        demo_point_code(file->demo, i, code);
        cell(file, str_of(code));
        cell_day(file, customer.supply_from_day);
        row(file);
    }
    return count == 0 ? OK : take(file, &import_kind_points, err);
}

static err_t take_export_meters(struct file *file, struct err *err)
{
    size_t count = 0;
    header(file, S("serial,maker,type,phases,registers,digits,decimals,electronic,remote,"
                   "point,role,multiplier,hung_at"));
    for (int64_t i = 0; i < file->demo->unit.customers; i++) {
        struct demo_customer customer = demo_customer_of(file->demo, i);
        char serial[DEMO_CODE_BYTES], point[DEMO_CODE_BYTES], date[DATE_TEXT_BYTES];
        if (!customer.roof) continue;
        count++;
        demo_meter_serial(file->demo, i, DEMO_EXPORT_METER, serial);
        demo_export_code(file->demo, i, point);
        buf_printf(&file->csv, "%s,MAU,%s,1,KT,%d,%d,%d,%d,%s,export,%ld,%s 00:00\n", serial,
                   customer.electronic ? "DT01M" : "CV140", demo_digits(&customer),
                   demo_decimals(&customer), customer.electronic, customer.electronic, point,
                   (long)customer.multiplier, day_text(customer.supply_from_day, date).p);
    }
    return count == 0 ? OK : take(file, &import_kind_meters, err);
}

err_t demo_register(struct demo *demo, struct err *err)
{
    static err_t (*const parts[])(struct file *, struct err *) = {
        take_units,      take_sellers,    take_places, take_network,      take_parties,
        take_accounts,   take_agreements, take_books,  take_points,       take_uses,
        take_households, take_meters,     take_roofs,  take_export_meters};
    struct file file = {.demo = demo};
    buf_init(&file.csv, FILE_BYTES_MAX);
    err_t e = OK;
    for (size_t i = 0; i < ARRAY_COUNT(parts) && e == OK; i++) e = parts[i](&file, err);
    buf_release(&file.csv);
    if (e != OK) return e;
    return db_get_i64(demo->db, "SELECT unit_id FROM unit WHERE code = $1",
                      ARGS(v_text(str_of(demo->unit.code))), &demo->unit.unit_id, err);
}
