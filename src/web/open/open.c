/* SPDX-License-Identifier: Apache-2.0 */
#include "web/open/open.h"

#include "web/assets.h"
#include "web/portal/portal.h"

/* ---- is a bill genuine? ------------------------------------------------------------------ */

static err_t verify_page(struct visit *visit)
{
    return show_verify(&visit->show, &(struct show_verify){.number = visit_field(visit, S("so")),
                                                           .code = visit_field(visit, S("ma"))});
}

static err_t check_typed(struct visit *visit, struct str number, struct str code)
{
    char read[VERIFICATION_CODE_BYTES];
    if (number.n == 0) {
        err_set(visit->err, E_INPUT, "number", "Chưa có số hóa đơn",
                "The number of the bill is missing");
        return err_hint(visit->err, "Chép số ở cuối hóa đơn",
                        "Copy the number at the foot of the bill");
    }
    if (verification_code_read(code, read)) return OK;
    err_set(visit->err, E_INPUT, "code", "Mã kiểm chứng có 12 chữ và số",
            "A verification code has 12 letters and digits");
    return err_hint(visit->err, "Chép đủ mã, ví dụ A1B2-C3D4-E5F6",
                    "Copy all of it, such as A1B2-C3D4-E5F6");
}

static err_t verify(struct visit *visit)
{
    struct verification answer = {.genuine = false};
    struct show_verify page = {.demonstration = visit->site->demonstration,
                               .number = str_trim(visit_field(visit, S("number"))),
                               .code = str_trim(visit_field(visit, S("code"))),
                               .answer = &answer};
    err_t e = check_typed(visit, page.number, page.code);
    if (e == OK) {
        page.asked = true;
        e = verification_prove(visit->db, visit->arena, page.number, page.code, &answer,
                               visit->err);
    }
    if (e == E_INPUT) page.refused = visit->err;
    else if (e != OK) return e;
    return show_verify(&visit->show, &page);
}

/* ---- help, and files --------------------------------------------------------------------- */

/* With the telephone of their unit for customers who are signed in. */
static err_t help(struct visit *visit)
{
    struct portal_supplies *list;
    err_t e = visit->login_id != 0 ? portal_supplies(visit, &list) : OK;
    if (e == OK && visit->login_id != 0 && list->chosen != NULL)
        e = portal_seller(visit, list->chosen->unit_id);
    return e == OK ? show_help(&visit->show) : e;
}

static err_t send_asset(struct http_request *request, struct http_response *response,
                        struct err *err)
{
    const struct web_asset *found = web_asset_find(request->segment[0]);
    if (found == NULL) {
        err_set(err, E_NOT_FOUND, "path", "Không có tệp này", "There is no such file");
        return err_hint(err, "Tải lại trang để lấy phiên bản mới",
                        "Load the page again to get its new version");
    }
    const struct http_asset asset = {.path = request->path.p,
                                     .type = found->type.p,
                                     .tag = found->etag.p,
                                     .plain = found->bytes,
                                     .gzip = found->packed,
                                     .immutable = true};
    http_send_asset(request, response, &asset);
    return OK;
}

static const struct http_route routes[] = {
    PAGE("/kiem-chung", verify_page, OPEN),
    FORM("/kiem-chung", verify, OPEN),
    PAGE("/tro-giup", help, OPEN),
    {HTTP_GET, WEB_ASSETS_PATH "{tep}", send_asset, 0, 0, NULL},
};
const struct http_routes web_open_routes = {routes, ARRAY_COUNT(routes)};
