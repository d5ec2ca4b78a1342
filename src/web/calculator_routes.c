/* SPDX-License-Identifier: Apache-2.0 */
#include "web/calculator_routes.h"

/* From embed_page.sh: "/", "/sw.js" and everything in "/assets/". */
extern const struct http_asset web_calculator_assets[];
extern const size_t web_calculator_asset_count;

static err_t send_file(struct http_request *request, struct http_response *response,
                       struct err *err)
{
    for (size_t i = 0; i < web_calculator_asset_count; i++) {
        if (!str_equal(str_of(web_calculator_assets[i].path), request->path)) continue;
        http_send_asset(request, response, &web_calculator_assets[i]);
        return OK;
    }
    err_set(err, E_NOT_FOUND, "path", "Không có tệp này", "There is no such file");
    return err_hint(err, "Tải lại trang để lấy phiên bản mới",
                    "Load the page again to get its new "
                    "version");
}

static err_t send_on(struct http_request *request, struct http_response *response, struct err *err)
{
    return http_redirect(request, response, S("/"), err);
}

static const struct http_route routes[] = {
    {HTTP_GET, "/", send_file, 0, 0, NULL},
    {HTTP_GET, "/sw.js", send_file, 0, 0, NULL},
    {HTTP_GET, "/assets/{tep}", send_file, 0, 0, NULL},
    {HTTP_GET, "/tinh-dien", send_on, 0, 0, NULL},
    {HTTP_GET, "/tinh-dien/", send_on, 0, 0, NULL},
};
const struct http_routes web_calculator_routes = {routes, ARRAY_COUNT(routes)};
