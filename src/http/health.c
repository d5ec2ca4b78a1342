/* SPDX-License-Identifier: Apache-2.0 */
/* What machines ask: is the process alive, may requests be sent to it, its figures. */
#include "http/server_int.h"
#include "store/store.h"

static err_t alive(struct http_request *request, struct http_response *response, struct err *err)
{
    (void)request;
    (void)err;
    response->type = "text/plain; charset=utf-8";
    response->constant = S("ok\n");
    return OK;
}

static err_t ready(struct http_request *request, struct http_response *response, struct err *err)
{
    struct db *db;
    int64_t version = 0;
    err_t e = http_db(request, &db, err);
    if (e == OK) e = store_version(db, &version, err);
    if (e != OK) return e;
    if (atomic_load(&request->thread->server->stopping)) response->status = 503;
    response->type = "text/plain; charset=utf-8";
    response->constant = response->status == 200 ? S("ready\n") : S("stopping\n");
    if (version == store_version_of_program()) return OK;
    response->status = 503;
    response->constant = S("the store and the program differ in version\n");
    return OK;
}

static err_t metrics(struct http_request *request, struct http_response *response, struct err *err)
{
    (void)err;
    response->type = "text/plain; version=0.0.4; charset=utf-8";
    metrics_write(request->thread->server, response->body);
    return OK;
}

static const struct http_route routes[] = {
    {HTTP_GET, "/healthz", alive, 0, HTTP_QUIET, NULL},
    {HTTP_GET, "/readyz", ready, 0, HTTP_QUIET, NULL},
    {HTTP_GET, "/metrics", metrics, 0, HTTP_INSIDE | HTTP_QUIET, NULL},
};
const struct http_routes http_health_routes = {routes, ARRAY_COUNT(routes)};
