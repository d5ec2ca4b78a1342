/* SPDX-License-Identifier: Apache-2.0 */
/* Customers: agreements with their account and the person who holds them. */
#include "api/call.h"
#include "base/date.h"
#include "identity/mask.h"
#include "registry/agreement_view.h"
#include "registry/registry_view.h"

/* clang-format off */
#define HOLDER(F, R) \
    F(R, kind,     CHOICE("person|organisation"), ALWAYS, "Cá nhân hay tổ chức", "Kind") \
    F(R, name,     PERSONAL(mask_name), ALWAYS, "Tên", "Name") \
    F(R, tax_code, PERSONAL(mask_phone), MAY, "Mã số thuế", "Tax code") \
    F(R, phone,    PERSONAL(mask_phone), MAY, "Điện thoại", "Phone") \
    F(R, email,    PERSONAL(mask_email), MAY, "Thư điện tử", "E-mail") \
    F(R, address,  PERSONAL(mask_address), MAY, "Địa chỉ liên hệ", "Contact address")
API_SCHEMA(customer_holder, HOLDER);

#define CUSTOMER(F, R) \
    F(R, code,      TEXT(0, 32), ALWAYS, "Mã khách hàng", "Customer code") \
    F(R, unit,      TEXT(0, 32), ALWAYS, "Đơn vị", "Unit") \
    F(R, account,   TEXT(0, 32), MAY, "Tài khoản thanh toán", "Account that pays") \
    F(R, signed_on, DAY, MAY, "Ngày ký hợp đồng", "Day of signing") \
    F(R, holder,    OBJECT(customer_holder), MAY, "Chủ hợp đồng", "Holder of the agreement")
API_SCHEMA(customer_answer, CUSTOMER);

#define CUSTOMERS_ASKED(F, R) \
    F(R, unit, TEXT(1, 32), QUERY_MAY, "Mã đơn vị; khách hàng bỏ trống để xem của mình", \
      "Code of the unit; customers leave it out and see their own")
API_SCHEMA(customers_asked, CUSTOMERS_ASKED);

#define CUSTOMER_ASKED(F, R) \
    F(R, code, TEXT(1, 32), PATH, "Mã khách hàng", "Customer code")
API_SCHEMA(customer_asked, CUSTOMER_ASKED);
/* clang-format on */

static struct api_personal personal(struct api_call *call, struct str text, bool open)
{
    return (struct api_personal){arena_str(call->arena, text), open};
}

static err_t fill(struct api_call *call, const struct agreement_row *row,
                  struct customer_answer *out)
{
    struct arena *arena = call->arena;
    bool open = false;
    err_t e = api_open(call, row->unit_id, row->agreement_id, &open);
    if (e != OK) return e;
    *out = (struct customer_answer){.code = arena_str(arena, row->code),
                                    .unit = arena_str(arena, row->unit_code),
                                    .account = arena_str(arena, row->account_code),
                                    .signed_on = API_NO_DAY};
    if (row->signed_on.n > 0 && !day_parse(row->signed_on, &out->signed_on))
        out->signed_on = API_NO_DAY;
    if (row->name.n == 0) return OK;
    struct customer_holder *holder = ARENA_NEW(arena, struct customer_holder);
    if (holder == NULL) return err_memory(call->err);
    *holder = (struct customer_holder){.kind = arena_str(arena, row->kind),
                                       .name = personal(call, row->name, open),
                                       .tax_code = personal(call, row->tax_code, open),
                                       .phone = personal(call, row->phone, open),
                                       .email = personal(call, row->email, open),
                                       .address = personal(call, row->address, open)};
    out->holder = holder;
    return OK;
}

/* ---- lists -------------------------------------------------------------------------------- */

struct listing {
    struct api_call *call;
    err_t failed;
};

static err_t take_agreement(void *context, const struct agreement_row *row, struct err *err)
{
    struct api_call *call = context;
    struct customer_answer *out =
        api_add(call, ARGS(v_i64(row->unit_id), v_i64(row->agreement_id)));
    (void)err;
    return out == NULL ? OK : fill(call, row, out);
}

/* What a login sees, behind the last of the page before. */
static void take_supply(void *context, const struct login_supply_row *row)
{
    struct listing *l = context;
    struct api_call *call = l->call;
    const struct value *after = call->page.after;
    const struct login_supply *s = &row->supply;
    struct agreement_row agreement;
    if (l->failed != OK || s->unit_id < after[0].i64 ||
        (s->unit_id == after[0].i64 && s->agreement_id <= after[1].i64))
        return;
    struct customer_answer *out = api_add(call, ARGS(v_i64(s->unit_id), v_i64(s->agreement_id)));
    if (out == NULL) return;
    l->failed = agreement_show(call->db, call->arena, s->unit_id, s->agreement_id,
                               call->caller.today, &agreement, call->err);
    if (l->failed == OK) l->failed = fill(call, &agreement, out);
}

static err_t refuse_without_unit(struct api_call *call)
{
    err_set(call->err, E_INPUT, "unit", "Thiếu mã đơn vị", "The code of the unit is missing");
    return err_hint(call->err, "Thêm ?unit=MÃ", "Add ?unit=CODE");
}

static err_t list(struct api_call *call, const void *asked, void *answer)
{
    const struct customers_asked *in = asked;
    struct listing listing = {call, OK};
    int64_t unit_id = 0;
    (void)answer;
    if (call->caller.kind == CALLER_CUSTOMER) {
        err_t e = login_supplies_each(call->db, call->caller.login_id, call->caller.today,
                                      take_supply, &listing, call->err);
        return e == OK ? listing.failed : e;
    }
    if (in->unit.n == 0) return refuse_without_unit(call);
    err_t e = api_unit(call, in->unit, &unit_id);
    if (e != OK) return e;
    return agreement_page(call->db, unit_id, call->page.after[1].i64, api_rows(call),
                          call->caller.today, take_agreement, call, call->err);
}

static err_t show(struct api_call *call, const void *asked, void *answer)
{
    const struct customer_asked *in = asked;
    struct agreement_row row;
    int64_t unit_id, agreement_id;
    err_t e = agreement_by_code(call->db, in->code, &unit_id, &agreement_id, call->err);
    if (e != OK) return api_hidden(call, e);
    e = api_agreement(call, unit_id, agreement_id, LOGIN_SEES_BILLS);
    if (e == OK)
        e = agreement_show(call->db, call->arena, unit_id, agreement_id, call->caller.today, &row,
                           call->err);
    return e == OK ? fill(call, &row, answer) : e;
}

static const struct api_operation operations[] = {
    {.method = HTTP_GET,
     .pattern = "/api/v1/customers",
     .id = "customer.list",
     .vi = "Khách hàng của một đơn vị",
     .en = "Customers of a unit",
     .asked = &customers_asked_schema,
     .answer = &customer_answer_schema,
     .handle = list,
     .flags = API_PAGED | API_OF_MANY,
     .permission = PERMISSION_BILL_READ,
     .customers = true,
     .keys = "ii"},
    {.method = HTTP_GET,
     .pattern = "/api/v1/customers/{code}",
     .id = "customer.show",
     .vi = "Một khách hàng",
     .en = "One customer",
     .asked = &customer_asked_schema,
     .answer = &customer_answer_schema,
     .handle = show,
     .flags = API_TAGGED,
     .permission = PERMISSION_BILL_READ,
     .customers = true},
};
API_RESOURCE(customers, "Khách hàng", "Customers", operations);
