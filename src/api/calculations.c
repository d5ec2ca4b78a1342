/* SPDX-License-Identifier: Apache-2.0 */
#include "api/calculations.h"

#include "base/refusal.h"
#include "http/site.h"
#include "tariff/answer.h"

static err_t calculate(struct http_request *request, struct http_response *response,
                       struct err *err)
{
    response->type = "application/json";
    err_t e =
        calc_answer(site_of(request)->book, request->arena, request->body, response->body, err);
    if (e == OK) buf_add_char(response->body, '\n');
    return e;
}

static const struct http_route routes[] = {
    {HTTP_POST, "/api/v1/bill-calculations", calculate, REQUEST_MAX_BYTES,
     HTTP_JSON | HTTP_EXACT_ERROR, NULL},
};
const struct http_routes api_calculation_routes = {routes, ARRAY_COUNT(routes)};
